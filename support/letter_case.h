// Letters of ASCII, whatever the locale: host names, header names, words of protocols.
#pragma once

#include <string>

namespace ecc {

inline char lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string lower_case(std::string text) {
    for (char& c : text)
        c = lower_case(c);
    return text;
}

} // namespace ecc
