#include "skelgen/rust_text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <fmt/format.h>

namespace ecc {

namespace {

// clang-format off
/// Sorted. Keywords of all editions so far, and of the future.
constexpr std::array<std::string_view, 48> keywords = {
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
};
/// Names that no raw identifier can have.
constexpr std::array<std::string_view, 5> never_raw = {"Self", "_", "crate", "self", "super"};
/// What a program that imports all types would lose.
constexpr std::array<std::string_view, 30> prelude = {
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Debug", "Default", "DoubleEndedIterator", "Drop", "Eq", "Err",
    "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce", "From", "FromIterator", "Hash", "Into", "IntoIterator",
    "Iterator", "None", "Ok", "Option", "Ord", "PartialEq", "Result", "Self", "Some",
};
/// The rest of it, and traits that derive names.
constexpr std::array<std::string_view, 10> prelude_too = {
    "PartialOrd", "Send", "Sized", "String", "Sync", "ToOwned", "ToString", "TryFrom", "TryInto", "Vec",
};
// clang-format on

constexpr unsigned max_pointer_depth = 8;
constexpr const char* opaque = "core::ffi::c_void";

bool among(const auto& sorted, std::string_view name) {
    return std::ranges::binary_search(sorted, name);
}

} // namespace

std::string rust_identifier(std::string_view name) {
    static_assert(std::ranges::is_sorted(keywords) && std::ranges::is_sorted(never_raw));
    std::string identifier(name);
    for (char& c : identifier)
        if (static_cast<unsigned char>(c) >= 0x80 ||
            (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_'))
            c = '_';
    if (identifier.empty() || (identifier[0] >= '0' && identifier[0] <= '9'))
        identifier.insert(identifier.begin(), '_');
    if (among(never_raw, identifier))
        return identifier + '_';
    return among(keywords, identifier) ? "r#" + identifier : identifier;
}

std::string rust_type_identifier(std::string_view name) {
    static_assert(std::ranges::is_sorted(prelude) && std::ranges::is_sorted(prelude_too));
    std::string identifier = camel_case(name);
    if (among(prelude, identifier) || among(prelude_too, identifier))
        identifier += '_';
    return identifier;
}

std::string rust_string(std::string_view text) {
    std::string literal = "\"";
    for (char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            literal += {'\\', c};
        else if (byte < 0x20 || byte >= 0x7f)
            literal += fmt::format("\\u{{{:x}}}", byte);
        else
            literal += c;
    }
    return literal + '"';
}

std::string RustSpelling::integer(std::uint64_t size, bool is_signed) {
    return fmt::format("{}{}", is_signed ? 'i' : 'u', size * 8);
}

std::string RustSpelling::type(const PlainType& type, RustUses& uses) const {
    std::string text = element(type, uses);
    for (auto count = type.dimensions.rbegin(); count != type.dimensions.rend(); ++count)
        text = fmt::format("[{}; {}]", text, *count);
    return text;
}

std::string RustSpelling::element(const PlainType& type, RustUses& uses, unsigned depth) const {
    switch (type.kind) {
    case PlainKind::boolean:
        uses.boolean = true;
        return named("Bool");
    case PlainKind::character:
        return "u8";
    case PlainKind::floating:
        return fmt::format("f{}", type.size * 8);
    case PlainKind::pointer:
        return pointer(layouts_.graph.at(type.type).target, uses, depth);
    case PlainKind::record:
        return named(names_.at(type.type));
    case PlainKind::bytes:
        return fmt::format("[u8; {}]", type.size);
    case PlainKind::enumeration:
        if (is_named(type.type))
            return named(names_.at(type.type));
        [[fallthrough]];
    default:
        uses.wide = uses.wide || type.size == 16;
        return type.size == 16 ? named(type.is_signed ? "I128" : "U128") : integer(type.size, type.is_signed);
    }
}

std::string RustSpelling::pointer(TypeId pointee, RustUses& uses, unsigned depth) const {
    uses.pointer = true;
    const PlainType target = plain_type(layouts_, pointee, rust_rules);
    const bool undefined = (target.kind == PlainKind::record && !is_named(target.type)) ||
                           target.kind == PlainKind::bytes || depth == max_pointer_depth;
    if (undefined)
        return fmt::format("{}<{}>", named("Ptr"), opaque);
    std::string text = element(target, uses, depth + 1);
    for (auto count = target.dimensions.rbegin(); count != target.dimensions.rend(); ++count)
        text = fmt::format("[{}; {}]", text, *count);
    return fmt::format("{}<{}>", named("Ptr"), text);
}

std::string RustSpelling::bit_value_type(const PlainType& type) const {
    if (type.kind == PlainKind::boolean)
        return "bool";
    if (type.kind == PlainKind::enumeration && is_named(type.type))
        return names_.at(type.type);
    return integer(std::bit_ceil(type.size), type.is_signed);
}

std::string RustSpelling::read_bits(const PlainAccessor& bits, const std::string& field,
                                    std::uint64_t first) const {
    const std::string value_type = bit_value_type(bits.type);
    const auto part = [&](std::uint64_t at, std::uint64_t width) {
        return fmt::format("bits(&self.{}, {}, {})", field, first + at, width);
    };
    if (value_type == "bool")
        return part(0, bits.size_bits) + " != 0";
    std::string value = part(0, std::min<std::uint64_t>(bits.size_bits, 64));
    std::uint64_t size_bits = 64;
    if (bits.size_bits > 64) {
        size_bits = 128;
        value = fmt::format("({} as u128 | ({} as u128) << 64)", value, part(64, bits.size_bits - 64));
    }
    if (bits.type.is_signed && bits.size_bits != size_bits)
        value = fmt::format("((({0} << {1}) as i{2}) >> {1})", value, size_bits - bits.size_bits, size_bits);
    const std::string number = integer(std::bit_ceil(bits.type.size), bits.type.is_signed);
    const std::string cast =
        number == "u64" && bits.size_bits <= 64 ? value : fmt::format("{} as {}", value, number);
    return value_type == number ? cast : fmt::format("{}({})", value_type, cast);
}

std::string RustSpelling::all_bits_set(const PlainAccessor& bits) {
    if (bits.type.kind == PlainKind::boolean)
        return "1";
    if (bits.type.is_signed)
        return "-1";
    const std::uint64_t size = std::bit_ceil(bits.type.size);
    const std::uint64_t unused = size * 8 - bits.size_bits;
    return integer(size, false) + "::MAX" + (unused != 0 ? fmt::format(" >> {}", unused) : "");
}

} // namespace ecc
