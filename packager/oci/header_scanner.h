// Takes the value of an HTTP header apart from its beginning: tokens, quoted strings, and what stands between
// them (RFC 9110, 5.6). What is malformed gives empty texts.
#pragma once

#include <string>
#include <string_view>

namespace ecc {

class HeaderScanner {
public:
    explicit HeaderScanner(std::string_view text) : text_(text) {}

    bool at_end() const { return text_.empty(); }
    /// Passes over all of these characters that come next.
    void skip(std::string_view characters);
    /// Passes over the character if it comes next.
    bool take(char character);
    std::string token();
    /// Passes over a token68 (RFC 9110, 11.2: "dGVzdA==") if one comes next, and nothing but it before the
    /// next comma.
    void skip_token68();
    /// A token or a quoted string, without its quotes.
    std::string value();
    /// What comes before the character, which is passed over; everything if it does not come.
    std::string until(char character);

private:
    std::string quoted();

    std::string_view text_;
};

} // namespace ecc
