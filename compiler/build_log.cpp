#include "compiler/build_log.h"

#include "support/diagnostics.h"
#include "support/output.h"

#include <fmt/format.h>
#include <utility>

namespace ecc {
namespace {

double milliseconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

} // namespace

BuildLog::BuildLog(std::FILE* stream, bool verbose)
    : stream_(stream), verbose_(verbose), color_(wants_color(stream)) {}

void BuildLog::compiler_text(std::string_view text) const {
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
    if (verbose_)
        print_to(stream_, "ecc: {:7.1f} ms  {}{}\n", milliseconds(elapsed), what,
                 bytes ? fmt::format(" ({} bytes)", *bytes) : "");
}

void BuildLog::total(std::string_view what) {
    if (verbose_)
        print_to(stream_, "ecc: {:7.1f} ms  {}\n", milliseconds(Clock::now() - start_), what);
}

} // namespace ecc
