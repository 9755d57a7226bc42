// What an image is for, by which clients choose from an index (OCI image specification 1.1, image-index.md,
// "platform").
#pragma once

#include "support/result.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace ecc {

struct Platform {
    std::string os;           ///< "linux", "wasip1"
    std::string architecture; ///< as Go says it: "amd64", "arm64", "wasm"
    std::string variant;      ///< of the architecture: "v8"; usually empty
    bool operator==(const Platform&) const = default;
};

/// Of OS/ARCH[/VARIANT]; a usage error for anything else.
Result<Platform> parse_platform(std::string_view text);

/// OS/ARCH[/VARIANT]
std::string platform_text(const Platform& platform);

/// As oras, podman and others compare: a variant counts only if one is wanted.
bool is_for(const Platform& found, const Platform& wanted);

/// Of the object "platform" of an index's entry, or of an image's config, which has the same members.
Platform platform_from_json(const nlohmann::json& document);

nlohmann::json platform_to_json(const Platform& platform);

} // namespace ecc
