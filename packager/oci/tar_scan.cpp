#include "packager/oci/tar_scan.h"

#include "support/diagnostics.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <numeric>
#include <set>
#include <span>

namespace ecc {
namespace {

constexpr std::size_t block = TarScan::block;
constexpr std::size_t max_extension = 1u << 20; // as Go reads
constexpr std::string_view nul{"\0", 1};
constexpr std::string_view digits = "0123456789";
constexpr std::string_view octal_digits = "01234567";

/// Where a header has what.
struct Field {
    std::size_t offset, size;

    std::string_view of(std::string_view header) const { return header.substr(offset, size); }
};
constexpr Field name_field{0, 100};
constexpr Field size_field{124, 12};
constexpr Field checksum_field{148, 8};
constexpr std::size_t type_offset = 156;
constexpr Field magic_field{257, 8};
constexpr Field star_magic{508, 4};
constexpr Field gnu_times[] = {{345, 12}, {357, 12}};
constexpr Field gnu_sparse{381, 131};

constexpr std::string_view ustar_magic{"ustar\0"
                                       "00",
                                       8};
constexpr std::string_view gnu_magic{"ustar  \0", 8};
constexpr std::string_view no_magic{"\0\0\0\0\0\0\0\0", 8};

constexpr std::string_view file_types{"0\0", 2};
constexpr std::string_view types_without_content = "123456";
constexpr std::string_view extension_types = "xgLK";

constexpr std::string_view sparse_keys[] = {"GNU.sparse.", "SCHILY.realsize", "SUN.holesdata"};
constexpr std::string_view keys_of_one_member[] = {"path", "linkpath", "size"};

bool is_zero(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == bytes.npos;
}

std::string_view up_to_nul(std::string_view text) {
    return text.substr(0, text.find('\0'));
}

std::size_t padded(std::size_t size) {
    return (size + block - 1) / block * block;
}

template <int base> std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// Blanks, digits, and nothing but blanks and NUL from there.
std::optional<std::uint64_t> octal(std::string_view field) {
    field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
    const std::size_t end = std::min(field.find_first_not_of(octal_digits), field.size());
    if (field.substr(end).find_first_not_of(std::string_view(" \0", 2)) != field.npos)
        return std::nullopt;
    return end == 0 ? std::optional<std::uint64_t>(0) : number<8>(field.substr(0, end));
}

/// The sum of all bytes, those of the sum itself taken as blanks.
bool is_intact(std::string_view header) {
    const auto sum = [](std::string_view bytes) {
        return std::accumulate(bytes.begin(), bytes.end(), std::uint64_t(0), [](std::uint64_t total, char c) {
            return total + static_cast<unsigned char>(c);
        });
    };
    const std::string_view stored = checksum_field.of(header);
    return octal(stored) == sum(header) - sum(stored) + stored.size() * ' ';
}

bool is_one_of(std::string_view key, std::span<const std::string_view> keys) {
    return std::ranges::find(keys, key) != keys.end();
}

} // namespace

/// Names in `what` are a stranger's, and may be very long.
std::unexpected<Error> TarScan::ambiguous(const std::string& what) const {
    return input_error(
        where_,
        fmt::format("a layer is ambiguous, so that programs may unpack different files: {:.300}",
                    printable_line(what)),
        "store the package with `ecc push` again, or make the image with another tool");
}

Result<void> TarScan::take(ByteView bytes) {
    while (!bytes.empty()) {
        const bool is_content = passed_over_ > 0;
        const std::size_t count =
            std::min<std::uint64_t>(is_content ? passed_over_ : wanted_ - held_.size(), bytes.size());
        const ByteView next = bytes.first(count);
        bytes = bytes.subspan(count);
        if (is_content) {
            passed_over_ -= count;
            continue;
        }
        held_.insert(held_.end(), next.begin(), next.end());
        if (held_.size() < wanted_)
            continue;
        const Bytes whole = std::exchange(held_, {});
        wanted_ = block;
        ECC_CHECK(extension_ ? use_extension(as_text(whole)) : use_header(as_text(whole)));
    }
    return {};
}

Result<void> TarScan::use_header(std::string_view header) {
    if (is_zero(header)) {
        if (!next_.types.empty())
            return ambiguous("it ends after an extended header");
        ended_ = true;
        return {};
    }
    if (ended_)
        return ambiguous("it goes on after its end");
    if (!is_intact(header))
        return input_error(where_, "has a layer that is no tar archive, or a damaged one",
                           "copy the image again, or push it again");
    const auto size = octal(size_field.of(header));
    if (!size)
        return ambiguous("a size that is no octal number");
    ECC_CHECK(check_form(header));
    return extension_types.contains(header[type_offset]) ? start_extension(header[type_offset], *size)
                                                         : use_member(header, *size);
}

/// Magic numbers decide what the end of a header means.
Result<void> TarScan::check_form(std::string_view header) const {
    const std::string_view magic = magic_field.of(header);
    if (magic != ustar_magic && magic != gnu_magic && magic != no_magic)
        return ambiguous("a header that is neither POSIX's nor GNU's nor that of Version 7");
    if (magic == ustar_magic && star_magic.of(header) == std::string_view("tar\0", 4))
        return ambiguous("a header of star's, with times at the end of its prefix");
    if (magic == gnu_magic && !is_zero(gnu_sparse.of(header)))
        return ambiguous("a sparse file");
    for (const Field& time : gnu_times)
        if (magic == gnu_magic && time.of(header)[0] != '\0' && !octal(time.of(header)))
            return ambiguous("a GNU header with a prefix");
    return {};
}

Result<void> TarScan::start_extension(char type, std::uint64_t size) {
    const bool is_gnu = type == 'L' || type == 'K';
    if (next_.types.contains(type) || !(next_.types.empty() || (is_gnu && next_.types != "x")))
        return ambiguous(
            fmt::format("extended headers of types {} and {} before one member", next_.types.back(), type));
    if (size == 0 || size > max_extension)
        return ambiguous(fmt::format("an extended header of {} bytes", size));
    if (type != 'g')
        next_.types += type;
    extension_ = type;
    content_ = size;
    wanted_ = padded(size);
    return {};
}

Result<void> TarScan::use_extension(std::string_view content) {
    const char type = std::exchange(extension_, 0);
    content = content.substr(0, content_);
    return type == 'x' || type == 'g' ? use_pax(content, type == 'g') : use_gnu_name(type, content);
}

/// "LENGTH KEY=VALUE\n", where LENGTH counts all of it.
Result<void> TarScan::use_pax(std::string_view records, bool is_global) {
    std::set<std::string_view> keys;
    while (!records.empty()) {
        const std::size_t blank = std::min(records.find_first_not_of(digits), records.size());
        const auto length = number<10>(records.substr(0, blank));
        if (!length || *length > records.size() || *length < blank + 2 || records[blank] != ' ' ||
            records[*length - 1] != '\n')
            return ambiguous("an extended header that is malformed");
        const std::string_view record = records.substr(blank + 1, *length - blank - 2);
        records.remove_prefix(*length);
        const std::string_view key = record.substr(0, record.find('='));
        if (key.empty() || key.size() == record.size() || key.contains('\0'))
            return ambiguous("an extended header that is malformed");
        if (!keys.insert(key).second)
            return ambiguous(fmt::format("{} twice in one extended header", key));
        ECC_CHECK(use_pax_record(key, record.substr(key.size() + 1), is_global));
    }
    return {};
}

Result<void> TarScan::use_pax_record(std::string_view key, std::string_view value, bool is_global) {
    for (const std::string_view sparse : sparse_keys)
        if (key.starts_with(sparse))
            return ambiguous(fmt::format("a sparse file, by {}", key));
    if (!is_one_of(key, keys_of_one_member))
        return {};
    if (is_global)
        return ambiguous(fmt::format("{} of all members", key));
    if (value.empty() || value.contains('\0'))
        return ambiguous(fmt::format("{} without a value, or with NUL in it", key));
    (key == "path" ? next_.name : key == "size" ? next_.size : next_.link) = value;
    return {};
}

Result<void> TarScan::use_gnu_name(char type, std::string_view name) {
    const std::string_view text = up_to_nul(name);
    if (text.empty() || !is_zero(name.substr(text.size())))
        return ambiguous("a long name that is empty or has NUL in it");
    (type == 'L' ? next_.name : next_.link) = text;
    return {};
}

Result<void> TarScan::use_member(std::string_view header, std::uint64_t size) {
    const Extended extended = std::exchange(next_, {});
    const std::string name = extended.name.value_or(std::string(up_to_nul(name_field.of(header))));
    const char type = header[type_offset];
    const bool is_file = file_types.contains(type);
    if (name.empty())
        return ambiguous("a member without a name");
    if (!is_file && !types_without_content.contains(type))
        return ambiguous(fmt::format("{}, of type {:?}", name, type));
    if (extended.size && number<10>(*extended.size) != size)
        return ambiguous(fmt::format("{}, with {} bytes and with {}", name, size, *extended.size));
    if (extended.link && type != '1' && type != '2')
        return ambiguous(fmt::format("{}, which is no link and leads to {}", name, *extended.link));
    if (!is_file && size > 0)
        return ambiguous(fmt::format("{}, which is no file and has content", name));
    if (is_file && name.ends_with('/') && (type == '0' || size > 0))
        return ambiguous(fmt::format("{}, a file that is called like a folder", name));
    passed_over_ = padded(size);
    return {};
}

} // namespace ecc
