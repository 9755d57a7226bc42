// `ecc`: picks the command, parses its options, prints its error.

#include "compiler/clang_arguments.h"
#include "compiler/commands/command.h"
#include "support/command_line.h"
#include "support/output.h"
#include "support/standard_streams.h"
#include "support/write_signals.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <new>
#include <unistd.h>
#include <vector>

namespace {

using namespace ecc;

constexpr std::string_view overview = R"(ecc turns eBPF programs into WebAssembly packages.

  ecc opensnoop.bpf.c                 compile; a user part that prints events is generated
  ecc bootstrap.bpf.c bootstrap.c     compile with a user part in C or C++
  ecc run opensnoop.wasm -- --json    run it on this kernel

usage: ecc [build] [OPTIONS] PROG.bpf.c [USER.c|USER.cpp ...]
       ecc COMMAND ...

commands:
)";

void print_overview() {
    print_to(stdout, "{}", overview);
    for (const Command& command : all_commands())
        print_to(stdout, "  {:<10}  {}\n", command.name, command.summary);
    print_to(stdout,
             "\n`ecc COMMAND --help` explains a command's options.\n"
             "Exit status: 0 done, 1 the input is at fault, 2 the command line, 3 the environment (kernel, "
             "registry,\n"
             "permission). `ecc run` returns the program's own status, 125 if it never began.\n");
}

const Command* find_command(std::string_view name) {
    const auto found = std::ranges::find(all_commands(), name, &Command::name);
    return found == all_commands().end() ? nullptr : &*found;
}

bool compiles(const Command& command) {
    return command.define == define_build || command.define == define_gen;
}

constexpr std::string_view naming_types[] = {"FILE", "FOLDER", "PEM", "IMAGE", "NAME", "URI", "[/VARIANT]"};

bool is_name(const CLI::Option& option) {
    return std::ranges::any_of(naming_types, [type = option.get_type_name()](std::string_view naming) {
        return type.ends_with(naming);
    });
}

/// A name that is "" comes of a variable that is not set; it must not count as an option that is not given.
void refuse_empty_names(CLI::App& app) {
    const auto check = [](const std::string& name) { return name.empty() ? "the name is empty" : ""; };
    for (CLI::Option* option : app.get_options())
        if (is_name(*option))
            option->check(check);
    for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; }))
        refuse_empty_names(*command);
}

CommandResult run_command(const Command& command, std::vector<std::string> arguments,
                          const Diagnostics& diagnostics) {
    CLI::App app(std::string(command.summary), fmt::format("ecc {}", command.name));
    CommandBody body = command.define(app, diagnostics);
    refuse_empty_names(app);
    if (compiles(command)) {
        ECC_TRY(arguments, read_clang_arguments(std::move(arguments)));
    }
    try {
        std::ranges::reverse(arguments); // CLI11 takes them last first
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return app.exit(error);
        return usage_error(command_line_fault(app, error), command_path(app) + " --help");
    }
    return body();
}

/// As any program ends whose output nobody reads.
[[noreturn]] void end_by_broken_pipe() {
    std::signal(SIGPIPE, SIG_DFL);
    std::raise(SIGPIPE);
    std::abort();
}

/// The exit status, once all output is out and the error said.
int finish(CommandResult result, std::optional<int> failure_status, const Diagnostics& diagnostics) {
    if (const Result<void> written = flush_output(); result && !written)
        result = std::unexpected(written.error());
    if (result)
        return *result;
    if (result.error().where == standard_output && is_output_abandoned())
        end_by_broken_pipe();
    diagnostics.error(result.error());
    return failure_status.value_or(static_cast<int>(result.error().fault));
}

int run(std::vector<std::string> arguments, const Diagnostics& diagnostics) {
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
        print_overview();
        return finish(arguments.empty() ? static_cast<int>(Fault::usage) : 0, {}, diagnostics);
    }
    if (arguments[0] == "--version") {
        print_to(stdout, "ecc {}\n", ECC_VERSION);
        return finish(0, {}, diagnostics);
    }
    const Command* command = find_command(arguments[0]);
    if (command)
        arguments.erase(arguments.begin());
    else
        command = &all_commands().front();
    return finish(run_command(*command, std::move(arguments), diagnostics), command->failure_status,
                  diagnostics);
}

/// Whoever allocates does not expect that it fails.
[[noreturn]] void end_without_memory() {
    constexpr std::string_view message = "ecc: error: memory ran out\n"
                                         "  try: more memory, or a higher limit: ulimit -v\n";
    static_cast<void>(::write(STDERR_FILENO, message.data(), message.size()));
    ::_exit(static_cast<int>(Fault::environment));
}

} // namespace

int main(int argc, char** argv) {
    occupy_standard_streams();
    std::set_new_handler(end_without_memory);
    std::signal(SIGCHLD, SIG_DFL); // if the parent ignores it, the end of children could not be waited for
    for (const int number : write_signals)
        std::signal(number, SIG_IGN);
    return run({argv + 1, argv + argc}, Diagnostics("ecc", stderr));
}
