// Where artifacts are kept: one repository of a registry (registry.h), a layout folder (layout.h) or one in a
// tar file (archive.h). Push, pull, copy and the rest are written against this alone.
//
// Stores move bytes. Digests and sizes of what comes out are checked by the caller, in one place
// (transfer.h), for every store. The functions on blobs may be called from several threads at once.
#pragma once

#include "packager/oci/blob_source.h"
#include "packager/oci/http_limits.h"
#include "packager/oci/reference.h"

#include <vector>

namespace ecc {

inline constexpr std::size_t max_tags = 100'000;

struct StoredManifest {
    std::string media_type; ///< as the store says
    std::string text;       ///< the exact bytes

    Descriptor descriptor() const { return describe(media_type, as_bytes(text)); }
};

/// What the manifest behind a tag shall become, given what it is (nothing: there is no such tag); nothing if
/// it may stay as it is. May be asked several times.
using Revision = std::function<Result<std::optional<StoredManifest>>(const std::optional<StoredManifest>&)>;

class Store {
public:
    virtual ~Store() = default;

    virtual Result<bool> has_blob(const Descriptor& blob) = 0;
    /// An input error if there is no such blob.
    virtual Result<std::uint64_t> blob_size(const std::string& digest) = 0;
    virtual Result<void> put_blob(const Descriptor& blob, const BlobSource& content,
                                  const Progress& progress) = 0;

    /// The same for content that comes once, from `produce`; it is compared with the descriptor before it is
    /// stored.
    virtual Result<void> put_stream(const Descriptor& blob, const Producer& produce,
                                    const Progress& progress);

    /// The blob where it can be read from any offset without a copy; nothing if this store cannot offer that.
    virtual Result<std::unique_ptr<BlobSource>> open_blob(const Descriptor& blob);

    /// Gives the bytes to `sink` as they come, never more than `blob.size`.
    virtual Result<void> get_blob(const Descriptor& blob, const Sink& sink) = 0;

    /// True if the blob of another repository of the same registry is now in this one too, without a
    /// transfer.
    virtual Result<bool> mount_blob(const Descriptor& blob, const Reference& from) = 0;

    /// Stores the manifest and lets `tag` point at it; with an empty tag it is reachable by digest only. If
    /// it has a subject, that one's referrers list it from now on.
    virtual Result<void> put_manifest(const Descriptor& manifest, std::string_view text,
                                      const std::string& tag) = 0;

    /// Changes the manifest behind a tag that several clients add to. Changes made at the same time add up:
    /// in folders always, in registries as far as those allow (tag_revision.h).
    virtual Result<void> revise_manifest(const std::string& tag, const Revision& revise) = 0;

    /// By tag or digest; nothing if there is none.
    virtual Result<std::optional<StoredManifest>> find_manifest(const std::string& selector) = 0;

    /// The same; an unknown one is an input error that names the tags that there are.
    virtual Result<StoredManifest> get_manifest(const std::string& selector) = 0;

    /// All of them, sorted; at most max_tags are read. An input error if the registry has no such repository.
    virtual Result<std::vector<std::string>> tags() = 0;

    /// The manifests whose subject has this digest.
    virtual Result<std::vector<Descriptor>> referrers(const std::string& digest) = 0;

    /// The manifest and every tag that points at it.
    virtual Result<void> delete_manifest(const StoredManifest& manifest) = 0;

    virtual Result<void> delete_blob(const std::string& digest) = 0;

    /// Must be called after the last change: an archive is written only now.
    virtual Result<void> finish() { return {}; }
};

/// The input error for a tag or digest that is not there, or for none given; it names the tags that there
/// are.
Error unknown_selector(const std::string& where, const std::string& selector, std::vector<std::string> tags);

enum class Access { pull, push, remove };

/// Told what a user should know although nothing failed; may be empty.
using Notice = std::function<void(const std::string&)>;

struct StoreOptions {
    Access access = Access::pull;
    bool plain_http = false;               ///< speak HTTP without TLS to any host
    bool insecure = false;                 ///< accept any TLS certificate
    std::filesystem::path ca_file;         ///< more certificate authorities, PEM
    std::filesystem::path registry_config; ///< the only file with logins that is asked; empty: the usual ones
    HttpLimits limits;
    Notice notice; ///< told what a registry warns of, each text once, and of waiting for a locked folder
};

/// An environment error if the registry or folder cannot be reached, an input error if the folder is no
/// layout.
Result<std::unique_ptr<Store>> open_store(const Reference& reference, const StoreOptions& options);

} // namespace ecc
