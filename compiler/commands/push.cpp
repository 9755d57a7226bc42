// `ecc push FILE REF`: a package into a registry, layout or archive, in one or more formats.

#include "compiler/architecture.h"
#include "compiler/commands/annotation_option.h"
#include "compiler/commands/attestations.h"
#include "compiler/commands/key_files.h"
#include "compiler/commands/registry_options.h"
#include "compiler/commands/runtime_files.h"
#include "compiler/commands/transfer_progress.h"
#include "compiler/record/git_checkout.h"
#include "packager/json.h"
#include "packager/oci/format.h"
#include "packager/oci/wasm_artifact.h"
#include "support/completion.h"
#include "support/digest.h"
#include "support/files.h"
#include "support/near_names.h"
#include "support/output.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
Stores the package as a Wasm OCI artifact: one layer application/wasm, readable by oras, skopeo and Wasm runtimes.
Prints REF@DIGEST, which names exactly what was stored.

  ecc push opensnoop.wasm ghcr.io/me/opensnoop:1
  ecc push opensnoop.wasm ghcr.io/me/opensnoop:1.2,1,latest
  ecc push opensnoop.wasm oci:shelf:1                                   an OCI layout folder
  ecc push opensnoop.wasm ghcr.io/me/opensnoop:1 --format wasm,container   the image becomes :1-container
  podman run --privileged ghcr.io/me/opensnoop:1-container
  ecc push opensnoop.wasm ghcr.io/me/opensnoop:1 --format container --runtime amd64/ecc-run --runtime arm64/ecc-run

Title, version, description and licence come from the package; in a git checkout, source and revision from there. The same
package gives the same digest; --attest adds signed statements beside it (`ecc attest`) and does not change it.
SOURCE_DATE_EPOCH, if set, is recorded as the time of creation. Logins are those of `ecc login`, `podman login`,
`docker login` and `oras login`.)";

struct Arguments {
    std::string file;
    std::string reference;
    std::vector<std::string> formats = {"wasm"};
    std::vector<std::string> annotations;
    std::vector<std::string> runtimes; ///< files; empty: the installed one
    bool no_git = false;
    AttestOptions attest;
    RegistryOptions registry;
};

struct Stored {
    std::string_view format;
    std::vector<Reference> references; ///< one for each tag, with the digest
    Descriptor manifest;
    Descriptor layer; ///< the last, which carries the program
};

Result<AnnotationMap> annotations_for(const Arguments& arguments, const Manifest& manifest,
                                      std::optional<std::int64_t> created) {
    ECC_TRY(AnnotationMap annotations, parse_annotations(arguments.annotations));
    annotations.merge(annotations_of(manifest, created));
    if (!arguments.no_git && arguments.file != "-")
        annotations.merge(
            checkout_annotations(find_checkout(std::filesystem::path(arguments.file).parent_path(), {})));
    return annotations;
}

std::string go_architecture(std::string_view kernel_name) {
    auto found = find_architecture(kernel_name);
    return std::string(found ? (*found)->oci : kernel_name);
}

Result<std::vector<const Format*>> chosen_formats(const Arguments& arguments) {
    std::vector<const Format*> chosen;
    for (const std::string& name : arguments.formats) {
        ECC_TRY(const Format* format, find_format(name));
        if (std::ranges::find(chosen, format) != chosen.end())
            return usage_error(fmt::format("--format {} is given twice", name));
        chosen.push_back(format);
    }
    if (!arguments.runtimes.empty() &&
        std::ranges::find(arguments.formats, "container") == arguments.formats.end())
        return usage_error("--runtime is for --format container", "add that format");
    return chosen;
}

/// The first format has the tags themselves; the others have their name behind them.
std::vector<Reference> references_for(const TaggedReference& target, const Format& format, bool first) {
    std::vector<Reference> own = target.all();
    for (Reference& reference : own)
        if (!first && !reference.tag.empty())
            reference.tag += "-" + std::string(format.name);
    return own;
}

Result<void> tag_also(Store& store, const Descriptor& manifest, std::span<const Reference> references) {
    if (references.empty())
        return {};
    ECC_TRY(const auto stored, store.get_manifest(manifest.digest));
    for (const Reference& reference : references)
        ECC_CHECK(store.put_manifest(manifest, stored.text, reference.tag));
    return {};
}

/// What is to be stated of what is stored.
struct Statement {
    BuildRecord record;
    PrivateKey key;
};

Result<std::optional<Statement>> statement_of(const Arguments& arguments, ByteView package) {
    const AttestOptions& attest = arguments.attest;
    if (attest.record.empty() != attest.key.empty())
        return usage_error("--attest and --key go together", "--attest FILE --key PEM");
    if (attest.record.empty())
        return std::nullopt;
    ECC_TRY(auto key, load_private_key(attest.key));
    ECC_TRY(auto record, load_build_record(attest.record, sha256_digest(package)));
    return Statement{std::move(record), std::move(key)};
}

