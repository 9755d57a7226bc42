#include "packager/oci/no_proxy.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

bool excepts(const char* list, const std::string& host) {
    return is_excepted(list, parse_url("https://" + host + "/v2/").value());
}

TEST(NoProxy, ExceptsAHostAndWhatIsUnderIt) {
    for (const char* list : {"corp.test", ".corp.test", "*.corp.test", "CORP.Test", "corp.test."}) {
        EXPECT_TRUE(excepts(list, "corp.test")) << list;
        EXPECT_TRUE(excepts(list, "registry.corp.test:5000")) << list;
        EXPECT_TRUE(excepts(list, "REGISTRY.CORP.TEST.")) << list;
        EXPECT_FALSE(excepts(list, "acorp.test")) << list;
        EXPECT_FALSE(excepts(list, "corp.test.example")) << list;
        EXPECT_FALSE(excepts(list, "test")) << list;
    }
}

TEST(NoProxy, IsAListWithCommasOrSpaces) {
    for (const char* list : {"a.test,b.test", "a.test b.test", " ,a.test,\t, b.test,"}) {
        EXPECT_TRUE(excepts(list, "a.test")) << list;
        EXPECT_TRUE(excepts(list, "b.test")) << list;
        EXPECT_FALSE(excepts(list, "c.test")) << list;
    }
}

TEST(NoProxy, MayExceptEveryHost) {
    EXPECT_TRUE(excepts("*", "corp.test"));
    EXPECT_TRUE(excepts("a.test, *", "10.0.0.1"));
}

TEST(NoProxy, MayExceptOnePort) {
    EXPECT_TRUE(excepts("corp.test:5000", "corp.test:5000"));
    EXPECT_TRUE(excepts("corp.test:443", "registry.corp.test"));
    EXPECT_FALSE(excepts("corp.test:5000", "corp.test"));
    EXPECT_TRUE(excepts("10.0.0.1:5000", "10.0.0.1:5000"));
    EXPECT_FALSE(excepts("10.0.0.1:5000", "10.0.0.1:5001"));
    EXPECT_TRUE(excepts("[fd00::1]:5000", "[fd00::1]:5000"));
    EXPECT_FALSE(excepts("[fd00::1]:5000", "[fd00::1]"));
}

TEST(NoProxy, ExceptsAddressesHoweverTheyAreWritten) {
    EXPECT_TRUE(excepts("10.0.0.1", "10.0.0.1:5000"));
    EXPECT_FALSE(excepts("0.0.1", "10.0.0.1"));
    for (const char* list : {"fd00::1", "[fd00::1]", "FD00:0:0::1"})
        EXPECT_TRUE(excepts(list, "[fd00::1]:5000")) << list;
    EXPECT_FALSE(excepts("fd00::1", "[fd00::2]"));
}

TEST(NoProxy, ExceptsNetworks) {
    EXPECT_TRUE(excepts("10.0.0.0/8", "10.1.2.3:5000"));
    EXPECT_FALSE(excepts("10.0.0.0/8", "11.1.2.3"));
    EXPECT_TRUE(excepts("192.168.128.0/17", "192.168.255.1"));
    EXPECT_FALSE(excepts("192.168.128.0/17", "192.168.127.1"));
    EXPECT_TRUE(excepts("192.168.1.1/32", "192.168.1.1"));
    EXPECT_FALSE(excepts("192.168.1.1/32", "192.168.1.2"));
    EXPECT_TRUE(excepts("0.0.0.0/0", "203.0.113.1"));
    EXPECT_FALSE(excepts("0.0.0.0/0", "[fd00::1]"));
    EXPECT_TRUE(excepts("fd00::/7", "[fc00::1]"));
    EXPECT_FALSE(excepts("fd00::/8", "[fe00::1]"));
    EXPECT_TRUE(excepts("::1/128", "[::1]"));
    EXPECT_FALSE(excepts("10.0.0.0/8", "corp.test")) << "what a name stands for is not asked";
}

TEST(NoProxy, ExceptsNothingByWhatIsNoMemberOfAList) {
    for (const char* list : {"",
                             ",",
                             ":",
                             ".",
                             "*.",
                             ":443",
                             "/",
                             "/8",
                             "10.0.0.0/",
                             "10.0.0.0/33",
                             "10.0.0.0/-1",
                             "10.0.0.0/8x",
                             "10.0.0.0/4294967304",
                             "fd00::/129",
                             "[",
                             "]",
                             "[]",
                             "[fd00::1",
                             "https://corp.test",
                             "10.0.0.0/8:443"})
        for (const char* host : {"corp.test", "10.0.0.1", "[fd00::1]"})
            EXPECT_FALSE(excepts(list, host)) << list << " " << host;
}

} // namespace
} // namespace ecc
