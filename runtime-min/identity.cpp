#include "runtime-min/identity.h"

#include "packager/package/signed_manifest.h"
#include "support/digest.h"
#include "support/files.h"

#include <fmt/format.h>

namespace ecc {

namespace {

constexpr std::size_t max_key_file = 64u << 10;

Result<> check_digest(const Options& options, const std::string& digest, const std::string& where) {
    for (const auto& expected : options.expected_digests) {
        if (digest != expected)
            return input_error(where, fmt::format("has the digest {}, not the expected {}", digest, expected),
                               "fetch it again, or check the digest that was asked for");
    }
    return {};
}

Result<PublicKey> read_key(const std::string& path) {
    ECC_TRY(const auto pem, read_file(path, max_key_file));
    return PublicKey::parse(as_text(pem), path);
}

Result<> check_operators_key(const Options& options, const SignedManifest& manifest) {
    if (options.verify_key.empty())
        return {};
    ECC_TRY(const auto key, read_key(options.verify_key));
    return verify_signatures(manifest, key, options.bundle);
}

} // namespace

Result<Identity> identify(const Options& options, const Policy& policy, ByteView wasm,
                          const std::string& where) {
    Identity identity{.digest = sha256_digest(wasm)};
    ECC_CHECK(check_digest(options, identity.digest, where));
    if (options.bundle.empty())
        return identity;
    if (options.verify_key.empty() && policy.signers.empty())
        return usage_error(
            "--bundle is compared with nothing: there is no --verify-key, and no policy that names signers",
            "give --verify-key PEM, or leave --bundle out");
    ECC_TRY(const auto bytes, read_file(options.bundle, max_signed_manifest_size));
    ECC_TRY(const auto manifest, signed_manifest_from_json(as_text(bytes), options.bundle));
    ECC_CHECK(check_leads_to(manifest, identity.digest, options.bundle));
    ECC_CHECK(check_operators_key(options, manifest));
    for (const auto& signer : policy.signers) {
        if (verify_signatures(manifest, signer.key, options.bundle))
            identity.signers.push_back(signer.name);
    }
    return identity;
}

} // namespace ecc
