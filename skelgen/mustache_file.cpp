#include "skelgen/mustache_file.h"

#include "support/files.h"

#include <algorithm>

namespace ecc {

namespace {

constexpr char blank_line = '\x01'; // no text that comes in has control characters besides tab and newline

std::string_view trimmed(std::string_view line) {
    const auto from = line.find_first_not_of(" \t");
    if (from == std::string_view::npos)
        return {};
    return line.substr(from, line.find_last_not_of(" \t") - from + 1);
}

bool is_section_tag(std::string_view text) {
    return text.size() > 5 && text.starts_with("{{") && text.find("}}") == text.size() - 2 &&
           std::string_view("#^/").contains(text[2]);
}

/// Mustache takes a tag that stands alone on its line away with the line. The library does so only for
/// sections that have something, and takes an empty line after a tag along.
std::string prepare(std::string_view text) {
    std::string prepared;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        const bool ended = line.size() < text.size();
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (is_section_tag(trimmed(line))) {
            prepared += trimmed(line);
            continue;
        }
        prepared += line.empty() ? std::string_view(&blank_line, 1) : line;
        if (ended)
            prepared += '\n';
    }
    return prepared;
}

} // namespace

Result<std::string> render_mustache(const std::filesystem::path& file, const kainjow::mustache::data& data) {
    const auto bytes = read_file(file);
    if (!bytes)
        return environment_error(file.string(), "cannot read this template: " + bytes.error().what,
                                 "It belongs to ecc: install ecc again.");
    kainjow::mustache::mustache parsed{prepare(as_text(*bytes))};
    if (!parsed.is_valid())
        return environment_error(file.string(), "not a template: " + parsed.error_message(),
                                 "It belongs to ecc: install ecc again.");
    parsed.set_custom_escape([](const std::string& text) { return text; });
    std::string text = parsed.render(data);
    if (!parsed.error_message().empty())
        return environment_error(file.string(), "cannot render: " + parsed.error_message());
    std::erase(text, blank_line);
    return text;
}

} // namespace ecc
