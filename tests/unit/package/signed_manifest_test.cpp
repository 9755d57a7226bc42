#include "packager/package/signed_manifest.h"

#include "packager/package/sigstore_bundle.h"
#include "support/digest.h"
#include "tests/unit/package/key_pair.h"
#include "tests/unit/package/signed_sample.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

using nlohmann::json;
using samples::Pair;
using testing::HasSubstr;

const std::string package = "sha256:" + std::string(64, 'a');
const std::string other_package = "sha256:" + std::string(64, 'b');

class SignedManifestFile : public testing::Test {
protected:
    std::string complaint(const std::string& text) {
        auto read = signed_manifest_from_json(text, "x.sig.json");
        if (!read)
            return read.error().what;
        auto leads = check_leads_to(*read, package, "x.sig.json");
        if (!leads)
            return leads.error().what;
        auto verified = verify_signatures(*read, pair_.public_key(), "x.sig.json");
        return verified ? "none" : verified.error().what;
    }
    std::string text() const { return signed_manifest_to_json(signed_); }
    SignedManifest signed_by_me(std::vector<std::string> manifests) {
        return samples::signed_by(pair_.private_key(), std::move(manifests));
    }

    Pair pair_{"EC", "P-256"};
    SignedManifest signed_ = signed_by_me({samples::manifest_of(package)});
};

TEST_F(SignedManifestFile, SaysWhoSignedWhichPackage) {
    EXPECT_EQ(complaint(text()), "none");
}

TEST_F(SignedManifestFile, KeepsManifestsByteForByte) {
    const std::string spaced = "{ \"layers\" :\n []}\r\n";
    signed_.manifests = {spaced};
    EXPECT_EQ(signed_manifest_from_json(text(), "")->manifests.front(), spaced);
}

TEST_F(SignedManifestFile, MayHaveSeveralSignatures) {
    const Pair other("ED25519");
    signed_.signatures.insert(signed_.signatures.begin(),
                              samples::signed_by(other.private_key(), signed_.manifests).signatures.front());
    EXPECT_EQ(complaint(text()), "none");
}

TEST_F(SignedManifestFile, LeadsFromASignedIndexToThePackage) {
    const std::string manifest = samples::manifest_of(package);
    signed_ = signed_by_me({samples::index_of(manifest), manifest});
    EXPECT_EQ(complaint(text()), "none");
    signed_ = signed_by_me({samples::index_of(samples::manifest_of(other_package)), manifest});
    EXPECT_THAT(complaint(text()), HasSubstr("does not list the manifest"));
    signed_ = signed_by_me({samples::index_of(manifest)});
    EXPECT_NE(complaint(text()), "none");
    signed_ = signed_by_me({manifest, manifest});
    EXPECT_NE(complaint(text()), "none");
}

TEST_F(SignedManifestFile, OfAnotherPackageIsRefused) {
    signed_ = signed_by_me({samples::manifest_of(other_package)});
    EXPECT_THAT(complaint(text()), HasSubstr("is about another package"));
}

TEST_F(SignedManifestFile, WithAChangedManifestIsRefused) {
    signed_.manifests = {samples::manifest_of(package) + " "};
    EXPECT_THAT(complaint(text()), HasSubstr("the signature is for another digest"));
}

TEST_F(SignedManifestFile, ByAnotherKeyIsRefused) {
    pair_ = Pair("EC", "P-256");
    EXPECT_THAT(complaint(text()), HasSubstr("no signature is by this key"));
}

TEST_F(SignedManifestFile, WithAnAttestationInPlaceOfASignatureIsRefused) {
    const std::string digest = sha256_digest(as_bytes(signed_.manifests.front()));
    signed_.signatures = {make_bundle(pair_.private_key(), digest, "https://cyclonedx.org/bom").value()};
    EXPECT_THAT(complaint(text()), HasSubstr("cyclonedx"));
}

