// What a build tells while it runs: the compilers' own diagnostics and, with -v, each step with its time.
// Standard output stays free for results.
#pragma once

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

class BuildLog {
public:
    /// Nothing is owned. `verbose` shows the steps.
    BuildLog(std::FILE* stream, bool verbose);

    /// Text that clang or lld wrote, unchanged.
    void compiler_text(std::string_view text);
    void note(std::string_view text) const;
    /// Ends a step that began when the last one ended.
    void step(std::string_view what, std::optional<std::size_t> bytes = {});
    void total(std::string_view what);
    /// The compilers' text and the steps without their times, at most 256 KiB.
    const std::string& text() const { return text_; }
    bool color() const { return color_; }
    bool verbose() const { return verbose_; }

private:
    using Clock = std::chrono::steady_clock;
    void keep(std::string_view text);

    std::FILE* stream_;
    std::string text_;
    bool verbose_;
    bool color_;
    Clock::time_point start_ = Clock::now();
    Clock::time_point last_ = start_;
};

} // namespace ecc
