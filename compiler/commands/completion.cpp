// `ecc completion SHELL`: what bash, zsh or fish read at their start.

#include "support/completion.h"

#include "compiler/commands/command.h"
#include "compiler/commands/runner.h"
#include "compiler/guest/tool.h"
#include "support/output.h"

#include <memory>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
For `ecc` and for `ecc-run`, whose options `ecc run` takes too.

  ecc completion bash > /etc/bash_completion.d/ecc     or in ~/.bashrc: source <(ecc completion bash)
  ecc completion zsh >> ~/.zshrc
  ecc completion fish > ~/.config/fish/completions/ecc.fish)";

constexpr const char* runner_name = "ecc-run";

CompletedCommand describe(const Command& command, const Diagnostics& diagnostics) {
    CLI::App app(std::string(command.summary));
    const CommandBody body = command.define(app, diagnostics);
    CompletedCommand described = describe_command(app, std::string(command.name));
    if (app.get_prefix_command())
        described.passes_on_to = runner_name;
    return described;
}

/// `ecc` alone takes what its first command does.
CompletedCommand describe_program(const Diagnostics& diagnostics) {
    CompletedCommand program = describe(all_commands().front(), diagnostics);
    program.name = "ecc";
    program.options.push_back({.names = {"--version"}, .help = "print the version", .choices = {}});
    for (const Command& command : all_commands())
        program.commands.push_back(describe(command, diagnostics));
    return program;
}

/// What ecc-run says of itself; nothing if it is not there.
Result<std::string> script_of_runner(const std::string& shell) {
    const auto runner = find_runner();
    if (!runner)
        return std::string();
    ECC_TRY(const ToolAnswer answer, run_tool({{runner->string(), "--completion", shell}, ".", {}}, ""));
    return answer.output;
}

CommandResult run(const std::string& name, const Diagnostics& diagnostics) {
    const std::optional<Shell> shell = find_shell(name);
    if (!shell)
        return usage_error("there is no completion for " + name, "choose bash, zsh or fish");
    ECC_TRY(const std::string runner, script_of_runner(name));
    print_to(stdout, "{}{}", runner, completion_script(*shell, describe_program(diagnostics)));
    return 0;
}

} // namespace

CommandBody define_completion(CLI::App& app, const Diagnostics& diagnostics) {
    auto shell = std::make_shared<std::string>();
    app.add_option("SHELL", *shell, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    app.footer(explanation);
    return [shell, &diagnostics] { return run(*shell, diagnostics); };
}

} // namespace ecc
