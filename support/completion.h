// Completion of command lines by bash, zsh and fish. In: a program's options as its parser knows them, so
// that no second list of them exists. Out: the text that the shell reads at its start.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

enum class Shell : std::uint8_t { bash, zsh, fish };

/// "bash", "zsh" or "fish".
std::optional<Shell> find_shell(std::string_view name);

enum class ValueKind : std::uint8_t { none, file, folder, choice, other };

/// An option, or a positional argument if it has no names.
struct CompletedOption {
    std::vector<std::string> names; ///< with their dashes
    std::string help;               ///< its first line
    ValueKind value = ValueKind::none;
    std::vector<std::string> choices;
};

struct CompletedCommand {
    std::string name;
    std::string help;
    std::vector<CompletedOption> options;
    std::vector<CompletedOption> positionals;
    std::vector<CompletedCommand> commands;
    std::string passes_on_to; ///< the program that takes the remaining words; empty if none does
};

/// The type name "{a,b}" of an option with these values, as CLI11 shows those of a check for membership.
std::string type_of_choices(const std::vector<std::string_view>& values);

/// Type names tell what a value is: FILE, FOLDER or DIR, and what type_of_choices() makes.
CompletedCommand describe_command(const CLI::App& app, std::string name);

/// For a program whose own options are those of its first command.
std::string completion_script(Shell shell, const CompletedCommand& program);

} // namespace ecc
