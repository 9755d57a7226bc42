// `ecc run FILE|REF [ecc-run options] [-- arguments]`: fetches the package if need be and becomes ecc-run.

#include "compiler/commands/command.h"
#include "compiler/commands/runner.h"

namespace ecc {
namespace {

constexpr const char* explanation = R"(
A file of that name wins over a reference. What follows FILE|REF goes to ecc-run unchanged (`ecc-run --help` lists its
options); what follows -- goes to the program. The exit status is ecc-run's.

  ecc run opensnoop.wasm -- --json
  ecc run ghcr.io/me/xdp-count:1 --allow act -- eth0)";

struct Arguments {
    std::string source;
    bool plain_http = false;
};

CommandResult run(const Arguments& arguments, const std::vector<std::string>& passed_on) {
    if (arguments.source.empty())
        return usage_error("FILE or REF is missing, or stands behind an option for ecc-run",
                           "ecc run FILE|REF [ecc-run options] [-- arguments]");
    ECC_TRY(auto runner, find_runner());
    ECC_TRY(auto source, find_package_source(arguments.source));

    std::vector<std::string> command = {runner.filename(), source.text};
    command.insert(command.end(), passed_on.begin(), passed_on.end());
    if (!source.reference)
        return std::unexpected(become(runner, command));
    ECC_TRY(auto artifact, open_artifact(*source.reference, arguments.plain_http));
    ECC_TRY(auto file, PrivateFile::download(artifact));
    command[1] = file.path();
    return std::unexpected(become(runner, command));
}

} // namespace

CommandBody define_run(CLI::App& app, const Diagnostics&) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FILE|REF", arguments->source, "a package, or HOST/NAME:TAG or oci:DIR:TAG");
    app.add_flag("--plain-http", arguments->plain_http, "speak HTTP without TLS to the registry");
    app.prefix_command(); // the first option that is not ours begins what goes to ecc-run
    app.footer(explanation);
    return [arguments, &app] { return run(*arguments, app.remaining()); };
}

} // namespace ecc
