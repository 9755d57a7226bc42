// `ecc manifest fetch|fetch-config|push|delete`: manifests as they are, byte for byte; and `index create`.

#include "compiler/commands/annotation_option.h"
#include "compiler/commands/content_commands.h"
#include "compiler/commands/deletion.h"
#include "compiler/commands/index_creation.h"
#include "packager/json.h"
#include "packager/oci/image_manifest.h"
#include "packager/oci/index_entry.h"
#include "packager/oci/manifest_links.h"
#include "packager/oci/platform_choice.h"
#include "packager/oci/transfer.h"
#include "support/files.h"
#include "support/output.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
  ecc manifest fetch ghcr.io/me/opensnoop:1                 the exact bytes, on standard output
  ecc manifest fetch --descriptor oci:shelf:1               media type, digest and size; with --platform,
                                                            what the index says of it
  ecc manifest fetch --platform linux/arm64 ghcr.io/me/opensnoop:1   of an index, the manifest for arm64
  ecc manifest fetch-config ghcr.io/me/opensnoop:1          what the manifest's config says
  ecc manifest push localhost:5000/t/opensnoop:1,latest m.json   blobs must be there already
  ecc manifest delete localhost:5000/t/opensnoop:1
  ecc manifest index create ghcr.io/me/opensnoop:1 1-amd64 1-arm64   one name for several architectures

An index has one manifest for each platform, which its config names. An image of format `container` is for the architecture of the
ecc-run in it: `ecc push --runtime` names others, linked statically, or each is pushed from such a machine. The package, with an
object for each (--arch), is the same.)";

struct Arguments : ContentArguments {
    bool pretty = false;
};

/// The exact bytes, or what reads well.
Result<void> write_document(const Arguments& arguments, std::string_view text) {
    const std::string file = arguments.file.empty() ? "-" : arguments.file;
    if (!arguments.pretty)
        return write_file(file, as_bytes(text));
    const auto indented = indented_json(text);
    if (!indented) {
        const std::string mistake = json_mistake(text);
        return input_error(arguments.reference,
                           mistake.empty() ? "has too many members to be put in order" : mistake,
                           "leave --pretty out");
    }
    return write_file(file, as_bytes(*indented + "\n"));
}

CommandResult fetch(const Arguments& arguments) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::pull));
    if (arguments.descriptor) {
        ECC_TRY(const auto descriptor, find_descriptor(*opened.store, opened.reference, opened.platform));
        print_to(stdout, "{}\n", json_text(descriptor_to_json(descriptor)));
        return 0;
    }
    ECC_TRY(auto manifest, fetch_manifest(opened));
    if (arguments.registry.json) {
        auto document = described(opened.reference, manifest.descriptor());
        document["content"] = parse_json(manifest.text);
        print_to(stdout, "{}\n", json_text(document));
        return 0;
    }
    ECC_CHECK(write_document(arguments, manifest.text));
    return 0;
}

CommandResult fetch_config_of(const Arguments& arguments) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::pull));
    ECC_TRY(const auto manifest, fetch_manifest(opened));
    if (arguments.descriptor) {
        ECC_TRY(const Descriptor config, config_of(opened.reference, manifest));
        print_to(stdout, "{}\n", json_text(descriptor_to_json(config)));
        return 0;
    }
    ECC_TRY(const Bytes config, fetch_config(*opened.store, opened.reference, manifest));
    ECC_CHECK(write_document(arguments, as_text(config)));
    return 0;
}

Result<StoredManifest> read_manifest(const Arguments& arguments) {
    ECC_TRY(auto bytes, read_file(arguments.file, max_image_manifest_size));
    StoredManifest manifest{arguments.media_type, std::string(as_text(bytes))};
    const auto document = parse_json(manifest.text);
    if (manifest.media_type.empty() && document.is_object())
        manifest.media_type = string_at(document, "mediaType");
    if (manifest.media_type.empty())
        return input_error(arguments.file, "does not say its mediaType", "name it with --media-type");
    ECC_CHECK(manifest_links(manifest, arguments.file));
    return manifest;
}

