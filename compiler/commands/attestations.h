// The statements that follow from a build record, signed and stored beside an artifact.
#pragma once

#include "compiler/record/build_record.h"
#include "packager/oci/artifact_module.h"
#include "packager/package/signing_key.h"

#include <CLI/CLI.hpp>

namespace ecc {

struct AttestOptions {
    std::string record; ///< file of a BuildRecord
    std::string key;    ///< file of a private key
    std::string builder = "urn:ecc:builder:local";
};

/// --builder
void add_builder_option(CLI::App& app, AttestOptions& options);

/// An input error if the record is of another package than the one with this digest.
Result<BuildRecord> load_build_record(const std::string& file, const std::string& package_digest);

struct StoredAttestation {
    std::string type; ///< URI of the predicate
    Descriptor manifest;
};

/// Bill of materials, provenance and log of what the reference names. `found`, known to hold the package of
/// the record, is that or the first in its index, of which all must hold that package; what else is in images
/// is listed beside it (image_components.h).
Result<std::vector<StoredAttestation>> attest_build(Store& store, const Reference& reference,
                                                    const FoundArtifact& found, BuildRecord record,
                                                    const PrivateKey& key, const std::string& builder);

} // namespace ecc
