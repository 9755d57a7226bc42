#include "compiler/commands/package_source.h"

#include "compiler/commands/transfer_progress.h"
#include "packager/oci/offline_signature.h"
#include "packager/oci/signature.h"

#include <cerrno>
#include <fmt/format.h>
#include <sys/stat.h>

namespace ecc {
namespace {

/// A file that is there but may not be looked at is still what the user means; reading it says what is wrong.
bool names_a_file(const std::string& text) {
    struct stat status = {};
    return text == "-" || ::stat(text.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

} // namespace

Result<PackageSource> find_package_source(const std::string& text) {
    if (names_a_file(text))
        return PackageSource{text, std::nullopt};
    auto reference = parse_reference(text);
    if (!reference)
        return input_error(text, "no such file, and not a reference to a registry or layout",
                           reference.error().hint);
    return PackageSource{text, std::move(*reference)};
}

Result<OpenArtifact> open_artifact(const Reference& reference, const StoreOptions& options,
                                   const std::optional<PublicKey>& key,
                                   const std::optional<Platform>& platform) {
    ECC_TRY(auto store, open_store(reference, options));
    Reference signed_reference = reference;
    if (key) {
        ECC_TRY(auto verified, verify(*store, reference, *key, Wanted::one_signature));
        signed_reference = reference.at(verified.manifest.digest);
    }
    ECC_TRY(auto found, find_artifact(*store, signed_reference, platform));
    return OpenArtifact{std::move(store), std::move(signed_reference), std::move(found)};
}

Result<std::string> download_signatures(const OpenArtifact& artifact, const std::optional<PublicKey>& key,
                                        const Notice& notice) {
    if (!artifact.found.member.empty())
        return input_error(artifact.reference.text(),
                           "its signatures are of the image, not of the package in it",
                           "use an artifact whose layer is the package, as of --format wasm");
    ECC_TRY(const auto manifest,
            fetch_signed_manifest(*artifact.store, artifact.reference, artifact.found, key, notice));
    if (key)
        ECC_CHECK(verify_signatures(manifest, *key, artifact.reference.text()));
    return signed_manifest_to_json(manifest);
}

Result<std::string> download(const OpenArtifact& artifact, const Sink& sink) {
    return with_progress("pulling " + artifact.reference.text(), [&](const Progress& progress) {
        return fetch_module(*artifact.store, artifact.reference, artifact.found, sink, progress);
    });
}

Result<Bytes> download(const OpenArtifact& artifact) {
    Bytes content;
    ECC_CHECK(download(artifact, append_to(content)));
    return content;
}

} // namespace ecc
