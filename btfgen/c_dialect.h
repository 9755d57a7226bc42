// What C and C++ say differently about the same bytes.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace ecc {

struct CDialect {
    /// Integers of 1, 2, 4, 8 and 16 bytes.
    std::array<std::string_view, 5> unsigned_integers, signed_integers;
    std::string_view alignment_operator;
    bool sized_enumerations; ///< an enumeration can have any integer's size, so that every one is a type
    bool tags_are_names;     ///< no typedef is needed to use a tag without `struct`
    bool has_namespace;      ///< names never meet those of C headers
    bool tags_are_members;   ///< no member of an anonymous struct or union may have the tag's name

    /// Empty if there is none of that size.
    std::string_view integer(std::uint64_t size, bool is_signed) const {
        if (!std::has_single_bit(size) || size > 16)
            return {};
        return (is_signed ? signed_integers : unsigned_integers)[std::countr_zero(size)];
    }
};

inline constexpr CDialect c_dialect{
    {"unsigned char", "unsigned short", "unsigned int", "unsigned long long", "unsigned __int128"},
    {"signed char", "short", "int", "long long", "__int128"},
    "ECC_ALIGNOF",
    false,
    false,
    false,
    false};

inline constexpr CDialect cpp_dialect{
    {"std::uint8_t", "std::uint16_t", "std::uint32_t", "std::uint64_t", "unsigned __int128"},
    {"std::int8_t", "std::int16_t", "std::int32_t", "std::int64_t", "__int128"},
    "alignof",
    true,
    true,
    true,
    true};

} // namespace ecc
