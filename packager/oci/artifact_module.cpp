#include "packager/oci/artifact_module.h"

#include "packager/json.h"
#include "packager/oci/image_index.h"
#include "packager/oci/index_entry.h"
#include "packager/oci/layer_files.h"
#include "packager/oci/plain_tree.h"
#include "packager/oci/platform_choice.h"
#include "packager/oci/wasm_artifact.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

constexpr std::string_view wasm_magic{"\0asm", 4};
constexpr std::string_view image_configs[] = {
    media_type::image_config,
    "application/vnd.docker.container.image.v1+json",
};
constexpr const char* other_artifact = "name an artifact that `ecc push` or another Wasm tool stored";

bool is_image(const StoredManifest& manifest) {
    return manifest.media_type == media_type::image_manifest ||
           manifest.media_type == media_type::docker_manifest;
}

/// Images of other architectures hold the same module.
Result<StoredManifest> wasm_manifest(Store& store, const Reference& reference, StoredManifest named) {
    if (!is_index(named.media_type))
        return named;
    ECC_TRY(const auto index, image_index_from_json(named.text, named.media_type, reference.text()));
    if (index.manifests.empty())
        return named;
    auto for_wasm = std::ranges::find_if(index.manifests, [](const Descriptor& entry) {
        return entry.platform && entry.platform->architecture == "wasm";
    });
    const auto entry = for_wasm == index.manifests.end() ? index.manifests.begin() : for_wasm;
    return fetch_manifest(store, reference.at(entry->digest));
}

/// Of what a config names, from its working folder.
std::string path_in_layer(const json& run, const std::string& name) {
    const json folder = run.value("WorkingDir", json());
    return plain_path(name.starts_with('/') || !folder.is_string() ? name
                                                                   : folder.get<std::string>() + "/" + name);
}

/// "app.wasm" of an image that starts /app.wasm, itself or with a runtime; empty if it starts no module.
std::string started_module(const json& config) {
    const json run = config.is_object() ? config.value("config", json()) : json();
    for (const char* key : {"Entrypoint", "Cmd"})
        if (const json words = run.is_object() ? run.value(key, json()) : json(); words.is_array())
            for (const json& word : words)
                if (word.is_string() && word.get_ref<const std::string&>().ends_with(".wasm"))
                    return path_in_layer(run, word.get<std::string>());
    return {};
}

/// bpfman's images say what they are in a label.
bool is_kernel_part_alone(const json& config) {
    const json run = config.is_object() ? config.value("config", json()) : json();
    const json labels = run.is_object() ? run.value("Labels", json()) : json();
    return labels.is_object() && labels.contains("io.ebpf.programs");
}

bool is_packed(const ImageManifest& image) {
    return std::ranges::find(image_configs, image.config.media_type) != std::end(image_configs) &&
           !image.layers.empty() && is_tar_layer(image.layers.back().media_type);
}

/// Finds layer and member of an image whose manifest is known.
Result<void> find_module(Store& store, const Reference& reference, const StoredManifest& stored,
                         FoundArtifact& artifact) {
    const std::string where = reference.text();
    ECC_TRY(const auto image, image_manifest_from_json(stored.text, stored.media_type, where));
    auto layer = wasm_layer_of(image, where);
    if (layer) {
        artifact.layer = std::move(*layer);
        return {};
    }
    if (!is_packed(image))
        return std::unexpected(std::move(layer.error()));
    ECC_TRY(const Bytes text, fetch_config(store, reference, stored));
    const json config = parse_json(as_text(text));
    if (is_kernel_part_alone(config))
        return input_error(where, "holds the kernel part alone, as bpfman takes it, and no package",
                           "name the artifact of another format, such as wasm");
    artifact.member = started_module(config);
    artifact.layer = image.layers.back();
    artifact.other_layers.assign(image.layers.begin(), image.layers.end() - 1);
    if (artifact.member.empty())
        return std::unexpected(std::move(layer.error()));
    return {};
}

/// Notes the first bytes of what passes by.
class ModuleSink {
public:
    explicit ModuleSink(const Sink& sink) : sink_(sink) {}

    Result<void> take(ByteView bytes) {
        head_ += as_text(bytes).substr(0, wasm_magic.size() - head_.size());
        return sink_(bytes);
    }

    bool is_wasm() const { return head_ == wasm_magic; }

private:
    const Sink& sink_;
    std::string head_;
};

Result<std::string> unpack_module(Store& store, const Reference& reference, const FoundArtifact& artifact,
                                  const Sink& sink, const Progress& progress) {
    Sha256 hash;
    const Sink keep = [&](ByteView bytes) {
        hash.update(bytes);
        return sink(bytes);
    };
    bool found = false;
    PlainTree tree(reference.text());
    const OpenTarFile open = [&](const TarMember& member) -> Result<Sink> {
        ECC_CHECK(tree.add(member));
        if (member.kind != TarKind::file || member.path != artifact.member)
            return Sink(discard);
        found = true;
        return keep;
    };
    ECC_CHECK(read_layer_files(store, reference, artifact.layer, open, progress));
    if (!found)
        return input_error(
            reference.text(),
            fmt::format("the last layer of the image does not have {}, which it starts", artifact.member));
    return hash.finish();
}

