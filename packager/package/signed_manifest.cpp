#include "packager/package/signed_manifest.h"

#include "packager/json.h"
#include "packager/package/sigstore_bundle.h"
#include "packager/package/wasm_module.h"
#include "support/base64.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace ecc {
namespace {

using nlohmann::json;

constexpr std::size_t max_manifests = 2;
/// Of a bundle; those of cosign have less than 100. As many as there may be stay within what parse_json
/// reads.
constexpr std::size_t max_values = 400;

Result<std::string> manifest_from(const json& entry, const std::string& where) {
    const auto bytes = entry.is_string() ? from_base64(entry.get_ref<const std::string&>()) : std::nullopt;
    if (!bytes || bytes->empty())
        return input_error(where, "has a manifest that is not base64");
    return std::string(as_text(*bytes));
}

/// The elements of the array; there must be one.
Result<std::vector<json>> elements(const json& document, const char* name, std::size_t most,
                                   const std::string& where) {
    const auto found = document.find(name);
    if (found == document.end() || !found->is_array() || found->empty())
        return input_error(where, fmt::format("has no \"{}\"", name));
    if (found->size() > most)
        return input_error(where,
                           fmt::format("has {} \"{}\"; at most {} are read", found->size(), name, most));
    return found->get<std::vector<json>>();
}

/// The entries of an index, or the layers of an image. A document that could be read as both is neither.
Result<std::vector<json>> links_of(const std::string& manifest, const char* kind, const char* other,
                                   const std::string& where) {
    const json document = parse_json(manifest);
    if (!document.is_object() || document.contains(other) || !document.contains(kind) ||
        !document[kind].is_array())
        return input_error(where,
                           fmt::format("has a manifest without \"{}\" where one with it belongs", kind));
    return document[kind].get<std::vector<json>>();
}

std::string digest_at(const json& descriptor) {
    return descriptor.is_object() ? string_at(descriptor, "digest") : std::string();
}

bool is_wasm_layer(const json& layer) {
    return layer.is_object() && is_wasm_media_type(string_at(layer, "mediaType"));
}

Result<void> check_lists(const std::string& index, const std::string& manifest, const std::string& where) {
    ECC_TRY(const auto entries, links_of(index, "manifests", "layers", where));
    if (std::ranges::find(entries, sha256_digest(as_bytes(manifest)), digest_at) == entries.end())
        return input_error(where, "the signed index does not list the manifest");
    return {};
}

std::size_t count_values(const json& value) {
    std::size_t values = 1;
    if (value.is_structured())
        for (const json& element : value)
            values += count_values(element);
    return values;
}

/// As it stands in the file, or nothing if it cannot be read there.
std::optional<std::string> as_element(const std::string& bundle) {
    const json nested = parse_json("[[" + bundle + "]]");
    if (!nested.is_array() || nested.size() != 1 || nested[0].size() != 1 ||
        count_values(nested) > max_values)
        return std::nullopt;
    return json_text(nested[0][0]);
}

} // namespace

void add_signatures(SignedManifest& manifest, std::span<const std::string> bundles) {
    std::size_t size = signed_manifest_to_json(manifest).size();
    for (const std::string& bundle : bundles) {
        auto element = as_element(bundle);
        const std::size_t with_comma = element ? element->size() + 1 : 0;
        if (!element || manifest.signatures.size() >= max_signatures ||
            size + with_comma > max_signed_manifest_size)
            continue;
        size += with_comma;
        manifest.signatures.push_back(std::move(*element));
    }
}

std::string signed_manifest_to_json(const SignedManifest& manifest) {
    json document = {{"mediaType", signed_manifest_media_type},
                     {"manifests", json::array()},
                     {"signatures", json::array()}};
    for (const std::string& text : manifest.manifests)
        document["manifests"].push_back(to_base64(as_bytes(text)));
    for (const std::string& bundle : manifest.signatures)
        document["signatures"].push_back(parse_json(bundle));
    return json_text(document);
}

Result<SignedManifest> signed_manifest_from_json(std::string_view text, const std::string& where) {
    if (text.size() > max_signed_manifest_size)
        return input_error(where, "is larger than 16 MiB");
    const json document = parse_json(text);
    if (!document.is_object() || string_at(document, "mediaType") != signed_manifest_media_type)
        return input_error(where, fmt::format("is no file of type {}", signed_manifest_media_type),
                           "`ecc pull --bundle FILE REF` writes one");
    ECC_TRY(const auto manifests, elements(document, "manifests", max_manifests, where));
    ECC_TRY(const auto signatures, elements(document, "signatures", max_signatures, where));
    SignedManifest manifest;
    for (const json& entry : manifests) {
        ECC_TRY(auto bytes, manifest_from(entry, where));
        manifest.manifests.push_back(std::move(bytes));
    }
    for (const json& signature : signatures)
        manifest.signatures.push_back(json_text(signature));
    return manifest;
}

Result<void> check_leads_to(const SignedManifest& manifest, const std::string& package_digest,
                            const std::string& where) {
    const auto& manifests = manifest.manifests;
    if (manifests.empty())
        return input_error(where, "has no \"manifests\"");
    for (std::size_t i = 1; i < manifests.size(); i++)
        ECC_CHECK(check_lists(manifests[i - 1], manifests[i], where));
    ECC_TRY(const auto layers, links_of(manifests.back(), "layers", "manifests", where));
    if (std::ranges::count_if(layers, is_wasm_layer) != 1)
        return input_error(where,
                           fmt::format("the signed manifest does not have one layer {}", wasm_media_type));
    const std::string found = digest_at(*std::ranges::find_if(layers, is_wasm_layer));
    if (found != package_digest)
        return input_error(where, fmt::format("is about another package: {}, not {}", found, package_digest));
    return {};
}

Result<void> verify_signatures(const SignedManifest& manifest, const PublicKey& key,
                               const std::string& where) {
    if (manifest.manifests.empty())
        return input_error(where, "has no \"manifests\"");
    const std::string digest = sha256_digest(as_bytes(manifest.manifests.front()));
    std::set<std::string> reasons;
    for (const std::string& bundle : manifest.signatures) {
        const auto verified = verify_bundle(bundle, key, digest);
        if (verified)
            return {};
        reasons.insert(verified.error().what);
    }
    return input_error(where, fmt::format("no signature is by this key: {}", fmt::join(reasons, "; ")),
                       "check the key and the package");
}

} // namespace ecc
