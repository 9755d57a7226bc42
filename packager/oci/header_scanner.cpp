#include "packager/oci/header_scanner.h"

#include <algorithm>
#include <cctype>

namespace ecc {
namespace {

bool is_token_character(char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
}

bool is_token68_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-._~+/").find(c) != std::string_view::npos;
}

} // namespace

void HeaderScanner::skip(std::string_view characters) {
    text_.remove_prefix(std::min(text_.find_first_not_of(characters), text_.size()));
}

bool HeaderScanner::take(char character) {
    const bool there = text_.starts_with(character);
    text_.remove_prefix(there ? 1 : 0);
    return there;
}

std::string HeaderScanner::token() {
    auto end = std::ranges::find_if_not(text_, is_token_character);
    std::string taken(text_.begin(), end);
    text_.remove_prefix(taken.size());
    return taken;
}

void HeaderScanner::skip_token68() {
    HeaderScanner ahead = *this;
    ahead.text_ = {std::ranges::find_if_not(text_, is_token68_character), text_.end()};
    if (ahead.text_.size() == text_.size())
        return;
    ahead.skip("=");
    ahead.skip(" \t");
    if (ahead.at_end() || ahead.text_.starts_with(','))
        *this = ahead;
}

std::string HeaderScanner::value() {
    return take('"') ? quoted() : token();
}

std::string HeaderScanner::until(char character) {
    std::string taken(text_.substr(0, text_.find(character)));
    text_.remove_prefix(std::min(taken.size() + 1, text_.size()));
    return taken;
}

std::string HeaderScanner::quoted() {
    std::string content;
    std::size_t i = 0;
    for (; i < text_.size() && text_[i] != '"'; i++) {
        if (text_[i] == '\\' && i + 1 < text_.size())
            i++;
        content += text_[i];
    }
    text_.remove_prefix(std::min(i + 1, text_.size()));
    return content;
}

} // namespace ecc
