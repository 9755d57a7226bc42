// A command of `ecc`: one file each, listed in compiler/command_table.cpp. CLI11 options give parsing, help
// and completion.
#pragma once

#include "support/diagnostics.h"
#include "support/result.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace ecc {

/// What a command returns: the exit status, 0 unless the command passes on a guest's.
using CommandResult = Result<int>;
using CommandBody = std::function<CommandResult()>;

struct Command {
    std::string_view name;
    std::string_view summary;
    /// Adds the options to `app` and returns what to run once they are parsed.
    CommandBody (*define)(CLI::App& app, const Diagnostics& diagnostics);
    std::optional<int> failure_status; ///< if not the number of the error's fault
};

/// `ecc run` passes on a guest's status, so what is no guest's has a number that guests do not use (as
/// docker's).
inline constexpr int run_failure_status = 125;

/// In the order of the overview; the first is what `ecc FILE...` means.
std::span<const Command> all_commands();

CommandBody define_build(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_gen(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_inspect(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_push(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_pull(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_attest(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_attach(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_blob(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_completion(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_cp(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_delete(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_discover(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_login(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_logout(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_manifest(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_resolve(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_tag(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_tags(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_sign(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_verify(CLI::App& app, const Diagnostics& diagnostics);
CommandBody define_run(CLI::App& app, const Diagnostics& diagnostics);

} // namespace ecc
