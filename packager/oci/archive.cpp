#include "packager/oci/archive.h"

#include "packager/oci/tar.h"
#include "support/staged_file.h"

namespace ecc {

namespace fs = std::filesystem;

Result<std::unique_ptr<Store>> Archive::open(const Reference& reference, const StoreOptions& options) {
    ECC_TRY(auto folder, TempDir::make());
    std::unique_ptr<Archive> archive(new Archive(std::move(folder), reference, options.notice));
    std::error_code ignored;
    if (options.access != Access::pull) {
        ECC_TRY(auto target, staged_target(archive->file_));
        archive->file_ = std::move(target).value_or(archive->file_);
    }
    const fs::path around = fs::absolute(archive->file_, ignored).parent_path();
    if (options.access != Access::pull && fs::is_directory(around, ignored)) {
        ECC_TRY(auto lock, FolderLock::take(around, reference.location(), options.notice));
        archive->lock_.emplace(std::move(lock));
    }
    const bool is_new = !fs::exists(archive->file_, ignored) && options.access == Access::push;
    ECC_CHECK(is_new ? archive->create() : unpack_layout(archive->file_, archive->root()));
    ECC_CHECK(archive->check());
    return archive;
}

Result<void> Archive::put_stream(const Descriptor& blob, const Producer& produce, const Progress& progress) {
    changed_ = true;
    return Layout::put_stream(blob, produce, progress);
}

Result<void> Archive::delete_blob(const std::string& digest) {
    changed_ = true;
    return Layout::delete_blob(digest);
}

Result<void> Archive::finish() {
    return changed_ ? pack_layout(root(), file_) : Result<void>();
}

} // namespace ecc
