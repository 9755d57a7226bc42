#include "packager/package/sigstore_bundle.h"

#include "packager/json.h"
#include "support/base64.h"
#include "support/digest.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using nlohmann::json;

constexpr std::string_view payload_type = "application/vnd.in-toto+json";
constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
/// Of `cosign attest`; the members that count are the same.
constexpr std::string_view older_statement_type = "https://in-toto.io/Statement/v0.1";
constexpr std::size_t max_subjects = 1000;

/// What is signed: type and payload with their lengths, so that neither can be taken for the other.
std::string pre_authentication_encoding(std::string_view payload) {
    return fmt::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(), payload);
}

/// What a bundle holds, before anything in it is believed.
struct Envelope {
    std::string payload;
    Bytes signature;
};

std::string_view hex_of(const std::string& digest) {
    return std::string_view(digest).substr(digest.find(':') + 1);
}

std::unexpected<Error> refused(std::string what) {
    return input_error("", std::move(what));
}

const json& member(const json& object, const char* name) {
    static const json nothing;
    auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : nothing;
}

Result<std::string> payload_of(const json& envelope) {
    if (string_at(envelope, "payloadType") != payload_type)
        return refused("the signed payload is no in-toto statement");
    const auto payload = from_base64(string_at(envelope, "payload"));
    if (!payload || payload->empty())
        return refused("the signed payload is not base64");
    return std::string(as_text(*payload));
}

/// One signature, as the bundle's specification demands.
Result<Bytes> signature_of(const json& envelope) {
    const json& signatures = member(envelope, "signatures");
    if (!signatures.is_array() || signatures.size() != 1)
        return refused("there is not exactly one signature");
    auto signature = from_base64(signatures[0].is_object() ? string_at(signatures[0], "sig") : "");
    if (!signature || signature->empty())
        return refused("the signature is not base64");
    return std::move(*signature);
}

bool names_digest(const json& statement, const std::string& digest) {
    const json& subjects = member(statement, "subject");
    if (!subjects.is_array() || subjects.size() > max_subjects)
        return false;
    return std::ranges::any_of(subjects, [&](const json& subject) {
        const json& digests = member(subject, "digest");
        return digests.is_object() && string_at(digests, "sha256") == hex_of(digest);
    });
}

Result<std::string> predicate_of(const std::string& payload, const std::string& digest,
                                 std::string_view predicate_type) {
    const json statement = parse_json(payload);
    if (statement.is_discarded())
        return refused("the signed payload " + json_mistake(payload));
    const std::string type = statement.is_object() ? string_at(statement, "_type") : std::string();
    if (type != statement_type && type != older_statement_type)
        return refused("the signed payload is no in-toto statement of version 1 or 0.1");
    if (std::string found = string_at(statement, "predicateType"); found != predicate_type)
        return refused(fmt::format("the statement is of type \"{}\"; expected {}", found, predicate_type));
    if (!names_digest(statement, digest))
        return refused("the signature is for another digest");
    return json_text(member(statement, "predicate"));
}

Result<Envelope> envelope_from(const json& document) {
    ECC_TRY(std::string payload, payload_of(document));
    ECC_TRY(Bytes signature, signature_of(document));
    return Envelope{std::move(payload), std::move(signature)};
}

Result<Envelope> envelope_of(std::string_view bundle) {
    if (bundle.size() > max_bundle_size)
        return refused("the bundle is larger than 1 MiB");
    const json document = parse_json(bundle);
    if (document.is_discarded())
        return refused("the bundle " + json_mistake(bundle));
    if (!document.is_object() || string_at(document, "mediaType") != bundle_media_type)
        return refused(fmt::format("is no bundle of type {}", bundle_media_type));
    const json& envelope = member(document, "dsseEnvelope");
    if (!envelope.is_object())
        return refused("the bundle has no DSSE envelope");
    return envelope_from(envelope);
}

Result<std::string> verify(const Envelope& envelope, const PublicKey& key, const std::string& digest,
                           std::string_view predicate_type) {
    if (!is_sha256_digest(digest))
        return refused("there is no digest to compare with");
    if (!key.verifies(as_bytes(pre_authentication_encoding(envelope.payload)), envelope.signature))
        return refused("the signature is not by this key, or what it signed was changed");
    return predicate_of(envelope.payload, digest, predicate_type);
}

} // namespace

Result<std::string> make_bundle(const PrivateKey& key, const std::string& digest,
                                std::string_view predicate_type, std::string_view predicate) {
    json content = parse_json(predicate, JsonNames::data);
    if (content.is_discarded())
        return refused("the statement " + json_mistake(predicate, JsonNames::data));
    if (!content.is_object())
        return refused("the statement is no JSON object");
    if (const auto integer = rounded_integer(predicate))
        return refused(fmt::format(
            "the statement has the number {:.64}, which readers of JSON round; it is exact as text",
            *integer));
    json statement = {{"_type", statement_type},
                      {"subject", json::array({{{"digest", {{"sha256", hex_of(digest)}}}}})},
                      {"predicateType", predicate_type},
                      {"predicate", std::move(content)}};
    const std::string payload = json_text(statement);
    ECC_CHECK(predicate_of(payload, digest, predicate_type));
    ECC_TRY(const Bytes signature, key.sign(as_bytes(pre_authentication_encoding(payload))));
    std::string bundle =
        json_text({{"mediaType", bundle_media_type},
                   {"verificationMaterial", {{"publicKey", {{"hint", key.public_key().hint()}}}}},
                   {"dsseEnvelope",
                    {{"payload", to_base64(as_bytes(payload))},
                     {"payloadType", payload_type},
                     {"signatures", json::array({{{"sig", to_base64(signature)}}})}}}});
    if (bundle.size() > max_bundle_size)
        return refused("the statement is too large: signed it has more than 1 MiB");
    return bundle;
}

Result<std::string> verify_bundle(std::string_view bundle, const PublicKey& key, const std::string& digest,
                                  std::string_view predicate_type) {
    ECC_TRY(const auto envelope, envelope_of(bundle));
    return verify(envelope, key, digest, predicate_type);
}

Result<std::string> verify_envelope(std::string_view text, const PublicKey& key, const std::string& digest,
                                    std::string_view predicate_type) {
    if (text.size() > max_bundle_size)
        return refused("the DSSE envelope is larger than 1 MiB");
    const json document = parse_json(text);
    if (document.is_discarded())
        return refused("the DSSE envelope " + json_mistake(text));
    if (!document.is_object())
        return refused("is no DSSE envelope");
    ECC_TRY(const auto envelope, envelope_from(document));
    return verify(envelope, key, digest, predicate_type);
}

Result<void> check_bundle(std::string_view bundle, const std::string& digest,
                          std::string_view predicate_type) {
    if (!is_sha256_digest(digest))
        return refused("there is no digest to compare with");
    ECC_TRY(const auto envelope, envelope_of(bundle));
    ECC_CHECK(predicate_of(envelope.payload, digest, predicate_type));
    return {};
}

} // namespace ecc
