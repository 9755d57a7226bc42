#include "packager/oci/layout_index.h"

#include "packager/json.h"

#include <algorithm>

namespace ecc {
namespace {

using nlohmann::json;

std::string tag_of(const json& entry) {
    const auto annotations = entry.find("annotations");
    return annotations == entry.end() || !annotations->is_object()
               ? std::string()
               : string_at(*annotations, annotation::ref_name);
}

} // namespace

LayoutIndex::LayoutIndex(json document) : document_(std::move(document)) {
    note_places();
}

void LayoutIndex::note_places() {
    places_.clear();
    for (std::size_t i = 0; i < entries().size(); i++) {
        const json& entry = entries()[i];
        places_.try_emplace(tag_of(entry), i);
        places_.try_emplace(string_at(entry, "digest"), i);
    }
}

LayoutIndex LayoutIndex::empty() {
    return LayoutIndex(
        {{"schemaVersion", 2}, {"mediaType", media_type::image_index}, {"manifests", json::array()}});
}

Result<LayoutIndex> LayoutIndex::parse(std::string_view text, const std::string& where) {
    json index = parse_json(text);
    if (index.is_discarded())
        return input_error(where, "index.json is not an image index: it " + json_mistake(text));
    if (!index.is_object() || !index.contains("manifests") || !index["manifests"].is_array())
        return input_error(where, "index.json is not an image index: it has no array of manifests");
    for (const json& entry : index["manifests"])
        if (!entry.is_object())
            return input_error(where, "index.json lists something that is not a descriptor");
    return LayoutIndex(std::move(index));
}

std::string LayoutIndex::text() const {
    return json_text(document_);
}

std::vector<std::string> LayoutIndex::tags() const {
    std::vector<std::string> tags;
    for (const json& entry : entries())
        if (std::string tag = tag_of(entry); !tag.empty())
            tags.push_back(std::move(tag));
    std::ranges::sort(tags);
    return tags;
}

const json* LayoutIndex::find(const std::string& selector) const {
    if (selector.empty())
        return entries().size() == 1 ? &entries()[0] : nullptr;
    const auto place = places_.find(selector);
    return place == places_.end() ? nullptr : &entries()[place->second];
}

void LayoutIndex::keep(const std::function<bool(const json&)>& wanted) {
    json kept = json::array();
    for (json& entry : document_["manifests"])
        if (wanted(entry))
            kept.push_back(std::move(entry));
    document_["manifests"] = std::move(kept);
    note_places();
}

void LayoutIndex::add(const Descriptor& manifest, const std::string& tag) {
    keep([&](const json& entry) {
        const std::string known = tag_of(entry);
        return known != tag || (tag.empty() && string_at(entry, "digest") != manifest.digest);
    });
    Descriptor entry = manifest;
    if (!tag.empty())
        entry.annotations[annotation::ref_name] = tag;
    document_["manifests"].push_back(descriptor_to_json(entry));
    note_places();
}

void LayoutIndex::drop_untagged(const std::vector<Descriptor>& manifests) {
    keep([&](const json& entry) {
        const std::string digest = string_at(entry, "digest");
        return !tag_of(entry).empty() ||
               std::ranges::find(manifests, digest, &Descriptor::digest) == manifests.end();
    });
}

void LayoutIndex::remove(const std::string& digest) {
    keep([&](const json& entry) { return string_at(entry, "digest") != digest; });
}

} // namespace ecc
