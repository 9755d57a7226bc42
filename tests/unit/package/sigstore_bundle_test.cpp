#include "packager/package/sigstore_bundle.h"

#include "support/base64.h"
#include "tests/unit/package/key_pair.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

using nlohmann::json;
using samples::Pair;
using testing::HasSubstr;

const std::string digest = "sha256:" + std::string(64, 'a');
const std::string other_digest = "sha256:" + std::string(64, 'b');

class Bundle : public testing::Test {
protected:
    std::string complaint(const std::string& bundle, const std::string& about = digest) {
        auto verified = verify_bundle(bundle, pair_.public_key(), about);
        return verified ? "none" : verified.error().what;
    }
    /// The bundle with another payload, signed as it should be.
    std::string with_statement(const json& statement) {
        const std::string payload = statement.dump();
        const std::string type = "application/vnd.in-toto+json";
        const std::string message = "DSSEv1 " + std::to_string(type.size()) + " " + type + " " +
                                    std::to_string(payload.size()) + " " + payload;
        json bundle = bundle_;
        bundle["dsseEnvelope"]["payload"] = to_base64(as_bytes(payload));
        bundle["dsseEnvelope"]["signatures"][0]["sig"] =
            to_base64(pair_.private_key().sign(as_bytes(message)).value());
        return bundle.dump();
    }
    json statement() {
        return json::parse(as_text(*from_base64(bundle_["dsseEnvelope"]["payload"].get<std::string>())));
    }

    Pair pair_{"EC", "P-256"};
    json bundle_ = json::parse(make_bundle(pair_.private_key(), digest).value());
};

TEST_F(Bundle, IsVerifiedWithItsKeyForItsDigest) {
    EXPECT_EQ(complaint(bundle_.dump()), "none");
    EXPECT_THAT(complaint(bundle_.dump(), other_digest), HasSubstr("for another digest"));
    EXPECT_THAT(complaint(bundle_.dump(), ""), HasSubstr("no digest"));
    EXPECT_FALSE(verify_bundle(bundle_.dump(), Pair("EC", "P-256").public_key(), digest));
    EXPECT_EQ(complaint(with_statement(statement())), "none") << "what the cases below start from";
}

TEST_F(Bundle, OfAnotherPredicateIsNoSignature) {
    auto attestation =
        make_bundle(pair_.private_key(), digest, "https://spdx.dev/Document", R"({"a":1})").value();
    EXPECT_THAT(complaint(attestation), HasSubstr("https://spdx.dev/Document"));
    EXPECT_TRUE(verify_bundle(attestation, pair_.public_key(), digest, "https://spdx.dev/Document"));
}

TEST_F(Bundle, IsCheckedWithoutAKeyForWhatNoKeyCouldVerify) {
    const auto check = [](const std::string& bundle, const std::string& about = digest) {
        return check_bundle(bundle, about).has_value();
    };
    EXPECT_TRUE(check(bundle_.dump()));
    EXPECT_TRUE(check(make_bundle(Pair("ED25519").private_key(), digest).value()));
    EXPECT_FALSE(check(bundle_.dump(), other_digest));
    EXPECT_FALSE(check(bundle_.dump(), ""));
    EXPECT_FALSE(check(make_bundle(pair_.private_key(), digest, "https://spdx.dev/Document").value()));
    for (const std::string& text : {std::string(), std::string("not json"), std::string("[]"),
                                    bundle_.dump() + std::string(max_bundle_size, ' ')})
        EXPECT_FALSE(check(text));
    json unsigned_one = bundle_;
    unsigned_one["dsseEnvelope"]["signatures"] = json::array();
    EXPECT_FALSE(check(unsigned_one.dump()));
}

TEST_F(Bundle, GivesBackWhatWasStated) {
    const auto bundle =
        make_bundle(pair_.private_key(), digest, "https://slsa.dev/provenance/v1", R"({"b":[1],"a":{}})")
            .value();
    EXPECT_EQ(verify_bundle(bundle, pair_.public_key(), digest, "https://slsa.dev/provenance/v1"),
              R"({"a":{},"b":[1]})");
}

TEST_F(Bundle, MayStateMapsOfAnySizeAndAnyKeys) {
    json predicate = {{"env", {{"HTTP_PROXY", "a"}, {"http_proxy", "b"}}}, {"Name", 1}, {"name", 2}};
    for (int i = 0; i < 5000; i++)
        predicate["files"][std::to_string(i)] = i;
    const auto bundle =
        make_bundle(pair_.private_key(), digest, "https://spdx.dev/Document", predicate.dump());
    ASSERT_TRUE(bundle) << bundle.error().what;
    EXPECT_EQ(verify_bundle(*bundle, pair_.public_key(), digest, "https://spdx.dev/Document"),
              predicate.dump());
}

