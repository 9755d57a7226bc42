// What one guest may use up. Every limit has a name, by which options, policies and messages call it.
#pragma once

#include "support/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ecc {

inline constexpr std::uint64_t no_limit = UINT64_MAX;

struct Limits {
    std::uint64_t memory = std::uint64_t{1} << 30; ///< bytes of linear memory
    std::uint64_t tables = 1 << 20;                ///< elements of each table
    std::uint64_t instances = no_limit;            ///< runs of ecc-run that have this limit, at once
    std::uint64_t maps = std::uint64_t{1} << 30;   ///< bytes of its objects and their maps, when full
    std::uint64_t programs = 1024;                 ///< loaded at once
    std::uint64_t links = 4096;                    ///< attached at once
    std::uint64_t cpu = no_limit;                  ///< milliseconds
    std::uint64_t files = no_limit;                ///< open descriptors of the process
    std::uint64_t output = no_limit;               ///< bytes on standard output and error
    std::uint64_t functions = 100'000;             ///< in the module
    std::uint64_t code = std::uint64_t{64} << 20;  ///< bytes of Wasm code
    std::uint64_t body = std::uint64_t{1} << 20;   ///< bytes of the largest function
    bool operator==(const Limits&) const = default;
};

struct LimitKind {
    enum class Unit { count, bytes, milliseconds };

    std::string_view name;
    std::uint64_t Limits::* value;
    Unit unit;
    std::string_view meaning; ///< for --help and messages: "BPF programs loaded at once"
};

/// In the order of the structure.
std::span<const LimitKind> limit_kinds();
const LimitKind& limit_kind(std::uint64_t Limits::* value);

/// "64", "256M" or "256 MiB" for bytes, "1.5" seconds for times, "none". A usage error says what it takes.
Result<std::uint64_t> parse_limit(const LimitKind& kind, std::string_view text);
/// The other way: "256 MiB", "1.5 s", "none".
std::string limit_text(const LimitKind& kind, std::uint64_t value);

/// Sets what NAME=VALUE says.
Result<> set_limit(Limits& limits, std::string_view words);

/// For whoever ran into it: what is limited, to what, and the option that changes it.
Error limit_reached(const LimitKind& kind, std::uint64_t limit, std::string where);

} // namespace ecc
