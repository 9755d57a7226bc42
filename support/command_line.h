// What a command line that CLI11 refuses has wrong.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace ecc {

/// CLI11's text, except that an option which nobody knows is named before what is missing.
std::string command_line_fault(const CLI::App& app, const CLI::ParseError& error);

} // namespace ecc
