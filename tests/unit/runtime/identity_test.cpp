#include "runtime-min/identity.h"

#include "packager/package/signed_manifest.h"
#include "support/digest.h"
#include "support/files.h"
#include "tests/unit/package/key_pair.h"
#include "tests/unit/package/signed_sample.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

using samples::Pair;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class IdentityTest : public testing::Test {
protected:
    IdentityTest() {
        write("key.pub", key_.open);
        options_.bundle = path("x.sig.json");
        sign(key_);
    }

    std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
    void write(const std::string& name, std::string_view text) const {
        write_file(folder_.path() / name, as_bytes(text)).value();
    }
    void sign(const Pair& pair) const {
        const auto manifest = samples::manifest_of(sha256_digest(as_bytes(module_)));
        write("x.sig.json", signed_manifest_to_json(samples::signed_by(pair.private_key(), {manifest})));
    }
    Result<Identity> found() const { return identify(options_, policy_, as_bytes(module_), "x.wasm"); }

    TempDir folder_ = TempDir::make().value();
    std::string module_ = "any bytes";
    Pair key_{"EC", "P-256"}, other_{"EC", "P-256"};
    Options options_;
    Policy policy_;
};

TEST_F(IdentityTest, names_the_signers_of_the_policy_who_signed) {
    policy_.signers.push_back({"tools", key_.public_key(), {}});
    policy_.signers.push_back({"others", other_.public_key(), {}});
    EXPECT_THAT(found()->signers, ElementsAre("tools"));
    sign(other_);
    EXPECT_THAT(found()->signers, ElementsAre("others"));
    sign(Pair("ED25519"));
    EXPECT_THAT(found()->signers, IsEmpty());
}

TEST_F(IdentityTest, names_nobody_without_signatures) {
    policy_.signers.push_back({"tools", key_.public_key(), {}});
    options_.bundle.clear();
    EXPECT_THAT(found()->signers, IsEmpty());
    EXPECT_EQ(found()->digest, sha256_digest(as_bytes(module_)));
}

TEST_F(IdentityTest, names_nobody_of_a_package_that_was_changed) {
    policy_.signers.push_back({"tools", key_.public_key(), {}});
    module_ += ".";
    EXPECT_THAT(found().error().what, HasSubstr("about another package"));
}

TEST_F(IdentityTest, needs_the_signature_of_the_key_that_the_operator_names) {
    options_.verify_key = path("key.pub");
    EXPECT_TRUE(found());
    sign(other_);
    EXPECT_THAT(found().error().what, HasSubstr("no signature is by this key"));
    policy_.signers.push_back({"others", other_.public_key(), {}});
    EXPECT_FALSE(found()) << "that the policy knows the signer does not help";
}

TEST_F(IdentityTest, compares_signatures_with_something) {
    EXPECT_EQ(found().error().fault, Fault::usage);
}

TEST_F(IdentityTest, needs_files_that_can_be_read) {
    options_.verify_key = path("absent.pub");
    EXPECT_THAT(found().error().where, HasSubstr("absent.pub"));
    write("absent.pub", "no key");
    EXPECT_THAT(found().error().where, HasSubstr("absent.pub"));
    options_.bundle = path("absent.json");
    EXPECT_THAT(found().error().where, HasSubstr("absent.json"));
}

TEST_F(IdentityTest, needs_every_digest_that_is_expected) {
    options_.bundle.clear();
    const auto digest = sha256_digest(as_bytes(module_)), other = "sha256:" + std::string(64, '0');
    options_.expected_digests = {digest, digest};
    EXPECT_TRUE(found());
    options_.expected_digests = {digest, other};
    EXPECT_THAT(found().error().what, HasSubstr("not the expected " + other));
}

} // namespace
} // namespace ecc
