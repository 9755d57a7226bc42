// An OCI layout in a tar file, as `skopeo copy oci-archive:` and `podman save --format oci-archive` write it.
// It is unpacked into a temporary folder, and packed again when it was changed. Same content, same bytes.
#pragma once

#include "packager/oci/folder_lock.h"
#include "packager/oci/layout.h"
#include "support/files.h"

#include <atomic>

namespace ecc {

class Archive final : public Layout {
public:
    /// For a push, an absent file is an empty layout; for a pull, it must be there. Who may change it waits
    /// for the others that do, until they are done: the whole file is replaced, behind a link the one that
    /// it leads to.
    static Result<std::unique_ptr<Store>> open(const Reference& reference, const StoreOptions& options);

    // Every change adds or deletes a blob.
    Result<void> put_stream(const Descriptor& blob, const Producer& produce,
                            const Progress& progress) override;
    Result<void> delete_blob(const std::string& digest) override;
    Result<void> finish() override;

private:
    Archive(TempDir folder, const Reference& reference, const Notice& notice)
        : Layout(folder.path(), reference.location(), notice), folder_(std::move(folder)),
          file_(reference.layout) {}

    TempDir folder_;
    std::filesystem::path file_;
    std::optional<FolderLock> lock_; ///< of the folder that the file is in
    std::atomic<bool> changed_ = false;
};

} // namespace ecc