/// A layout takes any manifest; registries refuse one whose content is not there.
Result<void> check_complete(Store& store, const Reference& reference, const StoredManifest& manifest) {
    if (!reference.is_layout())
        return {};
    ECC_TRY(auto links, manifest_links(manifest, reference.text()));
    std::ranges::move(links.manifests, std::back_inserter(links.blobs));
    for (const Descriptor& content : links.blobs) {
        ECC_TRY(const bool there, store.has_blob(content));
        if (!there)
            return input_error(reference.location(),
                               fmt::format("does not have {}, which the manifest lists", content.digest),
                               "push it first: `ecc blob push`, or `ecc manifest push` for a manifest");
    }
    return {};
}

CommandResult push(const Arguments& arguments) {
    ECC_TRY(const auto target, parse_tagged_reference(arguments.reference));
    ECC_TRY(auto manifest, read_manifest(arguments));
    ECC_TRY(auto opened, open_store(target.reference.text(), arguments.registry, Access::push));
    const Descriptor descriptor = manifest.descriptor();
    if (!opened.reference.digest.empty() && opened.reference.digest != descriptor.digest)
        return input_error(arguments.file, fmt::format("has digest {}", descriptor.digest),
                           "leave the digest out of the reference");
    ECC_CHECK(check_complete(*opened.store, opened.reference, manifest));
    std::vector<Reference> stored = target.all();
    for (Reference& reference : stored) {
        ECC_CHECK(opened.store->put_manifest(descriptor, manifest.text, reference.tag));
        reference.digest = descriptor.digest;
    }
    ECC_CHECK(opened.store->finish());
    auto document = described(stored.front(), descriptor);
    for (const Reference& reference : stored) {
        document["references"].push_back(reference.text());
        if (!arguments.registry.json)
            print_to(stdout, "{}\n", reference.text());
    }
    if (arguments.registry.json)
        print_to(stdout, "{}\n", json_text(document));
    return 0;
}

CLI::App* add_index_commands(CLI::App& app, IndexArguments& arguments, const Diagnostics& diagnostics) {
    auto* index = app.add_subcommand("index", "make one name for several architectures");
    index->require_subcommand(1);
    auto* creating = index->add_subcommand("create", "store an index of manifests that are there");
    creating->add_option("REF", arguments.reference, reference_forms)->required();
    creating->add_option("SOURCE", arguments.sources, "tags and digests in the same place")->required();
    add_annotation_option(*creating, arguments.annotations);
    add_registry_options(*creating, arguments.registry, diagnostics);
    return creating;
}

void add_output_option(CLI::App& app, Arguments& arguments) {
    app.add_option("-o,--output", arguments.file, "the file to write; - is standard output")
        ->type_name("FILE");
}

} // namespace

CommandBody define_manifest(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    const auto commands = add_content_commands(app, *arguments,
                                               {.noun = "a manifest",
                                                .stored_forms = reference_forms,
                                                .new_forms = tagged_reference_forms,
                                                .file = "the manifest; - is standard input",
                                                .media_type = "if the manifest does not say it",
                                                .deleting = "delete a manifest and every tag of it"},
                                               diagnostics);
    auto* configuring =
        app.add_subcommand("fetch-config", "print a manifest's config, or write it to a file");
    configuring->add_option("REF", arguments->reference, reference_forms)->required();
    add_output_option(*configuring, *arguments);
    configuring->add_flag("--descriptor", arguments->descriptor, "print what points at it instead");
    add_registry_options(*configuring, arguments->registry, diagnostics);
    for (CLI::App* fetching : {commands.fetch, configuring}) {
        fetching->add_flag("--pretty", arguments->pretty, "indented, in place of the exact bytes");
        add_platform(*fetching, arguments->registry);
    }
    auto index = std::make_shared<IndexArguments>();
    auto* indexing = add_index_commands(app, *index, diagnostics);
    app.footer(explanation);
    return [=]() -> CommandResult {
        if (commands.fetch->parsed())
            return fetch(*arguments);
        if (configuring->parsed())
            return fetch_config_of(*arguments);
        if (commands.push->parsed())
            return push(*arguments);
        if (indexing->parsed())
            return create_index(*index);
        return delete_manifest(arguments->reference, arguments->force, arguments->registry);
    };
}

} // namespace ecc
