// `ecc pull REF`: a package, or another tool's Wasm artifact, out of a registry or layout.

#include "compiler/commands/command.h"
#include "compiler/commands/package_source.h"
#include "packager/json.h"
#include "packager/oci/staged_file.h"
#include "support/files.h"

#include <fmt/format.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr const char* explanation = R"(
Fetches the layer application/wasm and checks its digest before the file appears. Without -o the file has the name that the
artifact gives it, in the current folder.

  ecc pull ghcr.io/me/opensnoop:1
  ecc pull oci:shelf:1 -o - | wasm-objdump -h /dev/stdin)";

struct Arguments {
    std::string reference;
    std::string output;
    bool json = false;
    bool plain_http = false;
};

std::string default_name(const OpenArtifact& artifact) {
    const auto& annotations = artifact.found.layer.annotations;
    auto title = annotations.find(annotation::title);
    const Reference& reference = artifact.reference;
    std::string own =
        reference.is_layout() ? "package" : reference.repository.substr(reference.repository.rfind('/') + 1);
    return safe_file_name(title == annotations.end() ? "" : title->second, own);
}

/// Standard output, devices and FIFOs cannot be renamed onto: they get the bytes once those are known to be
/// right.
bool takes_a_rename(const fs::path& path) {
    std::error_code ignored;
    return path != "-" && (!fs::exists(path, ignored) || fs::is_regular_file(path, ignored));
}

Result<void> save(const OpenArtifact& artifact, const fs::path& path) {
    if (!takes_a_rename(path)) {
        ECC_TRY(auto bytes, download(artifact));
        return write_file(path, bytes);
    }
    std::error_code ignored;
    const fs::path target = fs::is_symlink(path, ignored) ? fs::weakly_canonical(path, ignored) : path;
    ECC_TRY(auto file, StagedFile::create(target));
    ECC_CHECK(download(artifact, [&](ByteView bytes) { return file.write(bytes); }));
    return file.commit();
}

void print(const Arguments& arguments, const OpenArtifact& artifact, const std::string& path) {
    Reference pinned = artifact.reference;
    pinned.digest = artifact.found.manifest.digest;
    if (arguments.json)
        fmt::print("{}\n", json_text({{"reference", pinned.text()},
                                      {"digest", pinned.digest},
                                      {"file", path},
                                      {"layer", descriptor_to_json(artifact.found.layer)}}));
    else if (path != "-")
        fmt::print("{}: {}\n", path, pinned.text());
}

CommandResult run(const Arguments& arguments) {
    if (arguments.json && arguments.output == "-")
        return usage_error("--json and the package cannot both go to standard output", "name a file with -o");
    ECC_TRY(auto reference, parse_reference(arguments.reference));
    ECC_TRY(auto artifact, open_artifact(reference, arguments.plain_http));
    const std::string path = arguments.output.empty() ? default_name(artifact) : arguments.output;
    if (std::error_code ignored; fs::is_directory(path, ignored))
        return input_error(path, "is a folder", "name a file with -o");
    ECC_CHECK(save(artifact, path));
    print(arguments, artifact, path);
    return 0;
}

} // namespace

CommandBody define_pull(CLI::App& app, const Diagnostics&) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference,
                   "HOST[:PORT]/NAME:TAG, HOST[:PORT]/NAME@DIGEST or oci:DIR[:TAG]")
        ->required();
    app.add_option("-o,--output", arguments->output, "the file to write; - is standard output")
        ->type_name("FILE");
    app.add_flag("--json", arguments->json, "print JSON");
    app.add_flag("--plain-http", arguments->plain_http, "speak HTTP without TLS to the registry");
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
