// `ecc tag REF TAG...` and `ecc tags REPOSITORY`: names for what is stored.

#include "compiler/commands/registry_options.h"
#include "packager/json.h"
#include "packager/oci/transfer.h"
#include "support/output.h"

#include <fmt/format.h>

namespace ecc {
namespace {

constexpr const char* tag_explanation = R"(
Lets more tags name what REF names. Nothing is copied.

  ecc tag ghcr.io/me/opensnoop:1.2.3 1.2 1 latest
  ecc tag oci:shelf@sha256:… stable)";

constexpr const char* tags_explanation = R"(
Lists the tags of a repository or layout, sorted.

  ecc tags ghcr.io/me/opensnoop
  ecc tags oci:shelf)";

struct TagArguments {
    std::string reference;
    std::vector<std::string> tags;
    RegistryOptions registry;
};

CommandResult run_tag(const TagArguments& arguments) {
    for (const std::string& tag : arguments.tags)
        if (!is_tag(tag))
            return usage_error(
                fmt::format("\"{}\" is not a tag", tag),
                "use at most 128 letters, digits, '_', '.' and '-', and begin with none of the last two");
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    ECC_TRY(auto manifest, fetch_manifest(*opened.store, opened.reference));
    const Descriptor descriptor = manifest.descriptor();
    for (const std::string& tag : arguments.tags)
        ECC_CHECK(opened.store->put_manifest(descriptor, manifest.text, tag));
    ECC_CHECK(opened.store->finish());
    if (arguments.registry.json) {
        auto document = described(opened.reference, descriptor);
        document["tags"] = arguments.tags;
        print_to(stdout, "{}\n", json_text(document));
    } else {
        for (const std::string& tag : arguments.tags)
            print_to(stdout, "{}:{}@{}\n", opened.reference.location(), tag, descriptor.digest);
    }
    return 0;
}

struct TagsArguments {
    std::string repository;
    bool no_digest_tags = false;
    RegistryOptions registry;
};

CommandResult run_tags(const TagsArguments& arguments) {
    ECC_TRY(auto opened, open_store(arguments.repository, arguments.registry, Access::pull));
    ECC_TRY(auto tags, opened.store->tags());
    const bool cut_short = tags.size() >= max_tags;
    if (arguments.no_digest_tags)
        std::erase_if(tags, is_digest_tag);
    if (arguments.registry.json) {
        print_to(stdout, "{}\n", json_text({{"repository", opened.reference.location()}, {"tags", tags}}));
    } else {
        for (const std::string& tag : tags)
            print_to(stdout, "{}\n", printable_line(tag));
    }
    if (cut_short)
        return environment_error(opened.reference.location(),
                                 fmt::format("has {} tags or more; only these were read", max_tags));
    return 0;
}

} // namespace

CommandBody define_tag(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<TagArguments>();
    app.add_option("REF", arguments->reference, reference_forms)->required();
    app.add_option("TAG", arguments->tags, "the new tags")->required();
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(tag_explanation);
    return [arguments] { return run_tag(*arguments); };
}

CommandBody define_tags(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<TagsArguments>();
    app.add_option("REPOSITORY", arguments->repository, "HOST[:PORT]/NAME, oci:DIR or oci-archive:FILE")
        ->required();
    app.add_flag("--exclude-digest-tags", arguments->no_digest_tags,
                 "leave out sha256-HEX and sha256-HEX.sig, which list referrers and signatures");
    add_registry_options(app, arguments->registry, diagnostics);
    app.footer(tags_explanation);
    return [arguments] { return run_tags(*arguments); };
}

} // namespace ecc
