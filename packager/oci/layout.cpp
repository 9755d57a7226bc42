#include "packager/oci/layout.h"

#include "packager/json.h"
#include "packager/oci/image_manifest.h"
#include "support/digest.h"
#include "support/files.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace ecc {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::string_view layout_file = R"({"imageLayoutVersion":"1.0.0"})";
constexpr std::size_t max_index_size = 16u << 20;
constexpr std::size_t max_layout_file_size = 4096;
constexpr std::size_t read_chunk = 256u << 10;

/// Keeps other writers of the same layout out while the index is read, changed and replaced.
class FolderLock {
public:
    static Result<FolderLock> take(const fs::path& folder, const std::string& where) {
        int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || ::flock(fd, LOCK_EX) != 0) {
            int number = errno;
            if (fd >= 0)
                ::close(fd);
            return environment_error(where, fmt::format("cannot lock the folder: {}", errno_text(number)));
        }
        return FolderLock(fd);
    }
    FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock() {
        if (fd_ >= 0)
            ::close(fd_);
    }

private:
    explicit FolderLock(int fd) : fd_(fd) {}
    int fd_;
};

json new_index() {
    return {{"schemaVersion", 2}, {"mediaType", media_type::image_index}, {"manifests", json::array()}};
}

std::string tag_of(const json& entry) {
    auto annotations = strings_at(entry, "annotations");
    auto found = annotations.find(annotation::ref_name);
    return found == annotations.end() ? std::string() : found->second;
}

std::vector<std::string> tags_of(const json& index) {
    std::vector<std::string> tags;
    for (const json& entry : index["manifests"])
        if (std::string tag = tag_of(entry); !tag.empty())
            tags.push_back(std::move(tag));
    return tags;
}

/// Nothing selected means the only manifest, as for skopeo.
const json* find_entry(const json& index, const std::string& selector) {
    const json& manifests = index["manifests"];
    if (selector.empty())
        return manifests.size() == 1 ? &manifests[0] : nullptr;
    for (const json& entry : manifests)
        if (tag_of(entry) == selector || string_at(entry, "digest") == selector)
            return &entry;
    return nullptr;
}

std::unexpected<Error> no_blob(const std::string& where, const std::string& digest) {
    return input_error(where, fmt::format("the layout does not have {}", digest), "push the package again");
}

} // namespace

Result<std::unique_ptr<Store>> Layout::open(const Reference& reference, const StoreOptions& options) {
    std::unique_ptr<Layout> layout(new Layout(reference));
    std::error_code ignored;
    const bool absent = !fs::exists(layout->root_ / "oci-layout", ignored);
    if (absent && options.access == Access::push)
        ECC_CHECK(layout->create());
    ECC_CHECK(layout->check());
    return layout;
}

Result<void> Layout::create() const {
    std::error_code error;
    if (fs::exists(root_, error) && !fs::is_directory(root_, error))
        return input_error(where_, "is a file; expected a folder");
    if (fs::exists(root_, error) && !fs::is_empty(root_, error))
        return input_error(where_, "is a folder with other content, not an OCI layout",
                           "name a new or empty folder");
    fs::create_directories(root_ / "blobs/sha256", error);
    if (error)
        return environment_error(where_, fmt::format("cannot create the folder: {}", error.message()));
    ECC_CHECK(write_file(root_ / "index.json", as_bytes(json_text(new_index()))));
    return write_file(root_ / "oci-layout", as_bytes(layout_file));
}

Result<void> Layout::check() const {
    std::error_code ignored;
    if (!fs::exists(root_ / "oci-layout", ignored))
        return input_error(where_, "is not an OCI layout: it has no file oci-layout",
                           "make one with `ecc push FILE oci:DIR:TAG`");
    ECC_TRY(auto bytes, read_file(root_ / "oci-layout", max_layout_file_size));
    const json document = parse_json(as_text(bytes));
    std::string version = document.is_object() ? string_at(document, "imageLayoutVersion") : "";
    if (!version.starts_with("1."))
        return input_error(where_, fmt::format("is an OCI layout of version \"{}\"; expected 1", version));
    return {};
}

