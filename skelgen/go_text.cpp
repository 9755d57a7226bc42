#include "skelgen/go_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>

namespace ecc {

namespace {

constexpr unsigned max_pointer_depth = 8;

bool is_small_letter(char c) {
    return c >= 'a' && c <= 'z';
}

} // namespace

std::string go_package(std::string_view name) {
    std::string package;
    for (char c : name) {
        const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (is_small_letter(small) || (small >= '0' && small <= '9' && !package.empty()))
            package += small;
    }
    // What is neither a keyword nor the name of a package that the text imports.
    constexpr std::array<std::string_view, 28> taken = {
        "break",  "case",        "chan",      "const",  "continue", "default", "defer",
        "else",   "fallthrough", "for",       "func",   "go",       "goto",    "if",
        "import", "init",        "interface", "main",   "map",      "package", "range",
        "return", "select",      "strconv",   "struct", "structs",  "switch",  "unsafe"};
    if (package.empty() || std::ranges::find(taken, package) != taken.end() || package == "type" ||
        package == "var")
        package += "bpf";
    return package;
}

std::string go_constant(std::string_view type, std::string_view c_name, std::string_view enumerator) {
    std::string name = camel_case(enumerator);
    const std::string stem =
        camel_case(c_name.ends_with("_t") ? c_name.substr(0, c_name.size() - 2) : c_name);
    const bool has_stem =
        name.starts_with(stem) && name.size() > stem.size() && !is_small_letter(name[stem.size()]);
    return has_stem ? name : std::string(type) + name;
}

std::string go_string(std::string_view text) {
    std::string literal = "\"";
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            literal += {'\\', c};
        else if (byte < 0x20 || byte >= 0x7f)
            literal += fmt::format("\\x{:02x}", byte);
        else
            literal += c;
    }
    return literal + '"';
}

std::string GoSpelling::integer(std::uint64_t size, bool is_signed) {
    if (size == 16)
        return is_signed ? "Int128" : "Uint128";
    return fmt::format("{}int{}", is_signed ? "" : "u", size * 8);
}

std::string GoSpelling::type(const PlainType& type, GoUses& uses, unsigned depth) const {
    std::string text;
    for (std::uint32_t count : type.dimensions)
        text += fmt::format("[{}]", count);
    return text + element(type, uses, depth);
}

std::string GoSpelling::element(const PlainType& type, GoUses& uses, unsigned depth) const {
    switch (type.kind) {
    case PlainKind::boolean:
        uses.boolean = true;
        return "Bool";
    case PlainKind::character:
        return "byte";
    case PlainKind::floating:
        return fmt::format("float{}", type.size * 8);
    case PlainKind::pointer:
        return pointer(layouts_.graph.at(type.type).target, uses, depth);
    case PlainKind::record:
        return names_.at(type.type);
    case PlainKind::bytes:
        return fmt::format("[{}]byte", type.size);
    case PlainKind::enumeration:
        if (names_.contains(type.type))
            return names_.at(type.type);
        [[fallthrough]];
    default:
        uses.wide = uses.wide || type.size == 16;
        return integer(type.size, type.is_signed);
    }
}

std::string GoSpelling::pointer(TypeId pointee, GoUses& uses, unsigned depth) const {
    uses.pointer = true;
    const PlainType target = plain_type(layouts_, pointee, go_rules);
    const bool undefined = (target.kind == PlainKind::record && !names_.contains(target.type)) ||
                           target.kind == PlainKind::bytes || depth == max_pointer_depth;
    return fmt::format("Ptr[{}]", undefined ? "struct{}" : type(target, uses, depth + 1));
}

std::string GoSpelling::bit_value_type(const PlainType& type, GoUses& uses) const {
    if (type.kind == PlainKind::boolean)
        return "bool";
    if (type.kind == PlainKind::enumeration && names_.contains(type.type))
        return names_.at(type.type);
    uses.wide = uses.wide || std::bit_ceil(type.size) == 16;
    return integer(std::bit_ceil(type.size), type.is_signed);
}

std::string GoSpelling::read_bits(const PlainAccessor& bits, const std::string& field, std::uint64_t first,
                                  GoUses& uses) const {
    const std::string value_type = bit_value_type(bits.type, uses);
    const auto part = [&](std::uint64_t at, std::uint64_t width) {
        return fmt::format("eccBits(r.{}[:], {}, {})", field, first + at, width);
    };
    const auto extended = [&](const std::string& value, std::uint64_t width) {
        if (!bits.type.is_signed)
            return value;
        return width == 64 ? fmt::format("int64({})", value)
                           : fmt::format("int64({0}<<{1}) >> {1}", value, 64 - width);
    };
    if (value_type == "bool")
        return part(0, bits.size_bits) + " != 0";
    if (bits.type.size > 8) {
        const std::uint64_t low = std::min<std::uint64_t>(bits.size_bits, 64);
        if (bits.size_bits <= 64)
            return fmt::format("ecc{}({})", value_type, extended(part(0, low), low));
        return fmt::format("{}{{{}, {}}}", value_type, part(0, 64),
                           extended(part(64, bits.size_bits - 64), bits.size_bits - 64));
    }
    const std::string value = extended(part(0, bits.size_bits), bits.size_bits);
    return value_type == (bits.type.is_signed ? "int64" : "uint64")
               ? value
               : fmt::format("{}({})", value_type, value);
}

} // namespace ecc
