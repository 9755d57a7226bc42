#include "compiler/commands/attestations.h"

#include "compiler/commands/image_components.h"
#include "compiler/record/predicates.h"
#include "packager/oci/bundle_referrers.h"
#include "packager/oci/source_date.h"
#include "support/files.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace ecc {

void add_builder_option(CLI::App& app, AttestOptions& options) {
    app.add_option("--builder", options.builder, "the URI of who built it, for the provenance")
        ->type_name("URI")
        ->capture_default_str();
}

Result<BuildRecord> load_build_record(const std::string& file, const std::string& package_digest) {
    ECC_TRY(const Bytes text, read_file(file, max_build_record_size));
    ECC_TRY(BuildRecord record, build_record_from_json(as_text(text), file));
    if (record.package.digest != package_digest)
        return input_error(file,
                           fmt::format("is the record of another package: {}, not {}", record.package.digest,
                                       package_digest),
                           "build the package and its record together");
    ECC_TRY(const auto epoch, source_date_epoch());
    if (epoch)
        record.started = record.finished = *epoch;
    return record;
}

namespace {

/// Of all images that a statement about `found` is about.
Result<std::vector<LayerFile>> files_beside_package(Store& store, const Reference& reference,
                                                    const FoundArtifact& found,
                                                    const std::string& package_digest) {
    ECC_TRY(const auto images, find_all_artifacts(store, reference, found));
    for (const FoundArtifact& image : images) {
        if (image.manifest.digest == found.manifest.digest)
            continue;
        const Reference place = reference.at(image.manifest.digest);
        ECC_TRY(const auto digest, module_digest(store, place, image));
        ECC_CHECK(check_package(place, digest, package_digest));
    }
    return other_files(store, reference, images);
}

} // namespace

Result<std::vector<StoredAttestation>> attest_build(Store& store, const Reference& reference,
                                                    const FoundArtifact& found, BuildRecord record,
                                                    const PrivateKey& key, const std::string& builder) {
    ECC_TRY(const auto others, files_beside_package(store, reference, found, record.package.digest));
    std::ranges::move(image_components(others), std::back_inserter(record.components));
    const std::pair<std::string_view, std::string> statements[] = {
        {sbom_predicate, software_bill_of_materials(record)},
        {provenance_predicate, build_provenance(record, builder)},
        {build_log_predicate, build_log_document(record)},
    };
    std::vector<StoredAttestation> stored;
    for (const auto& [type, predicate] : statements) {
        ECC_TRY(auto manifest, push_bundle(store, reference, found.named, key, type, predicate));
        stored.push_back({std::string(type), std::move(manifest)});
    }
    return stored;
}

} // namespace ecc