fs::path Layout::blob_path(const std::string& digest) const {
    return root_ / "blobs/sha256" / digest.substr(digest.find(':') + 1);
}

/// A damaged copy does not count, so that a push repairs it.
Result<bool> Layout::has_blob(const Descriptor& blob) {
    std::error_code error;
    if (fs::file_size(blob_path(blob.digest), error) != blob.size || error)
        return false;
    auto content = read_file(blob_path(blob.digest));
    return content && sha256_digest(*content) == blob.digest;
}

Result<void> Layout::put_blob(const Descriptor& blob, ByteView content, const Progress& progress) {
    std::error_code error;
    fs::create_directories(root_ / "blobs/sha256", error);
    ECC_CHECK(write_file(blob_path(blob.digest), content));
    if (progress)
        progress(content.size(), content.size());
    return {};
}

Result<void> Layout::get_blob(const Descriptor& blob, const Sink& sink) {
    int fd =
        is_sha256_digest(blob.digest) ? ::open(blob_path(blob.digest).c_str(), O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return no_blob(where_, blob.digest);
    Result<void> taken;
    std::vector<std::uint8_t> chunk(read_chunk);
    ssize_t n = 0;
    while (taken && (n = ::read(fd, chunk.data(), chunk.size())) > 0)
        taken = sink(ByteView(chunk).first(static_cast<std::size_t>(n)));
    int number = errno;
    ::close(fd);
    if (n < 0)
        return environment_error(where_, fmt::format("cannot read {}: {}", blob.digest, errno_text(number)));
    return taken;
}

Result<json> Layout::read_index() const {
    ECC_TRY(auto bytes, read_file(root_ / "index.json", max_index_size));
    json index = parse_json(as_text(bytes));
    if (!index.is_object() || !index.contains("manifests") || !index["manifests"].is_array())
        return input_error(where_, "index.json is not an image index: it has no array of manifests");
    for (const json& entry : index["manifests"])
        if (!entry.is_object())
            return input_error(where_, "index.json lists something that is not a descriptor");
    return index;
}

Result<void> Layout::add_to_index(const Descriptor& manifest, const std::string& tag) const {
    ECC_TRY(auto lock, FolderLock::take(root_, where_));
    ECC_TRY(auto index, read_index());
    json kept = json::array();
    for (json& entry : index["manifests"])
        if (tag_of(entry) != tag || (tag.empty() && string_at(entry, "digest") != manifest.digest))
            kept.push_back(std::move(entry));
    Descriptor entry = manifest;
    if (!tag.empty())
        entry.annotations[annotation::ref_name] = tag;
    kept.push_back(descriptor_to_json(entry));
    index["manifests"] = std::move(kept);
    return write_file(root_ / "index.json", as_bytes(json_text(index)));
}

Result<void> Layout::put_manifest(const Descriptor& manifest, std::string_view text, const std::string& tag) {
    ECC_CHECK(put_blob(manifest, as_bytes(text), {}));
    return add_to_index(manifest, tag);
}

Result<StoredManifest> Layout::get_manifest(const std::string& selector) {
    ECC_TRY(auto index, read_index());
    const json* entry = find_entry(index, selector);
    if (!entry)
        return std::unexpected(unknown_selector(where_, selector, tags_of(index)));
    ECC_TRY(auto descriptor, descriptor_from_json(*entry, where_));
    std::error_code ignored;
    if (!fs::exists(blob_path(descriptor.digest), ignored))
        return no_blob(where_, descriptor.digest);
    ECC_TRY(auto bytes, read_file(blob_path(descriptor.digest), max_image_manifest_size));
    if (std::string found = sha256_digest(bytes); found != descriptor.digest)
        return input_error(
            where_, fmt::format("wrong digest: the manifest is {}; expected {}", found, descriptor.digest),
            "the stored copy is damaged: push it again");
    return StoredManifest{descriptor.media_type, std::string(as_text(bytes))};
}

} // namespace ecc
