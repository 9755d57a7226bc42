#include "packager/oci/layer_files.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::string_view tar_layers[] = {
    media_type::tar_gzip_layer,
    "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.docker.image.rootfs.diff.tar",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.diff.tar.zstd",
};

} // namespace

bool is_tar_layer(std::string_view media_type) {
    return std::ranges::find(tar_layers, media_type) != std::end(tar_layers);
}

Result<void> check_layer_size(const Descriptor& layer, const std::string& where) {
    if (layer.size > max_layer_size)
        return input_error(where, fmt::format("the layer has {} MiB; at most {} MiB are read",
                                              layer.size >> 20, max_layer_size >> 20));
    return {};
}

Result<void> read_layer_files(Store& store, const Reference& reference, const Descriptor& layer,
                              const OpenTarFile& open, const Progress& progress) {
    const std::string where = reference.text();
    ECC_CHECK(check_layer_size(layer, where));
    Spool spool(where);
    ECC_CHECK(
        fetch_layer(store, reference, layer, [&](ByteView bytes) { return spool.write(bytes); }, progress));
    ECC_TRY(const auto content, spool.finish());
    return read_tar_files(*content, max_layer_size, where, open);
}

} // namespace ecc
