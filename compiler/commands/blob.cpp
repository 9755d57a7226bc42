// `ecc blob fetch|push|delete`: content by its digest.

#include "compiler/commands/content_commands.h"
#include "compiler/commands/deletion.h"
#include "compiler/commands/saved_layer.h"
#include "compiler/commands/transfer_progress.h"
#include "packager/json.h"
#include "packager/oci/transfer.h"
#include "support/files.h"
#include "support/output.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
  ecc blob fetch ghcr.io/me/opensnoop@sha256:… -o layer.wasm
  ecc blob push localhost:5000/t/opensnoop layer.wasm         prints the descriptor for a manifest
  ecc blob delete localhost:5000/t/opensnoop@sha256:…)";

Result<OpenStore> open_blob(const ContentArguments& arguments, Access access) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, access));
    if (opened.reference.digest.empty())
        return usage_error("a blob is named by its digest alone", "write HOST/NAME@sha256:…");
    return opened;
}

Result<void> take_text(ByteView bytes, const Sink& sink) {
    if (std::ranges::find(bytes, 0) != bytes.end())
        return usage_error("the blob is binary and standard output is a terminal",
                           "redirect it, or give -o FILE (-o - writes it all the same)");
    return sink(bytes);
}

/// Its size is not known before: the digest says whether all came.
CommandResult fetch(const ContentArguments& arguments) {
    ECC_TRY(auto opened, open_blob(arguments, Access::pull));
    ECC_TRY(auto size, opened.store->blob_size(opened.reference.digest));
    const Descriptor blob{
        .media_type = arguments.media_type, .digest = opened.reference.digest, .size = size};
    if (arguments.descriptor) {
        print_to(stdout, "{}\n", json_text(descriptor_to_json(blob)));
        return 0;
    }
    const std::string file = arguments.file.empty() ? "-" : arguments.file;
    const bool text_alone = arguments.file.empty() && ::isatty(STDOUT_FILENO);
    ECC_CHECK(with_progress("pulling from " + opened.reference.location(), [&](const Progress& progress) {
        return save(file, [&](const Sink& sink) {
            const Sink checked = [&](ByteView bytes) {
                return text_alone ? take_text(bytes, sink) : sink(bytes);
            };
            return fetch_layer(*opened.store, opened.reference, blob, checked, progress);
        });
    }));
    if (arguments.registry.json && file != "-")
        print_to(stdout, "{}\n", json_text(descriptor_to_json(blob)));
    return 0;
}

/// Standard input is read whole: it is sent again if a connection breaks.
Result<std::unique_ptr<BlobSource>> open_content(const std::string& file) {
    if (file != "-")
        return FileSource::open(file);
    ECC_TRY(auto bytes, read_file(file));
    return std::make_unique<OwnedSource>(std::move(bytes));
}

CommandResult push(const ContentArguments& arguments) {
    ECC_CHECK(check_media_type(arguments.media_type));
    ECC_TRY(const auto content, open_content(arguments.file));
    ECC_TRY(auto blob, describe(arguments.media_type, *content));
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    if (!opened.reference.digest.empty() && opened.reference.digest != blob.digest)
        return input_error(arguments.file, fmt::format("has digest {}", blob.digest),
                           "leave the digest out of the reference");
    ECC_CHECK(with_progress("pushing " + arguments.file, [&](const Progress& progress) {
        return put_missing_blob(*opened.store, blob, *content, progress);
    }));
    ECC_CHECK(opened.store->finish());
    print_to(stdout, "{}\n", json_text(descriptor_to_json(blob)));
    return 0;
}

CommandResult remove(const ContentArguments& arguments) {
    ECC_TRY(auto opened, open_blob(arguments, Access::remove));
    ECC_CHECK(confirm_deletion(opened.reference.text(), arguments.force));
    ECC_CHECK(opened.store->delete_blob(opened.reference.digest));
    ECC_CHECK(opened.store->finish());
    print_to(stdout, "deleted {}\n", opened.reference.text());
    return 0;
}

} // namespace

CommandBody define_blob(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<ContentArguments>();
    arguments->media_type = "application/octet-stream";
    const auto commands = add_content_commands(app, *arguments,
                                               {.noun = "a blob",
                                                .stored_forms = "HOST[:PORT]/NAME@DIGEST or oci:DIR@DIGEST",
                                                .new_forms = "HOST[:PORT]/NAME or oci:DIR",
                                                .file = "the content; - is standard input",
                                                .media_type = "for the descriptor that is printed",
                                                .deleting = "delete a blob"},
                                               diagnostics);
    app.footer(explanation);
    return [=]() -> CommandResult {
        if (commands.fetch->parsed())
            return fetch(*arguments);
        return commands.push->parsed() ? push(*arguments) : remove(*arguments);
    };
}

} // namespace ecc
