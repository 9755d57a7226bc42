#include "runtime-min/process_maps.h"

#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <string_view>

namespace ecc {

namespace {

/// Cuts a hexadecimal number and the character behind it off the front of `text`.
std::optional<std::uint64_t> cut_number(std::string_view& text, char delimiter) {
    std::uint64_t number = 0;
    const char* const limit = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), limit, number, 16);
    if (error != std::errc() || end == limit || *end != delimiter)
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return number;
}

/// Cuts a word and one space off the front of `text`.
void cut_word(std::string_view& text) {
    const auto space = text.find(' ');
    text = space == std::string_view::npos ? "" : text.substr(space + 1);
}

/// "7f0000001000-7f0000002000 r-xp 00001000 fe:01 1234       /usr/lib/libc.so.6", the name padded.
std::optional<ProcessMapping> parse(std::string_view line) {
    const auto start = cut_number(line, '-');
    const auto end = start ? cut_number(line, ' ') : std::nullopt;
    if (!end)
        return std::nullopt;
    cut_word(line);
    const auto offset = cut_number(line, ' ');
    if (!offset)
        return std::nullopt;
    cut_word(line);
    cut_word(line);
    const auto name = line.find_first_not_of(' ');
    return ProcessMapping{*start, *end, *offset, std::string(name < line.size() ? line.substr(name) : "")};
}

int refusal(int error) {
    if (error == ENOENT)
        return ESRCH;
    return error == EACCES ? EPERM : error;
}

} // namespace

OrErrno<ProcessMapping> find_mapping(std::istream& lines, std::uint64_t address) {
    // What has no memory has an empty list.
    int absent = ESRCH;
    for (std::string line; std::getline(lines, line);) {
        auto mapping = parse(line);
        if (!mapping)
            continue;
        absent = ENOENT;
        // They are in the order of their addresses.
        if (address < mapping->end)
            return address < mapping->start ? OrErrno<ProcessMapping>(errno_error(ENOENT))
                                            : *std::move(mapping);
    }
    return errno_error(absent);
}

OrErrno<ProcessMapping> process_mapping_at(std::int32_t pid, std::uint64_t address) {
    if (pid <= 0)
        return errno_error(ESRCH);
    errno = 0;
    std::ifstream file(fmt::format("/proc/{}/maps", pid));
    if (!file)
        return errno_error(refusal(errno == 0 ? EIO : errno));
    return find_mapping(file, address);
}

} // namespace ecc
