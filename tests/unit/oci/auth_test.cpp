#include "packager/oci/auth.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Challenges, AreReadWithTheirParameters) {
    EXPECT_THAT(
        parse_challenges(R"(Bearer realm="https://auth/token",service="reg",scope="repository:a:pull,push")"),
        ElementsAre(Challenge{
            "bearer",
            {{"realm", "https://auth/token"}, {"service", "reg"}, {"scope", "repository:a:pull,push"}}}));
}

TEST(Challenges, MayComeSeveralInOneHeader) {
    EXPECT_THAT(parse_challenges(R"(Basic realm="a, b", Negotiate, Bearer realm=x , service = "y")"),
                ElementsAre(Challenge{"basic", {{"realm", "a, b"}}}, Challenge{"negotiate", {}},
                            Challenge{"bearer", {{"realm", "x"}, {"service", "y"}}}));
}

TEST(Challenges, MayHaveATokenInPlaceOfParameters) {
    for (const std::string_view token : {"YII+/abc==", "abc=", "abc", "a.b-c_~"})
        for (const std::string_view end : {",", " , "}) {
            const std::string header = fmt::format("Negotiate {}{}Bearer realm=x,service=y", token, end);
            EXPECT_THAT(parse_challenges(header),
                        testing::Contains(Challenge{"bearer", {{"realm", "x"}, {"service", "y"}}}))
                << header;
        }
    EXPECT_THAT(parse_challenges("Negotiate YII+/abc=="), ElementsAre(Challenge{"negotiate", {}}));
    EXPECT_THAT(parse_challenges("Basic realm=x, NTLM abc"),
                ElementsAre(Challenge{"basic", {{"realm", "x"}}}, Challenge{"ntlm", {}}));
}

TEST(Challenges, MayQuoteQuotes) {
    EXPECT_THAT(parse_challenges(R"(Basic realm="a\"b")"),
                ElementsAre(Challenge{"basic", {{"realm", "a\"b"}}}));
}

TEST(Challenges, ThatAreMalformedAreLeftOut) {
    for (std::string_view header : {"", ",,,", "=", "\"", "realm=\"x\""})
        EXPECT_THAT(parse_challenges(header), IsEmpty()) << header;
    EXPECT_THAT(parse_challenges("Basic realm=\"unterminated"), SizeIs(1));
    EXPECT_THAT(parse_challenges("Basic realm=\"\\"), SizeIs(1));
}

TEST(Challenges, AreBounded) {
    std::string header;
    for (int i = 0; i < 10000; i++)
        header += "S" + std::to_string(i) + ", ";
    EXPECT_LT(parse_challenges(header).size(), 20u);
}

TEST(Scopes, OfOneRepositoryAreMergedAndSorted) {
    EXPECT_EQ(merge_scopes("repository:a:pull", "repository:a:push,pull"), "repository:a:pull,push");
    EXPECT_EQ(merge_scopes("repository:b:pull", "repository:a:pull"), "repository:a:pull repository:b:pull");
    EXPECT_EQ(merge_scopes("", "repository:a:pull"), "repository:a:pull");
    EXPECT_EQ(merge_scopes("nonsense", ""), "");
}

} // namespace
} // namespace ecc
