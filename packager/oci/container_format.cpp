// An ordinary image: one layer with ecc-run and what it needs to start, the same for every package, and one
// with the package; of several runtimes, an index with an image for each. What follows the image's name on
// the command line goes to ecc-run.

#include "packager/oci/container_image.h"
#include "packager/oci/format.h"
#include "packager/oci/image_config.h"
#include "packager/oci/tar.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

Result<TarLayer> runtime_layer(const Runtime& runtime) {
    std::vector<TarEntry> entries;
    for (const RuntimeFile& file : runtime.files)
        entries.push_back({file.name, file.content, 0755});
    // The runtime is not of the package: its layer does not change with the package's time.
    return make_tar_layer(entries, 0);
}

/// An image whose runtime could not load the package would fail on every node.
Result<void> check_objects(const FormatInput& input, const std::string& architecture) {
    const auto& objects = input.package.objects;
    for (const EmbeddedObject& object : objects) {
        const bool served = std::ranges::any_of(objects, [&](const EmbeddedObject& other) {
            return other.name == object.name && input.go_architecture(other.architecture) == architecture;
        });
        if (!served)
            return input_error(
                input.package.manifest.name,
                fmt::format("has its BPF object {} for {} and not for {}, which ecc-run is for", object.name,
                            object.architecture, architecture),
                fmt::format("add that architecture to --arch when building the package, or "
                            "push from a machine of {}, or name its ecc-run with --runtime",
                            object.architecture));
    }
    return {};
}

Result<PlatformArtifact> make_image(const FormatInput& input, const Runtime& ecc_run) {
    ECC_CHECK(check_objects(input, ecc_run.architecture));
    ECC_TRY(auto runtime, runtime_layer(ecc_run));
    ECC_TRY(auto app, make_tar_layer({tar_entry(plain_path(container_package), input.bytes)}, input.created));
    const Platform platform{"linux", ecc_run.architecture};
    Blob config =
        make_image_config({.platform = platform,
                           .entrypoint = {std::string(container_runner), std::string(container_package)},
                           .diff_ids = {runtime.diff_id, app.diff_id},
                           .created = input.created});
    Artifact artifact{.config = std::move(config),
                      .layers = {std::move(runtime.blob), std::move(app.blob)},
                      .annotations = input.annotations};
    return PlatformArtifact{std::move(artifact), platform};
}

} // namespace

Result<PackedFormat> pack_container(const FormatInput& input) {
    ECC_TRY(const auto runtimes, input.runtimes());
    PackedFormat packed{.indexed = runtimes.size() > 1};
    for (const Runtime& runtime : runtimes) {
        ECC_TRY(auto image, make_image(input, runtime));
        if (std::ranges::find(packed.artifacts, image.platform, &PlatformArtifact::platform) !=
            packed.artifacts.end())
            return usage_error(fmt::format("two of --runtime are for {}", runtime.architecture),
                               "name one for each architecture");
        packed.artifacts.push_back(std::move(image));
    }
    return packed;
}

} // namespace ecc
