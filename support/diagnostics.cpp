#include "support/diagnostics.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

namespace ecc {

bool wants_color(std::FILE* stream) {
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return ::isatty(::fileno(stream)) && !(no_color && *no_color) &&
           !(term && std::string_view(term) == "dumb");
}

namespace {

struct CodeRange {
    char32_t first, last;
};

/// Cc of Unicode, and what has Bidi_Control: both change how a terminal shows what comes after.
constexpr CodeRange controls[] = {{0, 0x1f},        {0x7f, 0x9f},     {0x61c, 0x61c},
                                  {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};

bool is_control(char32_t code) {
    return code != '\n' && code != '\t' && std::ranges::any_of(controls, [code](const CodeRange& range) {
               return code >= range.first && code <= range.last;
           });
}

/// In bytes, of the UTF-8 character that `text` begins with; 1 if it is malformed.
std::size_t character_size(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    const std::string_view rest = text.substr(1, size - 1);
    const bool complete =
        rest.size() == size - 1 && std::ranges::all_of(rest, [](char c) { return (c & 0xc0) == 0x80; });
    return complete ? size : 1;
}

/// A malformed byte is itself: terminals that are not set to UTF-8 take 0x9b for U+009B.
char32_t code_of(std::string_view character) {
    auto code = static_cast<unsigned char>(character[0]) &
                (character.size() == 1 ? 0xffu : 0x7fu >> character.size());
    for (const char c : character.substr(1))
        code = code << 6 | (c & 0x3f);
    return code;
}

} // namespace

std::string printable(std::string_view text) {
    std::string shown;
    while (!text.empty()) {
        const std::string_view character = text.substr(0, character_size(text));
        text.remove_prefix(character.size());
        const char32_t code = code_of(character);
        if (!is_control(code))
            shown += character;
        else
            shown += fmt::format(fmt::runtime(character.size() == 1 ? "\\x{:02x}" : "\\u{:04x}"),
                                 static_cast<std::uint32_t>(code));
    }
    return shown;
}

std::string printable_line(std::string_view text) {
    std::string line = printable(text);
    for (char& c : line)
        if (c == '\n' || c == '\t')
            c = ' ';
    return line;
}

namespace {

struct Style {
    std::string_view level;
    const char* code;
};
constexpr Style styles[] = {{"error", "1;31"}, {"warning", "1;35"}, {"note", "1;36"}};

void print(std::FILE* stream, const std::string& program, bool color, const Diagnostic& diagnostic) {
    std::string line = program + ": ";
    const auto* style = std::ranges::find(styles, diagnostic.level, &Style::level);
    line += color && style != std::end(styles)
                ? fmt::format("\033[{}m{}:\033[0m ", style->code, diagnostic.level)
                : fmt::format("{}: ", diagnostic.level);
    if (!diagnostic.where.empty())
        line += printable(diagnostic.where) + ": ";
    line += printable(diagnostic.what) + "\n";
    if (!diagnostic.hint.empty())
        line += "  try: " + printable(diagnostic.hint) + "\n";
    std::fwrite(line.data(), 1, line.size(), stream);
}

} // namespace

Diagnostics::Diagnostics(std::string_view program, std::FILE* stream)
    : sink_([name = std::string(program), stream, color = wants_color(stream)](const Diagnostic& diagnostic) {
          print(stream, name, color, diagnostic);
      }) {}

void Diagnostics::tell(const Diagnostic& diagnostic) const {
    if (left_ == 0)
        return;
    if (--left_ == 0)
        sink_({"note", {}, "there are more messages than are shown", {}});
    else
        sink_(diagnostic);
}

void Diagnostics::error(const Error& error) const {
    tell({"error", error.where, error.what, error.hint});
}

void Diagnostics::warning(std::string_view where, std::string_view what) const {
    tell({"warning", where, what, {}});
}

void Diagnostics::note(std::string_view what) const {
    tell({"note", {}, what, {}});
}

} // namespace ecc
