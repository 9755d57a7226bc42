// The file index.json of an OCI layout: which manifests there are, and their tags (image specification 1.1,
// image-layout.md; the tag is the annotation org.opencontainers.image.ref.name).
#pragma once

#include "packager/oci/descriptor.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <vector>

namespace ecc {

/// Entries keep members that we do not know.
class LayoutIndex {
public:
    static LayoutIndex empty();
    static Result<LayoutIndex> parse(std::string_view text, const std::string& where);
    std::string text() const;

    std::vector<std::string> tags() const;
    /// By tag or digest; nothing selected means the only manifest, as for skopeo.
    const nlohmann::json* find(const std::string& selector) const;
    const nlohmann::json& entries() const { return document_["manifests"]; }

    /// With a tag, takes it from whatever had it; without one, adds the manifest unless it is there.
    void add(const Descriptor& manifest, const std::string& tag);
    /// All entries of these digests that have no tag: they are reached through an index from now on.
    void drop_untagged(const std::vector<Descriptor>& manifests);
    void remove(const std::string& digest);

private:
    explicit LayoutIndex(nlohmann::json document);
    void keep(const std::function<bool(const nlohmann::json&)>& wanted);
    void note_places();

    nlohmann::json document_;
    std::unordered_map<std::string, std::size_t> places_; ///< of the first entry with a tag or digest
};

} // namespace ecc
