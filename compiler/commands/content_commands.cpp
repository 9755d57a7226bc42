#include "compiler/commands/content_commands.h"

namespace ecc {

ContentCommands add_content_commands(CLI::App& app, ContentArguments& arguments, const ContentTexts& texts,
                                     const Diagnostics& diagnostics) {
    auto* fetch = app.add_subcommand("fetch", "print " + texts.noun + ", or write it to a file");
    fetch->add_option("REF", arguments.reference, texts.stored_forms)->required();
    fetch->add_option("-o,--output", arguments.file, "the file to write; - is standard output")
        ->type_name("FILE");
    fetch->add_flag("--descriptor", arguments.descriptor, "print what points at it instead");
    auto* push = app.add_subcommand("push", "store " + texts.noun + " from a file");
    push->add_option("REF", arguments.reference, texts.new_forms)->required();
    push->add_option("FILE", arguments.file, texts.file)->required();
    auto* media_type = push->add_option("--media-type", arguments.media_type, texts.media_type);
    media_type->type_name("TYPE");
    if (!arguments.media_type.empty())
        media_type->capture_default_str();
    auto* remove = app.add_subcommand("delete", texts.deleting);
    remove->add_option("REF", arguments.reference, texts.stored_forms)->required();
    remove->add_flag("-f,--force", arguments.force, "do not ask");
    for (CLI::App* command : {fetch, push, remove})
        add_registry_options(*command, arguments.registry, diagnostics);
    app.require_subcommand(1);
    return {fetch, push, remove};
}

} // namespace ecc
