// An ordinary image: one layer with ecc-run and what it needs to start, the same for every package, and one
// with the package. What follows the image's name on the command line goes to ecc-run.

#include "packager/oci/format.h"
#include "packager/oci/image_config.h"
#include "packager/oci/tar.h"

namespace ecc {
namespace {

Result<TarLayer> runtime_layer(const FormatInput& input) {
    ECC_TRY(auto files, input.runtime());
    std::vector<TarEntry> entries;
    for (const RuntimeFile& file : files)
        entries.push_back({file.name, *file.content, 0755});
    // The runtime is not of the package: its layer does not change with the package's time.
    return make_tar_layer(entries, 0);
}

} // namespace

Result<PackedFormat> pack_container(const FormatInput& input) {
    ECC_TRY(auto runtime, runtime_layer(input));
    ECC_TRY(auto app, make_tar_layer({{"app.wasm", input.bytes}}, input.created));
    const Platform platform{"linux", input.host_architecture};
    Blob config = make_image_config({.platform = platform,
                                     .entrypoint = {"/usr/bin/ecc-run", "/app.wasm"},
                                     .diff_ids = {runtime.diff_id, app.diff_id},
                                     .created = input.created});
    Artifact artifact{.config = std::move(config),
                      .layers = {std::move(runtime.blob), std::move(app.blob)},
                      .annotations = input.annotations};
    return PackedFormat{{{std::move(artifact), platform}}};
}

} // namespace ecc
