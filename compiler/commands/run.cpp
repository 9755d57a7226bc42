// `ecc run FILE|REF [ecc-run options] [-- arguments]`: fetches the package if need be and becomes ecc-run.

#include "compiler/commands/registry_options.h"
#include "compiler/commands/runner.h"

namespace ecc {
namespace {

constexpr const char* usage = "ecc run [--plain-http] FILE|REF [ecc-run options] [-- arguments]";

constexpr const char* explanation = R"(
usage: ecc run [--plain-http] FILE|REF [ecc-run options] [-- arguments]

FILE is a package, REF one in a registry or layout (HOST/NAME:TAG, oci:DIR:TAG); a file of that name wins; - is
standard input. What follows goes to ecc-run unchanged (`ecc-run --help` lists its options), and from there what follows
-- to the program. The exit status is the program's own, 125 if it never began.

  ecc run opensnoop.wasm -- --json
  ecc run ghcr.io/me/xdp-count:1 --allow act -- eth0
  ecc run --verify-key key.pub ghcr.io/me/opensnoop:1)";

struct Options {
    std::string verify_key;
    StoreOptions store;
};

/// `words` is FILE|REF and what follows it.
CommandResult run(const std::vector<std::string>& words, const Options& options) {
    if (words.empty() || (words[0].starts_with("-") && words[0] != "-"))
        return usage_error("FILE or REF is missing, or stands behind an option for ecc-run", usage);
    ECC_TRY(auto runner, find_runner());
    ECC_TRY(auto source, find_package_source(words[0]));

    std::vector<std::string> command = {runner.filename()};
    command.insert(command.end(), words.begin(), words.end());
    if (!source.reference && !options.verify_key.empty())
        return usage_error(
            words[0] + " is a file, and signatures are kept beside artifacts in registries and layouts",
            "name the artifact, or leave --verify-key out");
    if (!source.reference)
        return std::unexpected(become(runner, command));
    ECC_TRY(auto artifact, open_artifact(*source.reference, options.store, options.verify_key));
    ECC_TRY(auto file, PrivateFile::download(artifact));
    command[1] = file.path();
    return std::unexpected(become(runner, command));
}

} // namespace

CommandBody define_run(CLI::App& app, const Diagnostics& diagnostics) {
    auto options = std::make_shared<Options>();
    app.add_option("--verify-key", options->verify_key, "only what is signed with this key's private half")
        ->type_name("PEM");
    add_connection_options(app, options->store, diagnostics);
    app.prefix_command(); // the first word that is no option ends ours: all words from there on remain
    app.footer(explanation);
    return [options, &app] { return run(app.remaining(), *options); };
}

} // namespace ecc
