// One repository of a registry, over the distribution specification 1.1. Each topic of it has a file of its
// own: upload.h, download.h, manifest_requests.h, listing.h, referrers.h, removal.h.
#pragma once

#include "packager/oci/repository_client.h"
#include "packager/oci/store.h"

namespace ecc {

class Registry final : public Store {
public:
    static Result<std::unique_ptr<Store>> open(const Reference& reference, const StoreOptions& options);

    Result<bool> has_blob(const Descriptor& blob) override;
    Result<std::uint64_t> blob_size(const std::string& digest) override;
    Result<void> put_blob(const Descriptor& blob, const BlobSource& content,
                          const Progress& progress) override;
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

private:
    explicit Registry(std::unique_ptr<RepositoryClient> client) : client_(std::move(client)) {}
    /// Of a deleted manifest.
    Result<void> remove_entry(const std::string& subject, const std::string& digest);
    Error unknown_manifest(const std::string& selector);

    std::unique_ptr<RepositoryClient> client_;
};

} // namespace ecc
