// `ecc pull REF`: a package, or another tool's Wasm artifact, out of a registry or layout.

#include "compiler/commands/command.h"
#include "compiler/commands/key_files.h"
#include "compiler/commands/package_source.h"
#include "compiler/commands/registry_options.h"
#include "compiler/commands/saved_layer.h"
#include "packager/json.h"
#include "packager/oci/wasm_artifact.h"
#include "support/files.h"
#include "support/output.h"

#include <fmt/format.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Fetches the package, which is a layer or the file that an image starts, and checks its digest before the file appears. Without
-o the file has the name that the artifact gives it, in the current folder.

  ecc pull ghcr.io/me/opensnoop:1
  ecc pull oci:shelf:1 -o - | wasm-objdump -h /dev/stdin
  ecc pull --platform linux/arm64 ghcr.io/me/opensnoop:1

Of an index without --platform, the entry for Wasm is taken, or else the first: images of one package for several architectures
hold the same file.

--bundle saves the artifact's signatures too, for a machine that has no way to the registry:

  ecc pull ghcr.io/me/opensnoop:1 --bundle opensnoop.sig.json
  ecc-run --bundle opensnoop.sig.json --verify-key key.pub opensnoop.wasm)";

struct Arguments {
    std::string reference;
    std::string output;
    std::string verify_key;
    std::string bundle;
    RegistryOptions registry;
};

std::string default_name(const OpenArtifact& artifact) {
    const auto& annotations = artifact.found.layer.annotations;
    auto title = annotations.find(annotation::title);
    const Reference& reference = artifact.reference;
    std::string own =
        reference.is_layout() ? "package" : reference.repository.substr(reference.repository.rfind('/') + 1);
    return safe_file_name(title == annotations.end() ? "" : title->second, own);
}

/// As cp and oras have it, a folder is where the file goes.
std::string output_path(const Arguments& arguments, const OpenArtifact& artifact) {
    std::error_code ignored;
    if (arguments.output.empty() || std::filesystem::is_directory(arguments.output, ignored))
        return std::filesystem::path(arguments.output) / default_name(artifact);
    return arguments.output;
}

/// Either would replace the other.
bool is_same_file(const std::string& a, const std::string& b) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    return fs::weakly_canonical(fs::absolute(a, ignored), ignored) ==
               fs::weakly_canonical(fs::absolute(b, ignored), ignored) ||
           fs::equivalent(a, b, ignored);
}

void print(const Arguments& arguments, const OpenArtifact& artifact, const std::string& path) {
    Reference pinned = artifact.reference;
    pinned.digest = artifact.found.manifest.digest;
    if (arguments.registry.json)
        print_to(stdout, "{}\n",
                 json_text({{"reference", pinned.text()},
                            {"digest", pinned.digest},
                            {"file", path},
                            {"layer", descriptor_to_json(artifact.found.layer)}}));
    else if (path != "-")
        print_to(stdout, "{}: {}\n", path, pinned.text());
}

CommandResult run(const Arguments& arguments) {
    if (arguments.registry.json && arguments.output == "-")
        return usage_error("--json and the package cannot both go to standard output", "name a file with -o");
    if (arguments.output == "-" && ::isatty(STDOUT_FILENO))
        return usage_error("the package is binary and standard output is a terminal",
                           "redirect it, or give -o FILE");
    if (arguments.bundle == "-" && (arguments.registry.json || arguments.output == "-"))
        return usage_error("only one thing can go to standard output", "name a file with --bundle");
    ECC_TRY(auto reference, parse_reference(arguments.reference));
    ECC_TRY(const auto platform, wanted_platform(arguments.registry));
    ECC_TRY(const auto key, load_optional_key(arguments.verify_key));
    ECC_TRY(auto artifact, open_artifact(reference, arguments.registry.store, key, platform));
    const std::string path = output_path(arguments, artifact);
    if (path != "-" && !arguments.bundle.empty() && is_same_file(path, arguments.bundle))
        return usage_error(fmt::format("{}: the package and its signatures cannot be one file", path),
                           "name another file with --bundle");
    std::string signatures;
    if (!arguments.bundle.empty()) {
        ECC_TRY(signatures, download_signatures(artifact, key, arguments.registry.store.notice));
    }
    ECC_CHECK(save(path, [&](const Sink& sink) -> Result<void> {
        ECC_CHECK(download(artifact, sink));
        return {};
    }));
    if (!arguments.bundle.empty())
        ECC_CHECK(write_file(arguments.bundle, as_bytes(signatures)));
    print(arguments, artifact, path);
    return 0;
}

} // namespace

CommandBody define_pull(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_option("-o,--output", arguments->output,
                   "the file to write, or a folder for it; - is standard output")
        ->type_name("FILE");
    app.add_option("--verify-key", arguments->verify_key, "only what is signed with this key's private half")
        ->type_name("PEM");
    app.add_option("--bundle", arguments->bundle, "also save its signatures here, for ecc-run --bundle")
        ->type_name("FILE");
    add_platform(app, arguments->registry);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
