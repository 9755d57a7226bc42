#include "tests/unit/package/signed_sample.h"

#include "packager/package/sigstore_bundle.h"
#include "support/digest.h"

#include <nlohmann/json.hpp>

namespace ecc::samples {

using nlohmann::json;

std::string manifest_of(const std::string& package_digest) {
    return json{{"schemaVersion", 2},
                {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                {"layers", {{{"mediaType", "application/wasm"}, {"digest", package_digest}, {"size", 1}}}}}
        .dump();
}

std::string index_of(const std::string& manifest) {
    return json{{"schemaVersion", 2},
                {"mediaType", "application/vnd.oci.image.index.v1+json"},
                {"manifests", {{{"digest", sha256_digest(as_bytes(manifest))}, {"size", manifest.size()}}}}}
        .dump();
}

SignedManifest signed_by(const PrivateKey& key, std::vector<std::string> manifests) {
    const std::string bundle = make_bundle(key, sha256_digest(as_bytes(manifests.front()))).value();
    return {std::move(manifests), {bundle}};
}

} // namespace ecc::samples
