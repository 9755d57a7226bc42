#include "support/digest.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

// FIPS 180-4, example "abc".
TEST(Digest, IsSha256InOciSpelling) {
    EXPECT_EQ(sha256_digest(as_bytes("abc")),
              "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, IsTheSameInPieces) {
    Sha256 hash;
    hash.update(as_bytes("a"));
    hash.update(as_bytes("bc"));
    EXPECT_EQ(hash.finish(), sha256_digest(as_bytes("abc")));
}

TEST(Digest, RefusesEveryOtherSpelling) {
    const std::string digest = sha256_digest({});
    EXPECT_TRUE(is_sha256_digest(digest));
    EXPECT_FALSE(is_sha256_digest(digest.substr(0, digest.size() - 1)));
    EXPECT_FALSE(is_sha256_digest(digest + "0"));
    EXPECT_FALSE(is_sha256_digest("sha512:" + digest.substr(7)));
    std::string upper = digest;
    upper[7] = 'E';
    EXPECT_FALSE(is_sha256_digest(upper));
    EXPECT_FALSE(is_sha256_digest(""));
}

} // namespace
} // namespace ecc
