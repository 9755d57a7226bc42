#include "compiler/commands/transfer_progress.h"

#include "support/diagnostics.h"
#include "support/output.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace ecc {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto interval = std::chrono::milliseconds(100);
constexpr std::size_t usual_columns = 80;

bool can_wipe_lines() {
    const char* term = std::getenv("TERM");
    return ::isatty(STDERR_FILENO) && !(term && std::string_view(term) == "dumb");
}

std::size_t columns() {
    winsize size = {};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual_columns;
}

/// A line that wraps could not be wiped: the label gives way, its end last.
std::string fitting(std::string_view label, const std::string& text) {
    const std::size_t room = columns() - std::min(columns(), text.size() + 3);
    if (label.size() > room)
        label.remove_prefix(label.size() - room);
    return (label.empty() ? text : fmt::format("{}: {}", label, text)).substr(0, columns() - 1);
}

} // namespace

TransferProgress::TransferProgress(std::string label)
    : label_(printable(label)), next_(Clock::now() + interval), rate_(Clock::now()) {}

TransferProgress::~TransferProgress() {
    if (shown_)
        print_to(stderr, "\r\033[K");
}

Progress TransferProgress::callback() {
    if (!can_wipe_lines())
        return {};
    return [this](std::uint64_t done, std::uint64_t total) { show(done, total); };
}

void TransferProgress::show(std::uint64_t done, std::uint64_t total) {
    const auto now = Clock::now();
    if (now < next_)
        return;
    next_ = now + interval;
    shown_ = true;
    print_to(stderr, "\r{}\033[K", fitting(label_, transfer_text(done, total, rate_.update(now, done))));
    std::fflush(stderr);
}

} // namespace ecc
