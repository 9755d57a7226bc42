// What `main` prints: errors, warnings and notes on standard error, in colour on a terminal only.
//
//     ecc: error: prog.bpf.c: no BPF program in this file
//       try: put SEC("...") before a function
#pragma once

#include "support/result.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace ecc {

/// Colour is used when `stream` is a terminal, $NO_COLOR is unset or empty (no-color.org) and $TERM is not "dumb".
bool wants_color(std::FILE* stream);

class Diagnostics {
public:
    /// `program` is the name that starts every line. Nothing is owned.
    Diagnostics(std::string_view program, std::FILE* stream);

    void error(const Error& error) const;
    void warning(std::string_view where, std::string_view what) const;
    void note(std::string_view what) const;
    bool color() const { return color_; }

private:
    void print(std::string_view label, const char* style, std::string_view where, std::string_view what) const;

    std::string program_;
    std::FILE* stream_;
    bool color_;
};

/// `text` with every control character other than newline and tab made visible, for showing hostile text on a
/// terminal.
std::string printable(std::string_view text);

} // namespace ecc
