// Options that all commands share which speak to registries, and the store that they lead to.
#pragma once

#include "compiler/commands/command.h"
#include "packager/oci/parallel.h"
#include "packager/oci/platform_choice.h"

#include <nlohmann/json_fwd.hpp>

namespace ecc {

struct RegistryOptions {
    bool json = false;
    std::string platform; ///< as given; empty: none
    unsigned concurrency = default_concurrency;
    StoreOptions store;
};

/// --json, --plain-http, --insecure, --ca-file and --registry-config. Warnings of a registry go to
/// `diagnostics`, which must outlive `options`.
void add_registry_options(CLI::App& app, RegistryOptions& options, const Diagnostics& diagnostics);

/// All of them but --json, for a command that passes output on.
void add_connection_options(CLI::App& app, StoreOptions& options, const Diagnostics& diagnostics);

/// --concurrency
void add_concurrency(CLI::App& app, RegistryOptions& options);

/// --platform
void add_platform(CLI::App& app, RegistryOptions& options);

/// The platform that was asked for.
Result<std::optional<Platform>> wanted_platform(const RegistryOptions& options);

/// A store and what names the artifact in it.
struct OpenStore {
    Reference reference;
    std::optional<Platform> platform;
    std::unique_ptr<Store> store;
};

Result<OpenStore> open_store(const std::string& reference, const RegistryOptions& options, Access access);

/// What is named: the reference's manifest, or the one for the platform.
Result<StoredManifest> fetch_manifest(const OpenStore& opened);

inline constexpr const char* reference_forms =
    "HOST[:PORT]/NAME with :TAG or @DIGEST, oci:DIR:TAG or oci-archive:FILE:TAG";

/// Of what is stored, under several tags at once.
inline constexpr const char* tagged_reference_forms =
    "HOST[:PORT]/NAME[:TAG[,TAG...]], oci:DIR[:TAG...] or oci-archive:FILE[:TAG...]";

/// {"reference","mediaType","digest","size"}; the reference is the one with the digest.
nlohmann::json described(const Reference& reference, const Descriptor& manifest);

} // namespace ecc
