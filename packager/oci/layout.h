// A folder that holds artifacts as files (OCI image specification 1.1, image-layout.md): oci-layout,
// index.json and blobs/sha256/…; tags are the annotation org.opencontainers.image.ref.name in the index.
#pragma once

#include "packager/oci/store.h"

namespace ecc {

class Layout final : public Store {
public:
    /// For a push, makes the folder if it is absent or empty; for a pull, it must be a layout already.
    static Result<std::unique_ptr<Store>> open(const Reference& reference, const StoreOptions& options);

    Result<bool> has_blob(const Descriptor& blob) override;
    Result<void> put_blob(const Descriptor& blob, ByteView content, const Progress& progress) override;
    Result<void> get_blob(const Descriptor& blob, const Sink& sink) override;
    Result<void> put_manifest(const Descriptor& manifest, std::string_view text,
                              const std::string& tag) override;
    Result<StoredManifest> get_manifest(const std::string& selector) override;

private:
    explicit Layout(const Reference& reference) : root_(reference.layout), where_(reference.location()) {}

    Result<void> check() const;
    Result<void> create() const;
    Result<nlohmann::json> read_index() const;
    Result<void> add_to_index(const Descriptor& manifest, const std::string& tag) const;
    std::filesystem::path blob_path(const std::string& digest) const;

    std::filesystem::path root_;
    std::string where_;
};

} // namespace ecc
