// FILE|REF on the command line: a file if there is one of that name, else an artifact in a registry or
// layout.
#pragma once

#include "packager/oci/artifact_module.h"
#include "packager/package/signing_key.h"

#include <optional>

namespace ecc {

struct PackageSource {
    std::string text;                   ///< as the user wrote it; names the source in errors
    std::optional<Reference> reference; ///< nothing: `text` is a file, "-" standard input
};

/// An input error if `text` is neither an existing file nor a reference.
Result<PackageSource> find_package_source(const std::string& text);

/// An artifact that was found but not fetched yet.
struct OpenArtifact {
    std::unique_ptr<Store> store;
    Reference reference;
    FoundArtifact found;
};

/// With a key, only if what the reference names is signed with it; what is fetched then is what was signed.
/// With a platform, the one of an index for it.
Result<OpenArtifact> open_artifact(const Reference& reference, const StoreOptions& options,
                                   const std::optional<PublicKey>& key = {},
                                   const std::optional<Platform>& platform = {});

/// The artifact's signatures for use without the store; `notice` is told if some are left out. With a key, an
/// input error unless one is by it.
Result<std::string> download_signatures(const OpenArtifact& artifact, const std::optional<PublicKey>& key,
                                        const Notice& notice);

/// The module's bytes into `sink`, with progress on a terminal; returns their digest. On failure the sink
/// throws away what it took.
Result<std::string> download(const OpenArtifact& artifact, const Sink& sink);

/// The module's bytes in memory.
Result<Bytes> download(const OpenArtifact& artifact);

} // namespace ecc
