#include "skelgen/libbpf_log.h"

#include "support/diagnostics.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>

namespace ecc {

namespace {

constexpr std::size_t max_text = 4096;

// libbpf's callback takes no context, so the thread has to remember who is listening.
thread_local std::string* listener = nullptr;

int collect(libbpf_print_level level, const char* format, va_list arguments) {
    char line[1024];
    if (level != LIBBPF_WARN || listener == nullptr || listener->size() >= max_text)
        return 0;
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    if (length > 0)
        listener->append(line);
    return length;
}

} // namespace

LibbpfLog::LibbpfLog() : previous_(libbpf_set_print(collect)) {
    listener = &text_;
}

LibbpfLog::~LibbpfLog() {
    listener = nullptr;
    libbpf_set_print(previous_);
}

std::string LibbpfLog::summary(std::string_view otherwise) const {
    constexpr std::string_view prefix = "libbpf: ";
    std::string summary;
    std::string_view rest = text_;
    while (!rest.empty()) {
        std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.starts_with(prefix))
            line.remove_prefix(prefix.size());
        if (line.empty())
            continue;
        if (!summary.empty())
            summary += "; ";
        summary += line;
    }
    return summary.empty() ? std::string(otherwise) : printable(summary);
}

} // namespace ecc
