// One repository of a registry, over the distribution specification 1.1. Each request goes out without
// credentials first and again with them if the registry asks (auth.h).
#pragma once

#include "packager/oci/auth.h"
#include "packager/oci/store.h"

namespace ecc {

class Registry final : public Store {
public:
    /// For a loopback host without `plain_http`, asks whether it speaks TLS; contacts no other host yet.
    static Result<std::unique_ptr<Store>> open(const Reference& reference, const StoreOptions& options);

    Result<bool> has_blob(const Descriptor& blob) override;
    Result<void> put_blob(const Descriptor& blob, ByteView content, const Progress& progress) override;
    Result<void> get_blob(const Descriptor& blob, const Sink& sink) override;
    Result<void> put_manifest(const Descriptor& manifest, std::string_view text,
                              const std::string& tag) override;
    Result<StoredManifest> get_manifest(const std::string& selector) override;

private:
    Registry(const Reference& reference, const StoreOptions& options);

    Result<void> choose_scheme(bool plain_http);
    Result<HttpReply> send(HttpRequest request);
    Result<HttpRequest> request(std::string method, const std::string& path) const;
    Error unknown_manifest(const std::string& selector);
    std::vector<std::string> tags();
    /// What the registry says went wrong, as an error.
    Error failure(const std::string& doing, const HttpReply& reply) const;

    AuthTarget target_;
    HttpClient http_;
    Environment environment_;
    Url base_; ///< https://HOST/
    std::string authorization_;
};

} // namespace ecc
