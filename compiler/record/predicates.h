// The documents that say where a package comes from, each the predicate of an in-toto statement. The same
// record gives the same text.
#pragma once

#include "compiler/record/build_record.h"

#include <array>
#include <optional>

namespace ecc {

/// A kind of statement, by the short name that cosign has for it (or ecc alone) and its URI.
struct PredicateType {
    std::string_view name;
    std::string_view uri;
};

inline constexpr std::string_view sbom_predicate = "https://cyclonedx.org/bom";
inline constexpr std::string_view provenance_predicate = "https://slsa.dev/provenance/v1";
inline constexpr std::string_view build_log_predicate = "urn:ecc:build-log:v1";

inline constexpr std::array predicate_types = {
    PredicateType{"cyclonedx", sbom_predicate},
    PredicateType{"slsaprovenance1", provenance_predicate},
    PredicateType{"slsaprovenance", "https://slsa.dev/provenance/v0.2"},
    PredicateType{"slsaprovenance02", "https://slsa.dev/provenance/v0.2"},
    PredicateType{"buildlog", build_log_predicate},
    PredicateType{"spdxjson", "https://spdx.dev/Document"},
    PredicateType{"spdx", "https://spdx.dev/Document"},
    PredicateType{"link", "https://in-toto.io/Link/v1"},
    PredicateType{"custom", "https://cosign.sigstore.dev/attestation/v1"},
    PredicateType{"vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"},
    PredicateType{"openvex", "https://openvex.dev/ns"},
};

/// The URI that a short name stands for; a URI stands for itself. A usage error lists the names.
Result<std::string> predicate_type_uri(const std::string& name);

/// CycloneDX 1.5, JSON.
std::string software_bill_of_materials(const BuildRecord& record);

/// SLSA provenance 1.0. `builder` is the URI of who built it.
std::string build_provenance(const BuildRecord& record, const std::string& builder);

/// {"log": text}
std::string build_log_document(const BuildRecord& record);

} // namespace ecc
