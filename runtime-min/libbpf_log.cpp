#include "runtime-min/libbpf_log.h"

#include <bpf/libbpf.h>
#include <cstdarg>
#include <cstdio>
#include <vector>

namespace ecc {

namespace {

/// How many lines of a log a person gets to see; object_log has them all.
constexpr std::size_t shown_lines = 40;

// libbpf's print function carries no context.
LibbpfLog* current_log = nullptr;
const LibbpfListener* current_listener = nullptr;

std::string format_message(const char* format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    const int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    if (length <= 0)
        return {};
    std::string text(static_cast<std::size_t>(length) + 1, '\0');
    std::vsnprintf(text.data(), text.size(), format, arguments);
    text.pop_back();
    return text;
}

int print(libbpf_print_level level, const char* format, va_list arguments) {
    const bool heard = current_listener != nullptr && *current_listener;
    if (level == LIBBPF_DEBUG && !heard)
        return 0;
    const auto text = format_message(format, arguments);
    if (current_log != nullptr)
        current_log->append(text);
    if (heard)
        (*current_listener)(text);
    return 0;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end != 0)
            lines.push_back(text.substr(0, end));
        text.remove_prefix(end == text.npos ? text.size() : end + 1);
    }
    return lines;
}

std::string last_lines(const std::vector<std::string_view>& lines) {
    std::string text;
    for (auto i = lines.size() > shown_lines ? lines.size() - shown_lines : 0; i < lines.size(); ++i)
        text.append(text.empty() ? "" : "\n").append(lines[i]);
    return text;
}

/// The last line that is neither an instruction nor a statistic.
std::string_view verdict(const std::vector<std::string_view>& lines) {
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const bool statistic = line->starts_with("processed ") || line->starts_with("verification time") ||
                               line->starts_with("stack depth") || line->starts_with("mark_precise");
        if (!statistic)
            return *line;
    }
    return {};
}

std::string_view between(std::string_view text, std::string_view from, std::string_view to) {
    const auto start = text.rfind(from);
    if (start == text.npos)
        return {};
    text.remove_prefix(start + from.size());
    return text.substr(0, text.find(to));
}

/// The name whose closing quote `words` begin with.
std::string_view quoted_before(std::string_view text, std::string_view words) {
    const auto end = text.rfind(words);
    if (end == text.npos)
        return {};
    const auto quote = text.substr(0, end).rfind('\'');
    return quote == text.npos ? std::string_view() : text.substr(quote + 1, end - quote - 1);
}

} // namespace

void LibbpfLog::append(std::string_view text) {
    text_.append(text);
    if (text_.size() > limit)
        text_.erase(0, text_.size() - limit);
}

LibbpfLogScope::LibbpfLogScope(LibbpfLog& log, const LibbpfListener* listener)
    : outer_(current_log), outer_listener_(current_listener) {
    current_log = &log;
    current_listener = listener;
    libbpf_set_print(print);
}

LibbpfLogScope::~LibbpfLogScope() {
    current_log = outer_;
    current_listener = outer_listener_;
}

LoadFailure explain_load_failure(std::string_view log) {
    constexpr std::string_view begin = "-- BEGIN PROG LOAD LOG --\n", end = "-- END PROG LOAD LOG --";
    LoadFailure failure;
    failure.program = quoted_before(log, "': BPF program load failed");
    failure.map = quoted_before(log, "': failed to create: ");
    failure.pin = between(log, "couldn't reuse pinned map at '", "': parameter mismatch");
    failure.missing = between(log, "failed to find kernel BTF type ID of '", "'");
    const auto verifier = lines_of(between(log, begin, end));
    failure.reason = verdict(verifier);
    failure.details = last_lines(verifier.empty() ? lines_of(log) : verifier);
    return failure;
}

} // namespace ecc
