#include "packager/oci/container_image.h"

#include "packager/json.h"
#include "packager/oci/image_manifest.h"
#include "packager/oci/index_entry.h"
#include "packager/oci/layer_files.h"
#include "packager/oci/plain_tree.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

std::unexpected<Error> no_container(const Reference& image, const std::string& what) {
    return input_error(image.text(), what, "push one with --format container");
}

/// Other tools write members that have no value.
bool says_nothing(const json& value) {
    return value.is_null() || value == false || value == "" ||
           ((value.is_array() || value.is_object()) && value.empty());
}

/// Environment, working folder, user and the like would change what ecc-run does.
Result<void> check_config(const Reference& image, const json& config) {
    const json run = config.is_object() ? config.value("config", json()) : json();
    const json entrypoint = {container_runner, container_package};
    if (!run.is_object() || run.value("Entrypoint", json()) != entrypoint)
        return no_container(
            image, fmt::format("is no image that starts {} {}", container_runner, container_package));
    for (const auto& [key, value] : run.items())
        if (key != "Entrypoint" && key != "Labels" && !says_nothing(value))
            return no_container(image,
                                fmt::format("has settings besides the program that it starts: {}", key));
    return {};
}

/// All layers on top of each other.
class UnpackedImage {
public:
    explicit UnpackedImage(const Reference& image) : image_(image), tree_(image.text()) {}

    Result<Sink> open(const TarMember& member) {
        ECC_CHECK(tree_.add(member));
        const bool is_file = member.kind == TarKind::file;
        has_runner_ = has_runner_ || (is_file && member.path == container_runner.substr(1));
        if (!is_file || member.path != container_package.substr(1))
            return Sink(discard);
        has_package_ = true;
        return Sink([this](ByteView bytes) {
            hash_.update(bytes);
            return Result<void>();
        });
    }

    Result<std::string> package_digest() {
        if (has_runner_ && has_package_)
            return hash_.finish();
        return no_container(image_, fmt::format("the image does not have {}, which it starts",
                                                has_package_ ? container_runner : container_package));
    }

private:
    const Reference& image_;
    PlainTree tree_;
    Sha256 hash_;
    bool has_runner_ = false;
    bool has_package_ = false;
};

} // namespace

Result<std::string> container_package_digest(Store& store, const Reference& image) {
    ECC_TRY(const auto stored, fetch_manifest(store, image));
    ECC_TRY(const auto manifest, image_manifest_from_json(stored.text, stored.media_type, image.text()));
    ECC_TRY(const Bytes config, fetch_config(store, image, stored));
    ECC_CHECK(check_config(image, parse_json(as_text(config))));
    UnpackedImage unpacked(image);
    for (const Descriptor& layer : manifest.layers) {
        if (!is_tar_layer(layer.media_type))
            return no_container(image, fmt::format("has a layer of type {}", layer.media_type));
        ECC_CHECK(read_layer_files(store, image, layer,
                                   [&](const TarMember& member) { return unpacked.open(member); }, {}));
    }
    return unpacked.package_digest();
}

} // namespace ecc