TEST_F(SignedManifestFile, WhoseManifestCouldMeanSeveralThingsIsRefused) {
    const json good = json::parse(samples::manifest_of(package));
    json both = good, several = good, none = good, untyped = good, number = good, listed = good;
    both["manifests"] = json::array();
    several["layers"].push_back(good["layers"][0]);
    none["layers"] = json::array();
    untyped["layers"][0]["mediaType"] = "application/octet-stream";
    number["layers"][0] = 7;
    listed["layers"] = "x";
    for (const json& manifest : {both, several, none, untyped, number, listed, json("x"), json::array()}) {
        signed_ = signed_by_me({manifest.dump()});
        EXPECT_NE(complaint(text()), "none") << manifest;
    }
    signed_ = signed_by_me({"no JSON"});
    EXPECT_NE(complaint(text()), "none");
}

TEST_F(SignedManifestFile, TruncatedAnywhereIsRefused) {
    const std::string whole = text();
    for (std::size_t size = 0; size < whole.size(); size += 7)
        EXPECT_NE(complaint(whole.substr(0, size)), "none") << size;
}

TEST_F(SignedManifestFile, WithAPartOfAnotherTypeIsRefused) {
    const std::pair<const char*, json> changes[] = {
        {"/mediaType", "application/json"},
        {"/mediaType", 7},
        {"/manifests", nullptr},
        {"/manifests", json::array()},
        {"/manifests/0", ""},
        {"/manifests/0", "!"},
        {"/manifests/0", 7},
        {"/signatures", "x"},
        {"/signatures", json::array()},
        {"/signatures/0", 7},
        {"/signatures/0", "{}"},
        {"/signatures/0", json::object()},
    };
    for (const auto& [pointer, value] : changes) {
        json changed = json::parse(text());
        changed[json::json_pointer(pointer)] = value;
        EXPECT_NE(complaint(changed.dump()), "none") << pointer << value;
    }
}

TEST_F(SignedManifestFile, TakesNoBundleThatWouldMakeItUnreadable) {
    const std::string mine = signed_.signatures.front();
    const std::string deep = "{\"x\":" + std::string(63, '[') + std::string(63, ']') + "}";
    const std::string wide = json(std::vector<int>(400)).dump();
    EXPECT_TRUE(json::accept(deep) && json::accept(wide));
    add_signatures(signed_, std::vector<std::string>{"not json", "", deep, wide, "1],[2", mine});
    EXPECT_THAT(signed_.signatures, testing::ElementsAre(mine, mine));
    EXPECT_EQ(complaint(text()), "none");
}

TEST_F(SignedManifestFile, TakesNoMoreBundlesThanAreRead) {
    add_signatures(signed_, std::vector<std::string>(max_signatures, "{}"));
    EXPECT_EQ(signed_.signatures.size(), max_signatures);
    EXPECT_EQ(complaint(text()), "none");
}

TEST_F(SignedManifestFile, TakesNoLargerBundlesThanAreRead) {
    signed_.manifests.push_back(std::string(max_signed_manifest_size / 4 * 3 - 100'000, 'x'));
    const std::string large = '"' + std::string(100'000, 'x') + '"';
    add_signatures(signed_, std::vector<std::string>{large, large, "{}"});
    EXPECT_EQ(signed_.signatures.size(), 3u) << "its own, one of the large ones, and the small one";
    EXPECT_LE(text().size(), max_signed_manifest_size);
}

TEST_F(SignedManifestFile, IsBounded) {
    EXPECT_THAT(complaint(std::string(max_signed_manifest_size + 1, ' ')), HasSubstr("larger than 16 MiB"));
    json many = json::parse(text());
    for (std::size_t i = 0; i < max_signatures; i++)
        many["signatures"].push_back(many["signatures"][0]);
    EXPECT_THAT(complaint(many.dump()), HasSubstr("at most 1000"));
    json deep = json::parse(text());
    deep["manifests"] = {deep["manifests"][0], deep["manifests"][0], deep["manifests"][0]};
    EXPECT_THAT(complaint(deep.dump()), HasSubstr("at most 2"));
    EXPECT_NE(complaint(std::string(100'000, '[')), "none");
}

} // namespace
} // namespace ecc