/// The files of layers, each with its digest.
class LayerList {
public:
    /// `where` names what they are of in errors.
    explicit LayerList(std::string where) : where_(std::move(where)) {}

    Result<void> add(Store& store, const Reference& image, const Descriptor& layer,
                     const std::optional<Platform>& platform) {
        const std::string of = platform ? platform_text(*platform) : "";
        ECC_CHECK(read_layer_files(store, image, layer,
                                   [&](const TarMember& member) { return open(member, of); }, {}));
        end_file();
        return {};
    }

    std::vector<LayerFile> files() && { return std::move(files_); }

private:
    Result<Sink> open(const TarMember& member, const std::string& platform) {
        end_file();
        if (member.kind != TarKind::file)
            return Sink(discard);
        if (!budget_.take(member.path))
            return input_error(where_,
                               "the layers beside the package's have too many files or too long paths");
        files_.push_back({.path = member.path, .platform = platform});
        hash_.emplace();
        return Sink([this](ByteView bytes) {
            hash_->update(bytes);
            return Result<void>();
        });
    }

    void end_file() {
        if (hash_)
            files_.back().digest = hash_->finish();
        hash_.reset();
    }

    std::string where_;
    PathBudget budget_;
    std::vector<LayerFile> files_;
    std::optional<Sha256> hash_; ///< of the last file, until all of it was read
};

} // namespace

Result<FoundArtifact> find_artifact(Store& store, const Reference& reference,
                                    const std::optional<Platform>& platform) {
    const std::string where = reference.text();
    ECC_TRY(auto named, fetch_manifest(store, reference));
    FoundArtifact artifact{.named = named.descriptor()};
    ECC_TRY(const auto stored, platform ? choose_manifest(store, reference, std::move(named), *platform)
                                        : wasm_manifest(store, reference, std::move(named)));
    if (!is_image(stored))
        return input_error(where, fmt::format("is not a Wasm artifact; found {}", stored.media_type),
                           other_artifact);
    artifact.manifest = stored.descriptor();
    ECC_CHECK(find_module(store, reference, stored, artifact));
    ECC_CHECK(check_layer_size(artifact.layer, where));
    return artifact;
}

Result<std::string> fetch_module(Store& store, const Reference& reference, const FoundArtifact& artifact,
                                 const Sink& sink, const Progress& progress) {
    ModuleSink module(sink);
    const Sink take = [&](ByteView bytes) { return module.take(bytes); };
    std::string digest = artifact.layer.digest;
    if (artifact.member.empty()) {
        ECC_CHECK(fetch_layer(store, reference, artifact.layer, take, progress));
    } else {
        ECC_TRY(digest, unpack_module(store, reference, artifact, take, progress));
    }
    if (!module.is_wasm())
        return input_error(
            reference.text(),
            fmt::format("{} is no WebAssembly, whatever its media type says: it does not begin with "
                        "\\0asm",
                        artifact.member.empty() ? artifact.layer.digest : artifact.member),
            other_artifact);
    return digest;
}

Result<std::string> module_digest(Store& store, const Reference& reference, const FoundArtifact& artifact) {
    if (artifact.member.empty())
        return artifact.layer.digest;
    return fetch_module(store, reference, artifact, discard, {});
}

Result<void> check_package(const Reference& place, const std::string& digest, const std::string& expected) {
    if (digest == expected)
        return {};
    return input_error(place.text(), fmt::format("holds another package: {}, not {}", digest, expected),
                       "name an image, or an index of images, of that package alone");
}

Result<std::vector<FoundArtifact>> find_all_artifacts(Store& store, const Reference& reference,
                                                      const FoundArtifact& found) {
    if (!is_index(found.named.media_type))
        return std::vector{found};
    ECC_TRY(const auto entries, index_entries(store, reference.at(found.named.digest)));
    std::vector<FoundArtifact> all;
    for (const Descriptor& entry : entries) {
        ECC_TRY(all.emplace_back(), find_artifact(store, reference.at(entry.digest)));
        all.back().manifest.platform = entry.platform;
    }
    return all;
}

Result<std::vector<LayerFile>> other_files(Store& store, const Reference& reference,
                                           const std::vector<FoundArtifact>& images) {
    LayerList list(reference.text());
    for (const FoundArtifact& image : images)
        for (const Descriptor& layer : image.other_layers)
            ECC_CHECK(list.add(store, reference.at(image.manifest.digest), layer, image.manifest.platform));
    return std::move(list).files();
}

} // namespace ecc
