#include "support/diagnostics.h"

#include "support/output.h"

#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

namespace ecc {

bool wants_color(std::FILE* stream) {
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    return ::isatty(::fileno(stream)) && !(no_color && *no_color) && !(term && std::string_view(term) == "dumb");
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

Diagnostics::Diagnostics(std::string_view program, std::FILE* stream)
    : program_(program), stream_(stream), color_(wants_color(stream)) {}

void Diagnostics::print(std::string_view label, const char* style, std::string_view where,
                        std::string_view what) const {
    std::string line = program_ + ": ";
    line += color_ ? fmt::format("\033[{}m{}:\033[0m ", style, label) : fmt::format("{}: ", label);
    if (!where.empty())
        line += printable(where) + ": ";
    line += printable(what) + "\n";
    std::fwrite(line.data(), 1, line.size(), stream_);
}

void Diagnostics::error(const Error& error) const {
    print("error", "1;31", error.where, error.what);
    if (!error.hint.empty())
        print_to(stream_, "  try: {}\n", printable(error.hint));
}

void Diagnostics::warning(std::string_view where, std::string_view what) const {
    print("warning", "1;35", where, what);
}

void Diagnostics::note(std::string_view what) const {
    print("note", "1;36", {}, what);
}

} // namespace ecc
