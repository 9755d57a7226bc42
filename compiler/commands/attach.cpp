// `ecc attach REF FILE...`: documents beside an artifact, without changing it.

#include "packager/oci/artifact.h"

#include "compiler/commands/annotation_option.h"
#include "compiler/commands/registry_options.h"
#include "compiler/commands/transfer_progress.h"
#include "packager/json.h"
#include "packager/oci/source_date.h"
#include "support/output.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Stores files as an artifact that refers to what REF names; `ecc discover` lists them. FILE may be followed by its media type.
What REF names keeps its digest.

  ecc attach ghcr.io/me/opensnoop:1 --artifact-type application/spdx+json sbom.json:application/spdx+json
  ecc attach oci:shelf:1 --artifact-type text/markdown README.md:text/markdown --annotation lang=en)";

struct Arguments {
    std::string reference;
    std::vector<std::string> files;
    std::string type;
    std::vector<std::string> annotations;
    RegistryOptions registry;
};

/// Clients write each layer to the file that its title names.
Result<void> check_name(const Blob& layer, const std::vector<Blob>& others) {
    const auto name_of = [](const Blob& blob) { return blob.descriptor.annotations.at(annotation::title); };
    if (std::ranges::find(others, name_of(layer), name_of) == others.end())
        return {};
    return usage_error(fmt::format("two files have the name {}", name_of(layer)),
                       "attach them one by one, or rename one");
}

Result<Artifact> make_artifact(const Arguments& arguments, const Descriptor& subject) {
    Artifact artifact{
        .config = empty_blob(), .artifact_type = arguments.type, .subject = as_subject(subject)};
    ECC_TRY(artifact.annotations, parse_annotations(arguments.annotations));
    ECC_TRY(auto created, source_date_epoch());
    if (created)
        artifact.annotations.emplace(annotation::created, rfc3339(*created));
    for (const std::string& file : arguments.files) {
        ECC_TRY(auto layer, file_blob(file, "application/octet-stream"));
        ECC_CHECK(check_name(layer, artifact.layers));
        artifact.layers.push_back(std::move(layer));
    }
    if (artifact.layers.empty()) // the specification wants one
        artifact.layers.push_back(empty_blob());
    return artifact;
}

CommandResult run(const Arguments& arguments) {
    ECC_CHECK(check_media_type(arguments.type));
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    ECC_TRY(auto subject, fetch_manifest(opened));
    ECC_TRY(auto artifact, make_artifact(arguments, subject.descriptor()));
    Reference untagged = opened.reference;
    untagged.tag.clear();
    untagged.digest.clear();
    ECC_TRY(auto stored, with_progress("pushing to " + untagged.location(), [&](const Progress& progress) {
                return push_artifact(*opened.store, untagged, artifact,
                                     {arguments.registry.concurrency, progress});
            }));
    ECC_CHECK(opened.store->finish());
    auto document = described(untagged, stored);
    document["subject"] = subject.descriptor().digest;
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text(document));
    else
        print_to(stdout, "{}\n", untagged.at(stored.digest).text());
    return 0;
}

} // namespace

CommandBody define_attach(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_option("FILE[:TYPE]", arguments->files, "files to attach");
    app.add_option("--artifact-type", arguments->type, "what is attached: a media type")
        ->type_name("TYPE")
        ->required();
    add_annotation_option(app, arguments->annotations);
    add_platform(app, arguments->registry);
    add_concurrency(app, arguments->registry);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
