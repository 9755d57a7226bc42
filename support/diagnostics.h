// What `main` prints: errors, warnings and notes on standard error, in colour on a terminal only.
//
//     ecc: error: prog.bpf.c: no BPF program in this file
//       try: put SEC("...") before a function
#pragma once

#include "support/result.h"

#include <atomic>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

namespace ecc {

/// Colour is used when `stream` is a terminal, $NO_COLOR is unset or empty (no-color.org) and $TERM is not
/// "dumb".
bool wants_color(std::FILE* stream);

struct Diagnostic {
    std::string_view level; ///< "error", "warning", "note"
    std::string_view where, what, hint;
};

class Diagnostics {
public:
    using Sink = std::function<void(const Diagnostic&)>;

    /// `program` is the name that starts every line. Nothing is owned.
    Diagnostics(std::string_view program, std::FILE* stream);
    /// Whatever there is to tell goes to `sink`.
    explicit Diagnostics(Sink sink) : sink_(std::move(sink)) {}

    void error(const Error& error) const;
    void warning(std::string_view where, std::string_view what) const;
    void note(std::string_view what) const;

    /// Tells no more than this; the last line says that there was more. For messages that somebody hostile
    /// can cause.
    void limit(std::size_t messages) { left_ = messages; }

private:
    void tell(const Diagnostic& diagnostic) const;

    Sink sink_;
    mutable std::atomic<std::size_t> left_ = SIZE_MAX;
};

/// `text` with every control character other than newline and tab made visible, C1 and those of bidirectional
/// text among them, for showing hostile text on a terminal.
std::string printable(std::string_view text);

/// The same on one line, so that no name can look like a line of ours.
std::string printable_line(std::string_view text);

} // namespace ecc
