// libbpf's messages, the verifier's log among them, caught per object and made readable.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace ecc {

/// The end of what libbpf said about one object.
class LibbpfLog {
public:
    /// More than this is cut off at the front.
    static constexpr std::size_t limit = 1u << 20;

    void append(std::string_view text);
    const std::string& text() const { return text_; }
    void clear() { text_.clear(); }

private:
    std::string text_;
};

/// Gets each of libbpf's messages as it comes, those for debugging among them. Most end with a newline.
using LibbpfListener = std::function<void(std::string_view)>;

/// While it lives, libbpf's messages go to `log`, and to `listener` if there is one, which must live as long.
/// libbpf has one place for its messages per process, so scopes may nest but belong to one thread.
class LibbpfLogScope {
public:
    explicit LibbpfLogScope(LibbpfLog& log, const LibbpfListener* listener = nullptr);
    ~LibbpfLogScope();
    LibbpfLogScope(const LibbpfLogScope&) = delete;
    LibbpfLogScope& operator=(const LibbpfLogScope&) = delete;

private:
    LibbpfLog* outer_;
    const LibbpfListener* outer_listener_;
};

/// What a failed load was about: the rejected program, if one was, and the lines that say why.
struct LoadFailure {
    std::string program; ///< empty: it was not a program that failed
    std::string map;     ///< that could not be created, or empty
    std::string pin;     ///< where a map that is unlike the object's is pinned by name, or empty
    std::string reason;  ///< the verifier's last line about what is wrong, or empty
    std::string missing; ///< what a program attaches to by type and this kernel does not have, or empty
    std::string details; ///< the end of the verifier's log, or libbpf's warnings; lines, none empty
};
LoadFailure explain_load_failure(std::string_view log);

} // namespace ecc
