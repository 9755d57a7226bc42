#include "packager/oci/http_proxy.h"

#include <gtest/gtest.h>
#include <map>

namespace ecc {
namespace {

using Variables = std::map<std::string, std::string>;

std::optional<HttpProxy> found(const std::string& scheme, const Variables& variables) {
    return find_proxy(parse_url(scheme + "://registry.test/").value(), [&](const char* name) -> const char* {
        const auto variable = variables.find(name);
        return variable == variables.end() ? nullptr : variable->second.c_str();
    });
}

std::string place(const std::string& value) {
    return found("https", {{"https_proxy", value}})->place;
}

TEST(AProxy, IsNamedByTheVariableOfTheScheme) {
    const Variables both = {
        {"http_proxy", "http://a:1"}, {"https_proxy", "http://b:2"}, {"all_proxy", "http://c:3"}};
    EXPECT_EQ(found("http", both)->place, "a:1");
    EXPECT_EQ(found("https", both)->place, "b:2");
    EXPECT_EQ(found("https", {{"ALL_PROXY", "http://c:3"}})->variable, "ALL_PROXY");
    EXPECT_FALSE(found("https", {{"http_proxy", "http://a:1"}}));
    EXPECT_FALSE(found("https", {}));
}

TEST(AProxy, IsNotNamedByAnEmptyVariable) {
    EXPECT_EQ(found("https", {{"https_proxy", ""}, {"all_proxy", "http://c:3"}})->place, "c:3");
    EXPECT_FALSE(found("https", {{"https_proxy", ""}}));
}

TEST(AProxy, IsNotNamedByAHeaderOfAWebServersClient) {
    EXPECT_EQ(found("http", {{"HTTP_PROXY", "http://a:1"}})->place, "a:1");
    EXPECT_FALSE(found("http", {{"HTTP_PROXY", "http://a:1"}, {"REQUEST_METHOD", "GET"}}));
    EXPECT_TRUE(found("http", {{"http_proxy", "http://a:1"}, {"REQUEST_METHOD", "GET"}}));
}

TEST(AProxy, IsNotUsedForExceptedHosts) {
    EXPECT_FALSE(found("https", {{"https_proxy", "http://a:1"}, {"no_proxy", "registry.test"}}));
    EXPECT_FALSE(found("https", {{"https_proxy", "http://a:1"}, {"NO_PROXY", "registry.test"}}));
    EXPECT_TRUE(
        found("https", {{"https_proxy", "a:1"}, {"no_proxy", "other.test"}, {"NO_PROXY", "registry.test"}}))
        << "small letters go first, as for proxies";
    EXPECT_FALSE(find_proxy(parse_url("http://localhost:5000/").value(), [](const char*) { return "a:1"; }));
}

TEST(AProxy, SpeaksHttpUnlessItsAddressSaysOtherwise) {
    EXPECT_EQ(found("https", {{"https_proxy", "proxy.corp:3128"}})->scheme, "http");
    EXPECT_EQ(found("https", {{"https_proxy", "HTTPS://proxy.corp"}})->scheme, "https");
    EXPECT_TRUE(found("https", {{"https_proxy", "HTTPS://proxy.corp"}})->speaks_http());
    EXPECT_FALSE(found("https", {{"https_proxy", "socks5h://proxy.corp"}})->speaks_http());
}

TEST(AProxy, IsShownWithoutItsLogin) {
    for (const char* value :
         {"http://me:pass@proxy.corp:3128", "me:pass@proxy.corp:3128/", "https://me:pa@ss@proxy.corp:3128",
          "http://me:pa/ss@proxy.corp:3128/x", "socks5h://me:pass@proxy.corp:3128"})
        EXPECT_EQ(place(value), "proxy.corp:3128") << value;
    EXPECT_EQ(place("proxy.corp"), "proxy.corp");
    EXPECT_EQ(place("http://[::1]:3128"), "[::1]:3128");
    EXPECT_EQ(place("http://a\n\x1b[2Jb:1").find('\x1b'), std::string::npos);
    EXPECT_EQ(place("@"), "");
    EXPECT_EQ(place("://"), "");
}

TEST(AProxy, ThatIsMalformedIsNotQuotedWithItsPassword) {
    const HttpProxy proxy = *found("https", {{"https_proxy", "http://me:pass@a:x"}});
    const Url url = parse_url("https://registry.test/").value();
    const Error error = no_such_proxy(proxy, url, "Unsupported proxy syntax in 'http://me:pass@a:x'");
    EXPECT_EQ((error.what + error.hint + error.where).find("pass"), std::string::npos) << error.what;
    EXPECT_NE(error.what.find("a:x"), std::string::npos);
}

} // namespace
} // namespace ecc
