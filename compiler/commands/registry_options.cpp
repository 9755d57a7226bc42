#include "compiler/commands/registry_options.h"

#include <nlohmann/json.hpp>

namespace ecc {
namespace {

constexpr const char* group = "REGISTRY OPTIONS";

} // namespace

void add_connection_options(CLI::App& app, StoreOptions& options, const Diagnostics& diagnostics) {
    app.add_flag("--plain-http", options.plain_http, "speak HTTP without TLS to the registry")->group(group);
    app.add_flag("--insecure", options.insecure, "accept any TLS certificate")->group(group);
    app.add_option("--ca-file", options.ca_file, "more certificate authorities, PEM")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--registry-config", options.registry_config,
                   "the file with logins, instead of the usual ones")
        ->type_name("FILE")
        ->group(group);
    options.notice = [&diagnostics](const std::string& text) { diagnostics.warning("registry", text); };
}

void add_registry_options(CLI::App& app, RegistryOptions& options, const Diagnostics& diagnostics) {
    app.add_flag("--json", options.json, "print JSON");
    add_connection_options(app, options.store, diagnostics);
}

void add_concurrency(CLI::App& app, RegistryOptions& options) {
    app.add_option("--concurrency", options.concurrency, "transfers at the same time")
        ->check(CLI::Range(1u, max_concurrency))
        ->capture_default_str();
}

void add_platform(CLI::App& app, RegistryOptions& options) {
    app.add_option("--platform", options.platform,
                   "of an index, what is for this platform; an image must be for it")
        ->type_name("OS/ARCH[/VARIANT]");
}

Result<std::optional<Platform>> wanted_platform(const RegistryOptions& options) {
    if (options.platform.empty())
        return std::nullopt;
    return parse_platform(options.platform);
}

Result<OpenStore> open_store(const std::string& reference, const RegistryOptions& options, Access access) {
    ECC_TRY(auto parsed, parse_reference(reference));
    ECC_TRY(auto platform, wanted_platform(options));
    StoreOptions store_options = options.store;
    store_options.access = access;
    ECC_TRY(auto store, open_store(parsed, store_options));
    return OpenStore{std::move(parsed), std::move(platform), std::move(store)};
}

Result<StoredManifest> fetch_manifest(const OpenStore& opened) {
    return fetch_manifest(*opened.store, opened.reference, opened.platform);
}

nlohmann::json described(const Reference& reference, const Descriptor& manifest) {
    Reference pinned = reference;
    pinned.digest = manifest.digest;
    return {{"reference", pinned.text()},
            {"mediaType", manifest.media_type},
            {"digest", manifest.digest},
            {"size", manifest.size}};
}

} // namespace ecc