TEST_F(Bundle, IsNotMadeOfWhatCouldNotBeReadBack) {
    const auto make = [&](const std::string& predicate) {
        return make_bundle(pair_.private_key(), digest, "https://spdx.dev/Document", predicate);
    };
    for (const char* text : {"{", ""})
        EXPECT_THAT(make(text).error().what, HasSubstr("is no JSON")) << text;
    for (const char* text : {"[]", "null", "7", "\"text\""})
        EXPECT_THAT(make(text).error().what, HasSubstr("no JSON object")) << text;
    const auto nested = [](std::size_t levels) {
        return "{\"a\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    EXPECT_TRUE(make(nested(63))) << "the statement around it is one more";
    for (const std::size_t levels : {64, 65})
        EXPECT_THAT(make(nested(levels)).error().what, HasSubstr("nested deeper than 64 levels"));
    EXPECT_THAT(make("{\"a\":\"" + std::string(max_bundle_size, 'x') + "\"}").error().what,
                HasSubstr("too large"));
}

TEST_F(Bundle, StatesNumbersAsTheyAreOrNotAtAll) {
    const auto stated = [&](const std::string& number) -> Result<std::string> {
        const std::string predicate = "{\"a\":" + number + "}";
        ECC_TRY(const auto bundle,
                make_bundle(pair_.private_key(), digest, "https://spdx.dev/Document", predicate));
        return verify_bundle(bundle, pair_.public_key(), digest, "https://spdx.dev/Document");
    };
    for (const std::string number :
         {"18446744073709551615", "-9223372036854775808", "0.1", "1e+22", "\"12345678901234567890123\""})
        EXPECT_EQ(stated(number), "{\"a\":" + number + "}");
    for (const std::string number :
         {"12345678901234567890123", "18446744073709551616", "-9223372036854775809"})
        EXPECT_THAT(stated(number).error().what, HasSubstr("the number " + number));
}

TEST_F(Bundle, ThatWasChangedAnywhereIsRefused) {
    const std::pair<const char*, json> changes[] = {
        {"/mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1"},
        {"/dsseEnvelope", nullptr},
        {"/dsseEnvelope/payloadType", "text/plain"},
        {"/dsseEnvelope/payload", ""},
        {"/dsseEnvelope/payload", "e30="},
        {"/dsseEnvelope/payload", "!"},
        {"/dsseEnvelope/payload", 7},
        {"/dsseEnvelope/signatures", json::array()},
        {"/dsseEnvelope/signatures", "x"},
        {"/dsseEnvelope/signatures/0", 7},
        {"/dsseEnvelope/signatures/0/sig", "AAAA"},
        {"/dsseEnvelope/signatures/0/sig", ""},
        {"/dsseEnvelope/signatures/1", {{"sig", "AAAA"}}},
    };
    for (const auto& [pointer, value] : changes) {
        json changed = bundle_;
        changed[json::json_pointer(pointer)] = value;
        EXPECT_NE(complaint(changed.dump()), "none") << pointer;
    }
    for (const char* text : {"", "[]", "{}", "null", "{\"mediaType\":7}"})
        EXPECT_NE(complaint(text), "none") << text;
    EXPECT_THAT(complaint(std::string(2u << 20, ' ')), HasSubstr("larger"));
}

TEST_F(Bundle, MayHoldItsEnvelopeAloneForOlderClients) {
    const auto complaint_about = [&](const json& envelope, const std::string& about = digest) {
        const auto verified =
            verify_envelope(envelope.dump(), pair_.public_key(), about, signature_predicate);
        return verified ? "none" : verified.error().what;
    };
    EXPECT_EQ(complaint_about(bundle_["dsseEnvelope"]), "none");
    EXPECT_THAT(complaint_about(bundle_["dsseEnvelope"], other_digest), HasSubstr("for another digest"));
    for (const json& envelope : {bundle_, json::object(), json::array(), json(std::string(2u << 20, 'x'))})
        EXPECT_NE(complaint_about(envelope), "none");
}

TEST_F(Bundle, OfWhichReadersSeeDifferentThingsIsRefused) {
    json ambiguous = statement();
    ambiguous["Subject"] = ambiguous["subject"];
    EXPECT_THAT(complaint(with_statement(ambiguous)), HasSubstr("some readers take for the same"));
}

TEST_F(Bundle, ThatIsNestedTooDeepSaysSo) {
    json deep = statement();
    for (int i = 0; i < 64; i++)
        deep["predicate"] = json::array({deep["predicate"]});
    EXPECT_THAT(complaint(with_statement(deep)), HasSubstr("nested deeper than 64 levels"));
}

TEST_F(Bundle, MustStateWhatItIsAbout) {
    const std::pair<const char*, json> changes[] = {
        {"/_type", "https://in-toto.io/Statement/v2"},
        {"/subject", json::array()},
        {"/subject", nullptr},
        {"/subject/0", 7},
        {"/subject/0/digest", {{"sha512", "aa"}}},
        {"/subject/0/digest/sha256", std::string(64, 'A')},
        {"/subject/0/digest/sha256", std::string(63, 'a')},
    };
    for (const auto& [pointer, value] : changes) {
        json changed = statement();
        changed[json::json_pointer(pointer)] = value;
        EXPECT_NE(complaint(with_statement(changed)), "none") << pointer << value;
    }
}

TEST(SigningKey, MayBeOfThreeKinds) {
    for (const Pair& pair : {Pair("EC", "P-256"), Pair("ED25519"), Pair("RSA", std::size_t{2048})}) {
        const Bytes signature = pair.private_key().sign(as_bytes("text")).value();
        EXPECT_TRUE(pair.public_key().verifies(as_bytes("text"), signature));
        EXPECT_FALSE(pair.public_key().verifies(as_bytes("Text"), signature));
        EXPECT_FALSE(pair.public_key().verifies(as_bytes("text"), {}));
        EXPECT_EQ(pair.public_key().hint(), pair.private_key().public_key().hint());
    }
}

TEST(SigningKey, IsTheSameAfterPrintingItsPublicHalf) {
    const Pair pair("ED25519");
    EXPECT_EQ(pair.public_key().pem(), pair.open);
}

TEST(SigningKey, OfOtherKindsIsRefused) {
    for (const Pair& pair : {Pair("EC", "P-384"), Pair("ED448"), Pair("RSA", std::size_t{1024})}) {
        EXPECT_THAT(PrivateKey::parse(pair.secret, "k").error().what,
                    HasSubstr("kind that ecc does not use"));
        EXPECT_FALSE(PublicKey::parse(pair.open, "k"));
    }
}

TEST(SigningKey, InPlaceOfAnotherComesWithTheWayToIt) {
    const Pair pair("EC", "P-256");
    const auto armoured = [](const std::string& name) {
        return "-----BEGIN " + name + "-----\nAAAA\n-----END " + name + "-----\n";
    };
    const auto hint_for_public = [](const std::string& pem) {
        return PublicKey::parse(pem, "k").error().hint;
    };
    EXPECT_THAT(hint_for_public(pair.secret), HasSubstr("openssl pkey -in"));
    EXPECT_THAT(hint_for_public(armoured("EC PRIVATE KEY")), HasSubstr("openssl pkey -in"));
    EXPECT_THAT(hint_for_public(armoured("ENCRYPTED SIGSTORE PRIVATE KEY")), HasSubstr("cosign public-key"));
    EXPECT_THAT(hint_for_public(armoured("CERTIFICATE")), HasSubstr("openssl x509"));
    EXPECT_EQ(hint_for_public(armoured("PUBLIC KEY")), "");
    const auto hint_for_private = [](const std::string& pem) {
        return PrivateKey::parse(pem, "k").error().hint;
    };
    EXPECT_THAT(hint_for_private(armoured("ENCRYPTED PRIVATE KEY")),
                HasSubstr("openssl pkcs8 -topk8 -nocrypt"));
    EXPECT_THAT(hint_for_private(pair.open), HasSubstr("the public key"));
    EXPECT_EQ(hint_for_private("key"), "");
}

TEST(SigningKey, ThatIsNoneIsNamed) {
    const Pair pair("EC", "P-256");
    for (const std::string& text : {std::string(), std::string("key"), pair.secret, pair.open.substr(0, 60)})
        EXPECT_EQ(PublicKey::parse(text, "k.pub").error().where, "k.pub");
    for (const std::string& text : {std::string(), pair.open, pair.secret.substr(0, 100)})
        EXPECT_FALSE(PrivateKey::parse(text, "k.pem"));
}

} // namespace
} // namespace ecc
