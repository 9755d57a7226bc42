#include "packager/oci/reference.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::HasSubstr;

const std::string digest = "sha256:" + std::string(64, 'a');

Reference parsed(const std::string& text) {
    auto reference = parse_reference(text);
    EXPECT_TRUE(reference) << text << ": " << reference.error().what;
    return reference.value_or(Reference{});
}

TEST(Reference, NamesATagOfARepository) {
    Reference reference = parsed("localhost:5000/t/opensnoop:1");
    EXPECT_EQ(reference.host, "localhost:5000");
    EXPECT_EQ(reference.repository, "t/opensnoop");
    EXPECT_EQ(reference.tag, "1");
    EXPECT_EQ(reference.selector(), "1");
    EXPECT_FALSE(reference.is_layout());
}

TEST(Reference, PrefersTheDigestToTheTag) {
    Reference reference = parsed("ghcr.io/a/b:v1@" + digest);
    EXPECT_EQ(reference.tag, "v1");
    EXPECT_EQ(reference.selector(), digest);
}

TEST(Reference, NeedsNeitherTagNorDigest) {
    EXPECT_EQ(parsed("ghcr.io/a/b").selector(), "");
}

TEST(Reference, NamesALayoutFolder) {
    Reference reference = parsed("oci:/tmp/shelf:v1");
    EXPECT_EQ(reference.layout, "/tmp/shelf");
    EXPECT_EQ(reference.tag, "v1");
    EXPECT_EQ(parsed("oci:shelf").layout, "shelf");
    EXPECT_EQ(parsed("oci:a:b/c").layout, "a:b/c") << "a colon before the last slash belongs to the folder";
    EXPECT_EQ(parsed("oci:shelf@" + digest).digest, digest);
}

TEST(Reference, IsWrittenAsItWasRead) {
    for (const std::string& text :
         {std::string("localhost/a"), std::string("127.0.0.1:5000/a_b/c__d/e-f---g.h:T.a-g_1"),
          std::string("[::1]:5000/a:1"), "reg.example.com/x:1@" + digest, std::string("oci:dir/x:1"),
          "oci:x@" + digest})
        EXPECT_EQ(parsed(text).text(), text);
}

TEST(Reference, RefusesWhatTheGrammarDoesNotAllow) {
    const std::string texts[] = {
        "",
        "opensnoop",
        "tools/opensnoop:1", // "tools" would be a host
        "./opensnoop.wasm",
        "../a/b",
        "localhost:5000/",
        "localhost:5000//a",
        "localhost:5000/A",
        "localhost:5000/a..b",
        "localhost:5000/a___b",
        "localhost:5000/-a",
        "localhost:5000/a/",
        "localhost:5000/a:",
        "localhost:5000/a:.x",
        "localhost:5000/a:x y",
        "localhost:99999/a",
        "localhost:/a",
        "-x.io/a",
        "a..io/a",
        "user@host.io/a",
        "host.io/a@sha256:1234",
        "host.io/a@sha512:" + std::string(128, 'a'),
        "host.io/a@SHA256:" + std::string(64, 'a'),
        "host.io/a:" + std::string(129, 'x'),
        "host.io/" + std::string(256, 'x'),
        "host.io/a\n:x",
        "oci:",
        "oci::x",
        "oci:dir:",
        "oci:dir:.x",
        std::string(5000, 'x'),
    };
    for (const std::string& text : texts) {
        auto reference = parse_reference(text);
        ASSERT_FALSE(reference) << text;
        EXPECT_EQ(reference.error().fault, Fault::usage) << text;
        EXPECT_THAT(reference.error().hint, HasSubstr("HOST[:PORT]/NAME:TAG")) << text;
    }
}

TEST(Reference, HasNoScheme) {
    for (const std::string scheme : {"docker", "https", "oci-registry"}) {
        const auto reference = parse_reference(scheme + "://host.io:5000/a:1");
        ASSERT_FALSE(reference);
        EXPECT_EQ(reference.error().fault, Fault::usage);
        EXPECT_EQ(reference.error().hint, "write host.io:5000/a:1");
    }
}

TEST(Reference, IsNoFolderBecauseOfASchemeCalledOci) {
    EXPECT_THAT(parse_reference("oci://host.io/a:1").error().hint,
                HasSubstr("write host.io/a:1, or oci:DIR"));
    EXPECT_THAT(parse_reference("oci:///a:1").error().hint, HasSubstr("write oci:/a:1 "));
    EXPECT_EQ(parse_reference("oci:/a:1").value().layout, "/a");
}

TEST(DigestTag, ListsReferrersOrSignatures) {
    const std::string tag = "sha256-" + std::string(64, 'a');
    for (const std::string& text : {tag, tag + ".sig", tag + ".att"})
        EXPECT_TRUE(is_digest_tag(text)) << text;
    for (const std::string& text : {std::string("1"), std::string("sha256-1"), tag + "a", "v" + tag})
        EXPECT_FALSE(is_digest_tag(text)) << text;
}

TEST(Loopback, IsWhatMayBeSpokenToWithoutTls) {
    for (const char* host :
         {"localhost", "localhost:5000", "a.localhost", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:5000"})
        EXPECT_TRUE(is_loopback(host)) << host;
    for (const char* host : {"localhost.example.com", "127.0.0.1.example.com", "10.0.0.1", "127.example.com",
                             "[::2]", "notlocalhost"})
        EXPECT_FALSE(is_loopback(host)) << host;
}

} // namespace
} // namespace ecc
