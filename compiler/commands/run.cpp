// `ecc run FILE|REF [ecc-run options] [-- arguments]`: fetches the package if need be and becomes ecc-run.

#include "compiler/commands/key_files.h"
#include "compiler/commands/package_source.h"
#include "compiler/commands/registry_options.h"
#include "compiler/commands/runner.h"
#include "compiler/source_file.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* usage = "ecc run [OPTIONS] FILE|REF [ECC-RUN OPTIONS] [-- ARGUMENTS]";

constexpr const char* explanation = R"(
FILE is a package, REF one in a registry or layout (HOST/NAME:TAG, oci:DIR:TAG); a file of that name wins; - is
standard input. What follows goes to ecc-run unchanged (`ecc-run --help` lists its options), and from there what follows
-- to the program. The exit status is the program's own, 125 if it never began.

  ecc run opensnoop.wasm -- --json
  ecc run ghcr.io/me/xdp-count:1 --allow act -- eth0
  ecc run --verify-key key.pub ghcr.io/me/opensnoop:1
  ecc run --signatures ghcr.io/me/xdp-count:1      what the signer may do is in the policy

What was fetched is handed over in memory that nobody can change, with the digest that it must have; with --verify-key and
--signatures ecc-run gets the signatures too and checks them itself.)";

/// What stands behind our options is not declared, so that none of it is looked at.
class HelpFormatter : public CLI::Formatter {
    std::string make_usage(const CLI::App*, std::string) const override {
        return "Usage: " + std::string(usage) + "\n";
    }
};

struct Options {
    std::string verify_key;
    bool signatures = false;
    bool version = false;
    StoreOptions store;

    bool ask_who_signed() const { return signatures || !verify_key.empty(); }
};

/// What ecc-run is told about an artifact. The files are open until it has taken over.
class Handover {
public:
    Result<void> add_package(const OpenArtifact& artifact) {
        std::string digest;
        ECC_TRY(auto file, PrivateFile::from([&](const Sink& sink) -> Result<void> {
                    ECC_TRY(digest, download(artifact, sink));
                    return {};
                }));
        add(std::move(file));
        words_.insert(words_.end(), {"--expect-digest", digest});
        return {};
    }

    Result<void> add_text(const char* option, std::string_view text) {
        ECC_TRY(auto file, PrivateFile::of(text));
        words_.emplace_back(option);
        add(std::move(file));
        return {};
    }

    const std::vector<std::string>& words() const { return words_; }

private:
    void add(PrivateFile file) {
        words_.push_back(file.path());
        files_.push_back(std::move(file));
    }

    std::vector<std::string> words_;
    std::vector<PrivateFile> files_;
};

/// Without signatures that can be handed over nothing is: then the digest alone says what was verified, and
/// the policy sees a package that nobody signed.
Result<void> add_signatures(Handover& handover, const OpenArtifact& artifact,
                            const std::optional<PublicKey>& key, const Notice& notice) {
    const auto signatures = download_signatures(artifact, key, notice);
    if (!signatures && signatures.error().fault != Fault::input)
        return std::unexpected(signatures.error());
    if (!signatures)
        return {};
    ECC_CHECK(handover.add_text("--bundle", *signatures));
    return key ? handover.add_text("--verify-key", key->pem()) : Result<void>();
}

CommandResult run_artifact(const std::filesystem::path& runner, const Reference& reference,
                           const std::vector<std::string>& words, const Options& options) {
    ECC_TRY(const auto key, load_optional_key(options.verify_key));
    ECC_TRY(const auto artifact, open_artifact(reference, options.store, key));
    Handover handover;
    ECC_CHECK(handover.add_package(artifact));
    if (options.ask_who_signed())
        ECC_CHECK(add_signatures(handover, artifact, key, options.store.notice));
    std::vector<std::string> command = {runner.filename()};
    command.insert(command.end(), handover.words().begin(), handover.words().end());
    command.insert(command.end(), words.begin() + 1, words.end());
    return std::unexpected(become(runner, command));
}

/// Of the program that would run it.
CommandResult show_version() {
    ECC_TRY(const auto runner, find_runner());
    return std::unexpected(become(runner, {runner.filename(), "--version"}));
}

/// `words` is FILE|REF and what follows it.
CommandResult run(const std::vector<std::string>& words, const Options& options) {
    if (options.version)
        return show_version();
    if (words.empty() || (words[0].starts_with("-") && words[0] != "-"))
        return usage_error("FILE or REF is missing, or stands behind an option for ecc-run", usage);
    if (const std::string& name = words[0]; name.ends_with(".bpf.c"))
        return usage_error(name + " is a source, and packages are what runs",
                           fmt::format("ecc {0} -o {1}.wasm && ecc run {1}.wasm", name, source_stem(name)));
    ECC_TRY(auto runner, find_runner());
    ECC_TRY(auto source, find_package_source(words[0]));
    if (source.reference)
        return run_artifact(runner, *source.reference, words, options);
    if (options.ask_who_signed())
        return usage_error(
            words[0] + " is a file, and signatures are kept beside artifacts in registries and layouts",
            "name the artifact, or give the signatures behind the file: --bundle FILE --verify-key PEM");
    std::vector<std::string> command = {runner.filename()};
    command.insert(command.end(), words.begin(), words.end());
    return std::unexpected(become(runner, command));
}

} // namespace

CommandBody define_run(CLI::App& app, const Diagnostics& diagnostics) {
    auto options = std::make_shared<Options>();
    app.add_option("--verify-key", options->verify_key, "only what is signed with this key's private half")
        ->type_name("PEM");
    app.add_flag("--signatures", options->signatures,
                 "show ecc-run who signed it, for a policy that names signers");
    app.add_flag("--version", options->version, "print the version of ecc-run");
    add_connection_options(app, options->store, diagnostics);
    app.formatter(std::make_shared<HelpFormatter>());
    app.prefix_command(); // the first word that is no option ends ours: all words from there on remain
    app.footer(explanation);
    return [options, &app] { return run(app.remaining(), *options); };
}

} // namespace ecc
