#include "packager/oci/url.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

Url url(const std::string& text) {
    return parse_url(text).value();
}

TEST(Url, IsTakenApart) {
    Url parsed = url("https://Reg.Example.com/v2/?a=b");
    EXPECT_EQ(parsed.scheme, "https");
    EXPECT_EQ(parsed.host, "reg.example.com");
    EXPECT_EQ(parsed.port, "443");
}

TEST(Url, OfAnotherSchemeOrWithAUserIsRefused) {
    for (const char* text :
         {"", "ftp://a/b", "file:///etc/passwd", "/relative", "https://user:pw@host/", "http://"})
        EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Url, HasTheSameOriginOnlyWithSchemeHostAndPort) {
    EXPECT_TRUE(url("https://a/x").same_origin(url("https://A:443/y?z")));
    EXPECT_FALSE(url("https://a/x").same_origin(url("http://a/x")));
    EXPECT_FALSE(url("https://a/x").same_origin(url("https://a:444/x")));
    EXPECT_FALSE(url("https://a/x").same_origin(url("https://b/x")));
}

TEST(Url, ResolvesLocations) {
    Url base = url("http://localhost:5000/v2/a/blobs/uploads/");
    EXPECT_EQ(resolve_url(base, "/v2/b?x=1")->text, "http://localhost:5000/v2/b?x=1");
    EXPECT_EQ(resolve_url(base, "https://other/c")->text, "https://other/c");
    EXPECT_FALSE(resolve_url(base, "file:///etc/passwd"));
}

TEST(Url, KeepsItsQueryWhenParametersAreAdded) {
    auto added = with_query(url("http://a/u?_state=x%3D"), {{"digest", "sha256:ab"}, {"scope", "a b&c"}});
    ASSERT_TRUE(added);
    EXPECT_EQ(added->text, "http://a/u?_state=x%3D&digest=sha256%3aab&scope=a+b%26c");
}

} // namespace
} // namespace ecc
