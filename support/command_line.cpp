#include "support/command_line.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ecc {
namespace {

const CLI::App& innermost_command(const CLI::App& app) {
    const auto given = app.get_subcommands();
    return given.empty() ? app : innermost_command(*given.back());
}

std::vector<std::string> command_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(command->get_name());
    return names;
}

} // namespace

std::string command_path(const CLI::App& app) {
    const auto given = app.get_subcommands();
    return given.empty() ? app.get_name() : app.get_name() + " " + command_path(*given.back());
}

std::string command_line_fault(const CLI::App& app, const CLI::ParseError& error) {
    if (dynamic_cast<const CLI::RequiredError*>(&error) == nullptr)
        return error.what();
    const std::vector<std::string> unknown = app.remaining(true);
    for (const std::string& word : unknown)
        if (word.starts_with('-') && word.size() > 1)
            return CLI::ExtrasError(app.get_name(), {word}).what();
    if (const CLI::App& given = innermost_command(app);
        given.get_require_subcommand_min() > 0 && !unknown.empty())
        return fmt::format("\"{}\" is no command of {}; choose {}", unknown.front(), command_path(app),
                           fmt::join(command_names(given), ", "));
    return error.what();
}

} // namespace ecc
