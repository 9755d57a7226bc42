#include "compiler/commands/transfer_progress.h"

#include "support/diagnostics.h"
#include "support/output.h"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr auto interval = std::chrono::milliseconds(100);
constexpr double mega = 1e6;

} // namespace

TransferProgress::TransferProgress(std::string label)
    : label_(printable(label)), next_(std::chrono::steady_clock::now() + interval) {}

TransferProgress::~TransferProgress() {
    if (shown_)
        print_to(stderr, "\r\033[K");
}

Progress TransferProgress::callback() {
    if (!::isatty(STDERR_FILENO))
        return {};
    return [this](std::uint64_t done, std::uint64_t total) { show(done, total); };
}

void TransferProgress::show(std::uint64_t done, std::uint64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_)
        return;
    next_ = now + interval;
    shown_ = true;
    print_to(stderr, "\r{}: {:.1f} of {:.1f} MB\033[K", label_, static_cast<double>(done) / mega,
             static_cast<double>(total) / mega);
    std::fflush(stderr);
}

} // namespace ecc
