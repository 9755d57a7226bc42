#include "packager/oci/image_config.h"

#include "packager/json.h"
#include "packager/oci/source_date.h"
#include "packager/oci/tar.h"
#include "support/digest.h"

namespace ecc {

Blob make_image_config(const ImageConfig& config) {
    nlohmann::json run = nlohmann::json::object();
    if (!config.entrypoint.empty())
        run["Entrypoint"] = config.entrypoint;
    if (!config.labels.empty())
        run["Labels"] = config.labels;
    return make_blob(media_type::image_config,
                     json_text({{"created", rfc3339(config.created)},
                                {"architecture", config.platform.architecture},
                                {"os", config.platform.os},
                                {"config", std::move(run)},
                                {"rootfs", {{"type", "layers"}, {"diff_ids", config.diff_ids}}}}));
}

Result<TarLayer> make_tar_layer(const std::vector<TarEntry>& entries, std::int64_t time) {
    Sha256 unpacked;
    Spool packed("layer");
    Gzip gzip([&](ByteView bytes) { return packed.write(bytes); });
    ECC_CHECK(write_tar(entries, time, [&](ByteView bytes) {
        unpacked.update(bytes);
        return gzip.write(bytes);
    }));
    ECC_CHECK(gzip.finish());
    ECC_TRY(std::shared_ptr<const BlobSource> content, packed.finish());
    ECC_TRY(auto descriptor, describe(media_type::tar_gzip_layer, *content));
    return TarLayer{{std::move(descriptor), std::move(content)}, unpacked.finish()};
}

} // namespace ecc
