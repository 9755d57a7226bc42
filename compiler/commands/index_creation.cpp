#include "compiler/commands/index_creation.h"

#include "compiler/commands/annotation_option.h"
#include "packager/json.h"
#include "packager/oci/image_index.h"
#include "packager/oci/index_entry.h"
#include "support/output.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

Result<Reference> source_in(const Reference& place, const std::string& source) {
    if (is_tag(source))
        return parse_reference(place.location() + ":" + source);
    if (source.starts_with("sha256:"))
        return parse_reference(place.location() + "@" + source);
    return usage_error(fmt::format("\"{}\" is neither a tag nor a digest", source),
                       "copy it there with `ecc cp` first");
}

/// Clients choose an entry by its platform, and so could never get at the second.
Result<void> check_platform(const ImageIndex& index, const Descriptor& entry, const std::string& where) {
    const auto same = std::ranges::find_if(index.manifests, [&](const Descriptor& other) {
        return other.digest == entry.digest || (entry.platform && other.platform == entry.platform);
    });
    if (same == index.manifests.end())
        return {};
    if (same->digest == entry.digest)
        return input_error(where, "is in the index already: " + entry.digest, "name each manifest once");
    return input_error(where,
                       fmt::format("is for {}, as is {}: an index has one manifest for each platform",
                                   platform_text(*entry.platform), same->digest),
                       "give packages for the same platform tags of their own");
}

Result<ImageIndex> make_index(const OpenStore& opened, const IndexArguments& arguments) {
    ImageIndex index;
    ECC_TRY(index.annotations, parse_annotations(arguments.annotations));
    for (const std::string& source : arguments.sources) {
        ECC_TRY(const Reference reference, source_in(opened.reference, source));
        ECC_TRY(auto entry, index_entry(*opened.store, reference));
        ECC_CHECK(check_platform(index, entry, reference.text()));
        index.manifests.push_back(std::move(entry));
    }
    return index;
}

} // namespace

CommandResult create_index(const IndexArguments& arguments) {
    ECC_TRY(auto opened, open_store(arguments.reference, arguments.registry, Access::push));
    if (!opened.reference.digest.empty())
        return usage_error("an index gets its digest from its content",
                           "name a tag, or nothing but the place");
    ECC_TRY(const auto index, make_index(opened, arguments));
    const std::string text = image_index_to_json(index);
    const Descriptor descriptor = describe(media_type::image_index, as_bytes(text));
    ECC_CHECK(opened.store->put_manifest(descriptor, text, opened.reference.tag));
    ECC_CHECK(opened.store->finish());
    Reference pinned = opened.reference;
    pinned.digest = descriptor.digest;
    print_to(stdout, "{}\n",
             arguments.registry.json ? json_text(described(pinned, descriptor)) : pinned.text());
    return 0;
}

} // namespace ecc