Result<void> check_attestable(const std::vector<const Format*>& chosen,
                              const std::optional<Statement>& statement) {
    if (statement && std::ranges::none_of(chosen, &Format::holds_package))
        return usage_error("--attest is for formats that hold the package", "add --format wasm");
    return {};
}

Result<std::vector<Stored>> store(const Arguments& arguments, const TaggedReference& target,
                                  const FormatInput& input, const std::optional<Statement>& statement) {
    ECC_TRY(const auto chosen, chosen_formats(arguments));
    std::vector<PackedFormat> packed;
    for (const Format* format : chosen) {
        ECC_TRY(auto one, format->pack(input));
        packed.push_back(std::move(one));
    }
    ECC_CHECK(check_attestable(chosen, statement));
    ECC_TRY(auto opened, open_store(target.reference.text(), arguments.registry, Access::push));
    if (chosen.size() > 1 && !opened.reference.digest.empty())
        return usage_error("one digest cannot name several formats", "leave it out of the reference");
    TransferProgress progress("pushing " + opened.reference.text());
    std::vector<Stored> stored;
    for (std::size_t i = 0; i < chosen.size(); i++) {
        auto references = references_for(target, *chosen[i], i == 0);
        ECC_TRY(auto manifest, push_format(*opened.store, references[0], packed[i],
                                           {arguments.registry.concurrency, progress.callback()}));
        ECC_CHECK(tag_also(*opened.store, manifest, std::span(references).subspan(1)));
        for (Reference& reference : references)
            reference.digest = manifest.digest;
        if (statement && chosen[i]->holds_package) {
            ECC_TRY(const auto found, find_artifact(*opened.store, references[0]));
            ECC_CHECK(attest_build(*opened.store, references[0], found, statement->record, statement->key,
                                   arguments.attest.builder));
        }
        stored.push_back({chosen[i]->name, std::move(references), std::move(manifest),
                          packed[i].artifacts.front().artifact.layers.back().descriptor});
    }
    ECC_CHECK(opened.store->finish());
    return stored;
}

nlohmann::json to_json(const Stored& stored) {
    auto document = described(stored.references[0], stored.manifest);
    for (const Reference& reference : stored.references)
        document["references"].push_back(reference.text());
    document["format"] = stored.format;
    document["layer"] = descriptor_to_json(stored.layer);
    return document;
}

void print(const Arguments& arguments, const std::vector<Stored>& all) {
    if (!arguments.registry.json) {
        for (const Stored& stored : all)
            for (const Reference& reference : stored.references)
                print_to(stdout, "{}\n", reference.text());
        return;
    }
    auto document = to_json(all.front());
    for (const Stored& stored : all)
        document["formats"].push_back(to_json(stored));
    print_to(stdout, "{}\n", json_text(document));
}

CommandResult run(const Arguments& arguments) {
    ECC_TRY(const auto target, parse_tagged_reference(arguments.reference));
    ECC_CHECK(chosen_formats(arguments));
    ECC_TRY(auto created, source_date_epoch());
    ECC_TRY(auto bytes, read_file(arguments.file));
    ECC_TRY(auto package, read_package(bytes, arguments.file == "-" ? "standard input" : arguments.file));
    FormatInput input{.bytes = bytes,
                      .package = package,
                      .created = created.value_or(0),
                      .go_architecture = go_architecture,
                      .runtimes = [&] { return load_runtimes(arguments.runtimes); }};
    ECC_TRY(input.annotations, annotations_for(arguments, package.manifest, created));
    ECC_TRY(const auto statement, statement_of(arguments, bytes));
    ECC_TRY(auto stored, store(arguments, target, input, statement));
    print(arguments, stored);
    return 0;
}

std::string format_help() {
    std::string text = "how to store it; several with commas:";
    for (const Format& format : formats())
        text += fmt::format("\n{} ({})", format.name, format.readers);
    return text;
}

} // namespace

CommandBody define_push(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FILE", arguments->file, "a package; - is standard input")->required();
    app.add_option("REF", arguments->reference, tagged_reference_forms)->required();
    app.add_option("--format", arguments->formats, format_help())
        ->type_name(type_of_choices(names_in(formats(), &Format::name)))
        ->delimiter(',')
        ->allow_extra_args(false);
    app.add_option("--runtime", arguments->runtimes,
                   "with --format container: the ecc-run to pack, not the installed one;\n"
                   "repeated for several architectures, an index has an image for each")
        ->type_name("FILE")
        ->allow_extra_args(false);
    add_annotation_option(app, arguments->annotations);
    app.add_flag("--no-git", arguments->no_git, "do not record where the checkout around FILE comes from");
    app.add_option("--attest", arguments->attest.record,
                   "state what it was made from and how, as `ecc build --record` wrote it")
        ->type_name("FILE");
    app.add_option("--key", arguments->attest.key, "with --attest: the private key")->type_name("PEM");
    add_builder_option(app, arguments->attest);
    add_concurrency(app, arguments->registry);
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(explanation);
    return [arguments] { return run(*arguments); };
}

} // namespace ecc
