// What a command line that CLI11 refuses has wrong.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace ecc {

/// The program and the commands that were given, up to the innermost: "ecc manifest fetch-config".
std::string command_path(const CLI::App& app);

/// CLI11's text, except that an option which nobody knows is named before what is missing, and
/// likewise a command.
std::string command_line_fault(const CLI::App& app, const CLI::ParseError& error);

} // namespace ecc
