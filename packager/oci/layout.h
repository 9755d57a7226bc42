// A folder that holds artifacts as files (OCI image specification 1.1, image-layout.md): oci-layout,
// index.json (layout_index.h) and blobs/sha256/….
#pragma once

#include "packager/oci/layout_index.h"
#include "packager/oci/store.h"

#include <map>

namespace ecc {

using ReferrersBySubject = std::map<std::string, std::vector<Descriptor>>;

class Layout : public Store {
public:
    /// For a push, makes the folder if it is absent or empty; for a pull, it must be a layout already.
    static Result<std::unique_ptr<Store>> open(const Reference& reference, const StoreOptions& options);

    Result<bool> has_blob(const Descriptor& blob) override;
    Result<std::uint64_t> blob_size(const std::string& digest) override;
    Result<void> put_blob(const Descriptor& blob, const BlobSource& content,
                          const Progress& progress) override;
    Result<void> put_stream(const Descriptor& blob, const Producer& produce,
                            const Progress& progress) override;
    Result<std::unique_ptr<BlobSource>> open_blob(const Descriptor& blob) override;
    Result<void> get_blob(const Descriptor& blob, const Sink& sink) override;
    Result<bool> mount_blob(const Descriptor& blob, const Reference& from) override;
    Result<void> put_manifest(const Descriptor& manifest, std::string_view text,
                              const std::string& tag) override;
    Result<void> revise_manifest(const std::string& tag, const Revision& revise) override;
    Result<std::optional<StoredManifest>> find_manifest(const std::string& selector) override;
    Result<StoredManifest> get_manifest(const std::string& selector) override;
    Result<std::vector<std::string>> tags() override;
    Result<std::vector<Descriptor>> referrers(const std::string& digest) override;
    Result<void> delete_manifest(const StoredManifest& manifest) override;
    Result<void> delete_blob(const std::string& digest) override;

protected:
    /// `where` names the layout in errors.
    Layout(std::filesystem::path root, std::string where, Notice notice)
        : root_(std::move(root)), where_(std::move(where)), notice_(std::move(notice)) {}

    Result<void> check() const;
    Result<void> create() const;
    const std::filesystem::path& root() const { return root_; }

private:
    /// Why `root_` is none.
    Error no_layout() const;
    Result<Bytes> read_part(const char* name, std::size_t limit) const;
    /// As the file is now.
    Result<const LayoutIndex*> read_index();
    Result<void> change_index(const std::function<Result<void>(LayoutIndex&)>& change);
    struct Referrer {
        std::string subject; ///< its digest
        Descriptor entry;    ///< of a list of referrers
    };
    Result<std::optional<Referrer>> referrer(const Descriptor& listed) const;
    Result<std::vector<Descriptor>> without_referrers(const LayoutIndex& index,
                                                      const std::vector<Descriptor>& listed) const;
    Result<std::vector<Descriptor>> listed_by_fallback(const LayoutIndex& index,
                                                       const std::string& subject) const;
    Result<ReferrersBySubject> all_referrers(const LayoutIndex& index) const;
    Result<std::optional<StoredManifest>> find_in(const LayoutIndex& index,
                                                  const std::string& selector) const;
    Result<StoredManifest> read_manifest(const std::string& digest, const std::string& media_type) const;
    Result<std::optional<StoredManifest>> unlisted_manifest(const std::string& digest) const;
    std::filesystem::path blob_path(const std::string& digest) const;

    /// What follows from index.json, as long as its bytes are these: questions come by the thousand, and
    /// changes seldom.
    struct KnownIndex {
        Bytes text;
        LayoutIndex index;
        std::optional<ReferrersBySubject> referrers;
    };

    std::filesystem::path root_;
    std::string where_;
    Notice notice_;
    std::optional<KnownIndex> known_;
};

} // namespace ecc
