#include "support/base64.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

std::string decoded(std::string_view text) {
    auto bytes = from_base64(text);
    return bytes ? std::string(as_text(*bytes)) : "malformed";
}

TEST(Base64, HasTheVectorsOfItsSpecification) {
    constexpr std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [text, encoded] : vectors) {
        EXPECT_EQ(to_base64(as_bytes(text)), encoded);
        EXPECT_EQ(decoded(encoded), text);
    }
}

TEST(Base64, ThatIsMalformedIsRefused) {
    for (std::string_view text :
         {"Z", "Zg", "Zg=", "Z===", "====", "Zm9v\n", "Zm 9v===", "Zm9v=Zg=", "Zm-_"})
        EXPECT_EQ(decoded(text), "malformed") << text;
}

} // namespace
} // namespace ecc
