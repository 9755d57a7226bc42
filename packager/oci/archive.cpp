#include "packager/oci/archive.h"

#include "packager/oci/tar.h"

namespace ecc {

namespace fs = std::filesystem;

Result<std::unique_ptr<Store>> Archive::open(const Reference& reference, const StoreOptions& options) {
    ECC_TRY(auto folder, TempDir::make());
    std::unique_ptr<Archive> archive(new Archive(std::move(folder), reference));
    std::error_code ignored;
    const fs::path around = fs::absolute(archive->file_, ignored).parent_path();
    if (options.access != Access::pull && fs::is_directory(around, ignored)) {
        ECC_TRY(auto lock, FolderLock::take(around, reference.location()));
        archive->lock_.emplace(std::move(lock));
    }
    const bool is_new = !fs::exists(archive->file_, ignored) && options.access == Access::push;
    ECC_CHECK(is_new ? archive->create() : unpack_layout(archive->file_, archive->root()));
    ECC_CHECK(archive->check());
    return archive;
}

Result<void> Archive::put_manifest(const Descriptor& manifest, std::string_view text,
                                   const std::string& tag) {
    changed_ = true;
    return Layout::put_manifest(manifest, text, tag);
}

Result<void> Archive::revise_manifest(const std::string& tag, const Revision& revise) {
    changed_ = true;
    return Layout::revise_manifest(tag, revise);
}

Result<void> Archive::delete_manifest(const StoredManifest& manifest) {
    changed_ = true;
    return Layout::delete_manifest(manifest);
}

Result<void> Archive::delete_blob(const std::string& digest) {
    changed_ = true;
    return Layout::delete_blob(digest);
}

Result<void> Archive::finish() {
    return changed_ ? pack_layout(root(), file_) : Result<void>();
}

} // namespace ecc
