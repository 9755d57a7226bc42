// `ecc blob fetch|push|delete`: content by its digest.

#include "compiler/commands/deletion.h"
#include "compiler/commands/registry_options.h"
#include "compiler/commands/saved_layer.h"
#include "compiler/commands/transfer_progress.h"
#include "packager/json.h"
#include "packager/oci/transfer.h"
#include "support/output.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
  ecc blob fetch ghcr.io/me/opensnoop@sha256:… -o layer.wasm
  ecc blob push localhost:5000/t/opensnoop layer.wasm         prints the descriptor for a manifest
  ecc blob delete localhost:5000/t/opensnoop@sha256:…)";

struct Arguments {
    std::string reference;
    std::string file = "-";
    std::string media_type = "application/octet-stream";
    bool force = false;
    RegistryOptions registry;
};

Result<OpenStore> open_blob(const Arguments& arguments, Access access) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, access));
    if (opened.reference.digest.empty())
        return usage_error("a blob is named by its digest alone", "write HOST/NAME@sha256:…");
    return opened;
}

/// Its size is not known before: the digest says whether all came.
CommandResult fetch(const Arguments& arguments) {
    ECC_TRY(auto opened, open_blob(arguments, Access::pull));
    ECC_TRY(auto size, opened.store->blob_size(opened.reference.digest));
    const Descriptor blob{
        .media_type = arguments.media_type, .digest = opened.reference.digest, .size = size};
    TransferProgress progress("pulling " + opened.reference.text());
    ECC_CHECK(save(arguments.file, [&](const Sink& sink) {
        return fetch_layer(*opened.store, opened.reference, blob, sink, progress.callback());
    }));
    if (arguments.registry.json && arguments.file != "-")
        print_to(stdout, "{}\n", json_text(descriptor_to_json(blob)));
    return 0;
}

CommandResult push(const Arguments& arguments) {
    ECC_TRY(auto content, FileSource::open(arguments.file));
    ECC_TRY(auto blob, describe(arguments.media_type, *content));
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    if (!opened.reference.digest.empty() && opened.reference.digest != blob.digest)
        return input_error(arguments.file, fmt::format("has digest {}", blob.digest),
                           "leave the digest out of the reference");
    TransferProgress progress("pushing " + arguments.file);
    ECC_CHECK(put_missing_blob(*opened.store, blob, *content, progress.callback()));
    ECC_CHECK(opened.store->finish());
    print_to(stdout, "{}\n", json_text(descriptor_to_json(blob)));
    return 0;
}

CommandResult remove(const Arguments& arguments) {
    ECC_TRY(auto opened, open_blob(arguments, Access::remove));
    ECC_CHECK(confirm_deletion(opened.reference.text(), arguments.force));
    ECC_CHECK(opened.store->delete_blob(opened.reference.digest));
    ECC_CHECK(opened.store->finish());
    print_to(stdout, "deleted {}\n", opened.reference.text());
    return 0;
}

} // namespace

CommandBody define_blob(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    auto* fetching = app.add_subcommand("fetch", "print a blob, or write it to a file");
    fetching->add_option("REF", arguments->reference, "HOST[:PORT]/NAME@DIGEST or oci:DIR@DIGEST")
        ->required();
    fetching->add_option("-o,--output", arguments->file, "the file to write; - is standard output")
        ->type_name("FILE");
    auto* pushing = app.add_subcommand("push", "store a file as a blob");
    pushing->add_option("REF", arguments->reference, "HOST[:PORT]/NAME or oci:DIR")->required();
    pushing->add_option("FILE", arguments->file, "the content")->required();
    pushing->add_option("--media-type", arguments->media_type, "for the descriptor that is printed")
        ->type_name("TYPE")
        ->capture_default_str();
    auto* deleting = app.add_subcommand("delete", "delete a blob");
    deleting->add_option("REF", arguments->reference, "HOST[:PORT]/NAME@DIGEST or oci:DIR@DIGEST")
        ->required();
    deleting->add_flag("-f,--force", arguments->force, "do not ask");
    for (CLI::App* command : {fetching, pushing, deleting})
        add_registry_options(*command, arguments->registry, diagnostics);
    app.require_subcommand(1);
    app.footer(explanation);
    return [=]() -> CommandResult {
        if (fetching->parsed())
            return fetch(*arguments);
        return pushing->parsed() ? push(*arguments) : remove(*arguments);
    };
}

} // namespace ecc
