#include "compiler/build_log.h"

#include "support/diagnostics.h"
#include "support/output.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace ecc {
namespace {

constexpr std::size_t most_kept = 256u << 10;

double milliseconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace

BuildLog::BuildLog(std::FILE* stream, bool verbose)
    : stream_(stream), verbose_(verbose), color_(wants_color(stream)) {}

void BuildLog::keep(std::string_view text) {
    text_ += text.substr(0, most_kept - std::min(text_.size(), most_kept));
}

void BuildLog::compiler_text(std::string_view text) {
    keep(text);
    std::fwrite(text.data(), 1, text.size(), stream_);
    std::fflush(stream_);
}

void BuildLog::note(std::string_view text) const {
    if (verbose_)
        print_to(stream_, "ecc: {}\n", text);
}

void BuildLog::step(std::string_view what, std::optional<std::size_t> bytes) {
    const Clock::time_point now = Clock::now();
    const auto elapsed = now - std::exchange(last_, now);
    const std::string line = fmt::format("{}{}\n", what, bytes ? fmt::format(" ({} bytes)", *bytes) : "");
    keep(line);
    if (verbose_)
        print_to(stream_, "ecc: {:7.1f} ms  {}", milliseconds(elapsed), line);
}

void BuildLog::total(std::string_view what) {
    if (verbose_)
        print_to(stream_, "ecc: {:7.1f} ms  {}\n", milliseconds(Clock::now() - start_), what);
}

} // namespace ecc
