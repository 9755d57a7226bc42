// What points at content: media type, digest and size (OCI image specification 1.1, descriptor.md).
#pragma once

#include "packager/oci/platform.h"
#include "packager/package/wasm_module.h"
#include "support/bytes.h"
#include "support/result.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

using AnnotationMap = std::map<std::string, std::string>;

namespace media_type {
inline constexpr std::string_view image_manifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view image_index = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view docker_manifest = "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view docker_list = "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view artifact_manifest = "application/vnd.oci.artifact.manifest.v1+json";
inline constexpr std::string_view image_config = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view empty = "application/vnd.oci.empty.v1+json";
inline constexpr std::string_view tar_gzip_layer = "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr std::string_view wasm_config = "application/vnd.wasm.config.v0+json";
inline constexpr std::string_view wasm_layer = wasm_media_type;
} // namespace media_type

namespace annotation {
inline constexpr const char* title = "org.opencontainers.image.title";
inline constexpr const char* version = "org.opencontainers.image.version";
inline constexpr const char* description = "org.opencontainers.image.description";
inline constexpr const char* licenses = "org.opencontainers.image.licenses";
inline constexpr const char* created = "org.opencontainers.image.created";
inline constexpr const char* source = "org.opencontainers.image.source";
inline constexpr const char* revision = "org.opencontainers.image.revision";
inline constexpr const char* ref_name = "org.opencontainers.image.ref.name";
} // namespace annotation

struct Descriptor {
    std::string media_type;
    std::string digest;
    std::uint64_t size = 0;
    AnnotationMap annotations;
    std::string artifact_type;        ///< of a manifest, where an index or a referrers list says it
    std::optional<Platform> platform; ///< of a manifest in an index
    bool operator==(const Descriptor&) const = default;
};

/// The two bytes "{}", which stand for a config that nobody needs (manifest.md, "Guidance for an Empty
/// Descriptor").
inline constexpr std::string_view empty_content = "{}";
Descriptor empty_descriptor();

Descriptor describe(std::string_view media_type, ByteView content);

/// A usage error unless it is TYPE/SUBTYPE as RFC 6838, 4.2 has it; parameters are not part of a name.
Result<void> check_media_type(std::string_view text);

nlohmann::json descriptor_to_json(const Descriptor& descriptor);

/// An input error if media type, digest or size is absent, or the digest is not SHA-256. `where` starts the
/// message.
Result<Descriptor> descriptor_from_json(const nlohmann::json& document, const std::string& where);

} // namespace ecc
