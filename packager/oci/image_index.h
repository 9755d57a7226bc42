// Several manifests under one digest, such as one for each architecture (OCI image specification 1.1,
// image-index.md).
#pragma once

#include "packager/oci/descriptor.h"

#include <vector>

namespace ecc {

inline constexpr std::size_t max_index_entries = 10'000;

/// Of OCI's indexes and docker's manifest lists.
bool is_index(std::string_view media_type);

struct ImageIndex {
    std::vector<Descriptor> manifests;
    AnnotationMap annotations;
    std::string artifact_type;
    std::optional<Descriptor> subject; ///< the manifest that this index refers to
    bool operator==(const ImageIndex&) const = default;
};

/// Sorted keys, no white space: the same index is always the same bytes.
std::string image_index_to_json(const ImageIndex& index);

/// Of an OCI index or one of docker's manifest lists. An input error names what is wrong.
Result<ImageIndex> image_index_from_json(std::string_view text, std::string_view content_type,
                                         const std::string& where);

} // namespace ecc
