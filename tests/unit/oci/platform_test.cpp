#include "packager/oci/platform.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

Platform platform(const std::string& text) {
    return parse_platform(text).value();
}

TEST(APlatform, IsWrittenAsItIsRead) {
    EXPECT_EQ(platform("linux/arm64"), (Platform{"linux", "arm64", ""}));
    EXPECT_EQ(platform("linux/arm/v7"), (Platform{"linux", "arm", "v7"}));
    for (const char* text : {"linux/amd64", "wasip1/wasm", "linux/arm/v7"})
        EXPECT_EQ(platform_text(platform(text)), text);
}

TEST(APlatform, HasTwoOrThreeNames) {
    for (const std::string text : {"", "linux", "/", "//", "linux/", "/amd64", "linux//v7", "linux/arm/",
                                   "linux/arm/v7/", "linux/arm/v7/x", "linux/amd64:10.0", "linux/amd 64",
                                   " linux/amd64", "linux/amd64\n", "linux,arm64", "l\xc3\xafnux/arm"}) {
        const auto refused = parse_platform(text);
        ASSERT_FALSE(refused) << text;
        EXPECT_EQ(refused.error().fault, Fault::usage);
    }
    EXPECT_FALSE(parse_platform("linux/" + std::string(1 << 20, 'a')));
}

TEST(APlatform, WithoutAVariantStandsForEach) {
    EXPECT_TRUE(is_for(platform("linux/arm64/v8"), platform("linux/arm64")));
    EXPECT_TRUE(is_for(platform("linux/arm/v7"), platform("linux/arm/v7")));
    EXPECT_FALSE(is_for(platform("linux/arm64"), platform("linux/arm64/v8")));
    EXPECT_FALSE(is_for(platform("linux/arm/v6"), platform("linux/arm/v7")));
    EXPECT_FALSE(is_for(platform("linux/arm64"), platform("linux/arm")));
    EXPECT_FALSE(is_for(platform("freebsd/amd64"), platform("linux/amd64")));
    EXPECT_FALSE(is_for(platform("Linux/amd64"), platform("linux/amd64")));
}

TEST(APlatform, OfOtherTypesInADocumentIsEmpty) {
    EXPECT_EQ(platform_from_json({{"os", 1}, {"architecture", {"amd64"}}, {"variant", nullptr}}), Platform{});
    const Platform arm = platform("linux/arm/v7");
    EXPECT_EQ(platform_from_json(platform_to_json(arm)), arm);
}

} // namespace
} // namespace ecc
