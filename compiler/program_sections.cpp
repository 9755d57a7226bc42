#include "compiler/program_sections.h"

#include "compiler/compiler_flags.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <cstdarg>
#include <cstdio>
#include <llvm/ADT/StringRef.h>
#include <optional>

namespace ecc {
namespace {

constexpr std::size_t most_suggestions = 3;
constexpr std::size_t shortest_prefix = 3;

// libbpf's callback takes no context, so the thread has to remember who is listening.
thread_local std::string* listener = nullptr;

int collect(libbpf_print_level, const char* format, va_list arguments) {
    char line[8192];
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    if (length > 0 && listener != nullptr)
        listener->append(line);
    return length;
}

/// "kprobe+" if a target may follow, "xdp" if not. libbpf shows its table to whoever asks for what is not in
/// it.
std::vector<std::string> known_sections() {
    std::string text;
    listener = &text;
    const libbpf_print_fn_t previous = libbpf_set_print(collect);
    bpf_prog_type type{};
    bpf_attach_type attach_type{};
    (void)libbpf_prog_type_by_name("", &type, &attach_type);
    libbpf_set_print(previous);
    listener = nullptr;
    const std::size_t names = text.find("names are:");
    if (names == text.npos)
        return {};
    text.erase(0, text.find(':', names) + 1);
    std::ranges::replace(text, '\n', ' ');
    return words(text);
}

/// As many parts between slashes as `model` has, and what follows.
std::pair<std::string, std::string> split_like(const std::string& model, const std::string& section) {
    std::size_t end = 0;
    for (auto slashes = std::ranges::count(model, '/') + 1; slashes > 0 && end != section.npos; --slashes)
        end = section.find('/', end == 0 ? 0 : end + 1);
    return {section.substr(0, end), end == section.npos ? "" : section.substr(end)};
}

/// 0 is best; nothing if they are not alike. "xdp_drop" was once as good as "xdp".
std::optional<unsigned> difference(const std::string& known, const std::string& head) {
    const auto tolerated = static_cast<unsigned>(std::max<std::size_t>(known.size() / 3, 1));
    const unsigned distance = llvm::StringRef(known).edit_distance(head, true, tolerated);
    if (distance <= tolerated)
        return distance;
    const bool is_prefix = known.size() >= shortest_prefix && head.starts_with(known);
    return is_prefix ? std::optional(tolerated) : std::nullopt;
}

struct Suggestion {
    unsigned difference;
    std::string section;
};

std::optional<Suggestion> suggestion(std::string known, const std::string& section) {
    const bool takes_target = known.ends_with('+');
    if (takes_target)
        known.pop_back();
    const auto [head, rest] = split_like(known, section);
    const auto distance = difference(known, head);
    if (!distance)
        return std::nullopt;
    return Suggestion{*distance, takes_target ? known + (rest.empty() ? "/..." : rest) : known};
}

} // namespace

std::vector<std::string> similar_sections(const std::string& section) {
    std::vector<Suggestion> found;
    for (const std::string& known : known_sections())
        if (auto some = suggestion(known, section))
            found.push_back(*std::move(some));
    std::ranges::stable_sort(found, {}, &Suggestion::difference);
    std::vector<std::string> sections;
    for (const Suggestion& some : found)
        if (sections.size() < most_suggestions && std::ranges::find(sections, some.section) == sections.end())
            sections.push_back(some.section);
    return sections;
}

} // namespace ecc
