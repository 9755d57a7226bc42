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

std::string printable(std::string_view text) {
    std::string shown;
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f)
            shown += fmt::format("\\x{:02x}", byte);
        else
            shown += c;
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
