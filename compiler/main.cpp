// `ecc`: picks the command, parses its options, prints its error.

#include "compiler/commands/command.h"
#include "compiler/compiler_flags.h"
#include "support/standard_streams.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <vector>

namespace {

using namespace ecc;

constexpr std::array commands = {
    Command{"build", "compile BPF C and a user part into one .wasm package (the default)", define_build},
    Command{"gen", "print a skeleton, types or vmlinux.h", define_gen},
    Command{"inspect", "show what is inside a package", define_inspect},
    Command{"run", "run a package with ecc-run", define_run},
    Command{"push", "store a package in a registry, layout or archive", define_push},
    Command{"pull", "fetch a package from a registry, layout or archive", define_pull},
    Command{"cp", "copy an artifact or image between them", define_cp},
    Command{"resolve", "print the digest behind a tag", define_resolve},
    Command{"tag", "let more tags name an artifact", define_tag},
    Command{"tags", "list the tags of a repository", define_tags},
    Command{"attach", "store documents beside an artifact", define_attach},
    Command{"discover", "show what refers to an artifact", define_discover},
    Command{"manifest", "fetch, push or delete manifests as they are", define_manifest},
    Command{"blob", "fetch, push or delete content by its digest", define_blob},
    Command{"delete", "delete an artifact and its tags", define_delete},
    Command{"login", "log in to a registry", define_login},
    Command{"logout", "forget a login", define_logout},
};

constexpr std::string_view overview = R"(ecc turns eBPF programs into WebAssembly packages.

  ecc opensnoop.bpf.c                 compile; a user part that prints events is generated
  ecc bootstrap.bpf.c bootstrap.c     compile with a user part in C or C++
  ecc run opensnoop.wasm -- --json    run it on this kernel

usage: ecc [build] [OPTIONS] PROG.bpf.c [USER.c|USER.cpp ...]
       ecc COMMAND ...

commands:
)";

void print_overview() {
    fmt::print("{}", overview);
    for (const Command& command : commands)
        fmt::print("  {:<10}{}\n", command.name, command.summary);
    fmt::print("\n`ecc COMMAND --help` explains a command's options.\n"
               "Exit status: 0 done, 1 the input is at fault, 2 the command line, 3 the environment (kernel, "
               "registry,\n"
               "permission). `ecc run` returns the program's own status.\n");
}

const Command* find_command(std::string_view name) {
    auto found = std::ranges::find(commands, name, &Command::name);
    return found == commands.end() ? nullptr : &*found;
}

int run_command(const Command& command, std::vector<std::string> arguments) {
    const Diagnostics diagnostics("ecc", stderr);
    CLI::App app(std::string(command.summary), fmt::format("ecc {}", command.name));
    CommandBody body = command.define(app, diagnostics);
    try {
        arguments = with_long_options(std::move(arguments));
        std::ranges::reverse(arguments); // CLI11 takes them last first
        app.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0)
            return app.exit(error);
        diagnostics.error({Fault::usage, {}, error.what(), fmt::format("ecc {} --help", command.name)});
        return static_cast<int>(Fault::usage);
    }
    CommandResult result = body();
    if (result)
        return *result;
    diagnostics.error(result.error());
    return static_cast<int>(result.error().fault);
}

} // namespace

int main(int argc, char** argv) {
    occupy_standard_streams();
    std::signal(SIGPIPE, SIG_IGN);
    std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
        print_overview();
        return arguments.empty() ? static_cast<int>(Fault::usage) : 0;
    }
    if (arguments[0] == "--version") {
        fmt::print("ecc {}\n", ECC_VERSION);
        return 0;
    }
    if (const Command* command = find_command(arguments[0])) {
        arguments.erase(arguments.begin());
        return run_command(*command, std::move(arguments));
    }
    return run_command(commands[0], std::move(arguments));
}
