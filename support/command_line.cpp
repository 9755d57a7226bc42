#include "support/command_line.h"

#include <CLI/CLI.hpp>

namespace ecc {

std::string command_line_fault(const CLI::App& app, const CLI::ParseError& error) {
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr)
        for (const std::string& word : app.remaining(true))
            if (word.starts_with('-') && word.size() > 1)
                return CLI::ExtrasError(app.get_name(), {word}).what();
    return error.what();
}

} // namespace ecc
