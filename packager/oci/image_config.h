// The config of an image that container engines start (OCI image specification 1.1, config.md).
#pragma once

#include "packager/oci/artifact.h"

namespace ecc {

struct ImageConfig {
    Platform platform;
    std::vector<std::string> entrypoint;
    std::map<std::string, std::string> labels;
    std::vector<std::string> diff_ids; ///< digests of the layers before they were packed
    std::int64_t created = 0;          ///< seconds since 1970
};

Blob make_image_config(const ImageConfig& config);

/// A layer tar+gzip, and the digest that belongs into the config's diff_ids.
struct TarLayer {
    Blob blob;
    std::string diff_id;
};

struct TarEntry;

Result<TarLayer> make_tar_layer(const std::vector<TarEntry>& entries, std::int64_t time);

} // namespace ecc
