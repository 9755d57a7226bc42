#include "packager/oci/artifact.h"

#include "packager/oci/joint_progress.h"
#include "packager/oci/transfer.h"

#include <fmt/format.h>
#include <set>

namespace ecc {

Blob make_blob(std::string_view media_type, Bytes content) {
    Descriptor descriptor = describe(media_type, content);
    return {std::move(descriptor), std::make_shared<OwnedSource>(std::move(content))};
}

Blob make_blob(std::string_view media_type, std::string_view content) {
    const ByteView bytes = as_bytes(content);
    return make_blob(media_type, Bytes(bytes.begin(), bytes.end()));
}

Blob empty_blob() {
    return make_blob(media_type::empty, empty_content);
}

ImageManifest Artifact::manifest() const {
    ImageManifest image{.config = config.descriptor,
                        .annotations = annotations,
                        .artifact_type = artifact_type,
                        .subject = subject};
    for (const Blob& layer : layers)
        image.layers.push_back(layer.descriptor);
    return image;
}

Result<Descriptor> push_artifact(Store& store, const Reference& reference, const Artifact& artifact,
                                 const PushOptions& options) {
    const std::string text = image_manifest_to_json(artifact.manifest());
    const Descriptor manifest = describe(media_type::image_manifest, as_bytes(text));
    if (!reference.digest.empty() && reference.digest != manifest.digest)
        return input_error(reference.text(),
                           fmt::format("the package's manifest has digest {}", manifest.digest),
                           "leave the digest out, or push the package that it names");
    std::vector<const Blob*> blobs;
    std::set<std::string> seen;
    std::uint64_t total = 0;
    auto add = [&](const Blob& blob) {
        if (seen.insert(blob.descriptor.digest).second) {
            blobs.push_back(&blob);
            total += blob.descriptor.size;
        }
    };
    add(artifact.config);
    for (const Blob& layer : artifact.layers)
        add(layer);
    JointProgress progress(total, options.progress);
    ECC_CHECK(for_each_parallel(blobs.size(), options.concurrency, [&](std::size_t i) {
        return put_missing_blob(store, blobs[i]->descriptor, *blobs[i]->content, progress.part());
    }));
    ECC_CHECK(store.put_manifest(manifest, text, reference.tag));
    return manifest;
}

Descriptor as_subject(const Descriptor& manifest) {
    return {.media_type = manifest.media_type, .digest = manifest.digest, .size = manifest.size};
}

Result<Blob> file_blob(const std::string& file_and_type, std::string_view media_type) {
    const auto colon = file_and_type.rfind(':');
    const std::filesystem::path path = file_and_type.substr(0, colon);
    const std::string type =
        colon == file_and_type.npos ? std::string(media_type) : file_and_type.substr(colon + 1);
    ECC_CHECK(check_media_type(type));
    ECC_TRY(std::shared_ptr<const BlobSource> content, FileSource::open(path));
    ECC_TRY(auto descriptor, describe(type, *content));
    descriptor.annotations[annotation::title] = path.filename().string();
    return Blob{std::move(descriptor), std::move(content)};
}

} // namespace ecc
