// Where artifacts are kept: one repository of a registry (registry.h) or a layout folder (layout.h). Push and
// pull (transfer.h) are written against this alone.
//
// Stores move bytes. Digests and sizes of what comes out are checked by the caller, in one place, for every
// store.
#pragma once

#include "packager/oci/descriptor.h"
#include "packager/oci/reference.h"

#include <functional>
#include <memory>
#include <vector>

namespace ecc {

/// Takes the next bytes of a blob; an error ends the transfer and is what the caller gets.
using Sink = std::function<Result<void>(ByteView)>;

/// Told how many bytes of how many have been moved.
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct StoredManifest {
    std::string media_type; ///< as the store says
    std::string text;       ///< the exact bytes
};

class Store {
public:
    virtual ~Store() = default;

    virtual Result<bool> has_blob(const Descriptor& blob) = 0;
    virtual Result<void> put_blob(const Descriptor& blob, ByteView content, const Progress& progress) = 0;

    /// Gives the bytes to `sink` as they come, never more than `blob.size`.
    virtual Result<void> get_blob(const Descriptor& blob, const Sink& sink) = 0;

    /// Stores the manifest and lets `tag` point at it; with an empty tag it is reachable by digest only.
    virtual Result<void> put_manifest(const Descriptor& manifest, std::string_view text,
                                      const std::string& tag) = 0;

    /// By tag or digest. An unknown one is an input error that names the tags that there are.
    virtual Result<StoredManifest> get_manifest(const std::string& selector) = 0;
};

/// The input error for a tag or digest that is not there, or for none given; it names the tags that there
/// are.
Error unknown_selector(const std::string& where, const std::string& selector, std::vector<std::string> tags);

enum class Access { pull, push };

struct StoreOptions {
    Access access = Access::pull;
    bool plain_http = false; ///< speak HTTP without TLS to any host
};

/// An environment error if the registry or folder cannot be reached, an input error if the folder is no
/// layout.
Result<std::unique_ptr<Store>> open_store(const Reference& reference, const StoreOptions& options);

} // namespace ecc
