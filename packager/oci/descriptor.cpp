#include "packager/oci/descriptor.h"

#include "packager/json.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

bool is_restricted_name(std::string_view name) {
    const auto is_alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !name.empty() && name.size() <= 127 && is_alphanumeric(name[0]) &&
           std::ranges::all_of(name, [&](char c) {
               return is_alphanumeric(c) || std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
           });
}

} // namespace

using nlohmann::json;

Result<void> check_media_type(std::string_view text) {
    const auto slash = text.find('/');
    if (slash != text.npos && is_restricted_name(text.substr(0, slash)) &&
        is_restricted_name(text.substr(slash + 1)))
        return {};
    return usage_error(fmt::format("\"{}\" is not a media type", text),
                       "write TYPE/SUBTYPE, such as application/json");
}

Descriptor describe(std::string_view media_type, ByteView content) {
    return {.media_type = std::string(media_type), .digest = sha256_digest(content), .size = content.size()};
}

Descriptor empty_descriptor() {
    return describe(media_type::empty, as_bytes(empty_content));
}

json descriptor_to_json(const Descriptor& descriptor) {
    json document = {
        {"mediaType", descriptor.media_type}, {"digest", descriptor.digest}, {"size", descriptor.size}};
    if (!descriptor.annotations.empty())
        document["annotations"] = descriptor.annotations;
    if (!descriptor.artifact_type.empty())
        document["artifactType"] = descriptor.artifact_type;
    if (descriptor.platform)
        document["platform"] = platform_to_json(*descriptor.platform);
    return document;
}

Result<Descriptor> descriptor_from_json(const json& document, const std::string& where) {
    if (!document.is_object())
        return input_error(where, "a descriptor in the manifest is not a JSON object");
    Descriptor descriptor{.media_type = string_at(document, "mediaType"),
                          .digest = string_at(document, "digest"),
                          .annotations = strings_at(document, "annotations"),
                          .artifact_type = string_at(document, "artifactType")};
    if (descriptor.media_type.empty())
        return input_error(where, "a descriptor in the manifest has no mediaType");
    if (!is_sha256_digest(descriptor.digest))
        return input_error(where,
                           fmt::format("a descriptor in the manifest has the digest \"{}\"; expected sha256",
                                       descriptor.digest));
    auto size = document.find("size");
    if (size == document.end() || !size->is_number_unsigned())
        return input_error(where, fmt::format("the descriptor of {} has no size", descriptor.digest));
    descriptor.size = size->get<std::uint64_t>();
    if (auto platform = document.find("platform"); platform != document.end() && platform->is_object())
        descriptor.platform = platform_from_json(*platform);
    return descriptor;
}

} // namespace ecc
