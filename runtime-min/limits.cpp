#include "runtime-min/limits.h"

#include "support/near_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace ecc {

namespace {

using Unit = LimitKind::Unit;

constexpr std::array kinds{
    LimitKind{"memory", &Limits::memory, Unit::bytes, "linear memory of the program"},
    LimitKind{"tables", &Limits::tables, Unit::count, "elements of each Wasm table"},
    LimitKind{"instances", &Limits::instances, Unit::count, "programs that run at once under this limit"},
    LimitKind{"maps", &Limits::maps, Unit::bytes, "memory of its BPF objects and their maps, when full"},
    LimitKind{"programs", &Limits::programs, Unit::count, "BPF programs loaded at once"},
    LimitKind{"links", &Limits::links, Unit::count, "BPF programs attached at once"},
    LimitKind{"cpu", &Limits::cpu, Unit::milliseconds, "CPU time of the program"},
    LimitKind{"files", &Limits::files, Unit::count, "open descriptors"},
    LimitKind{"output", &Limits::output, Unit::bytes, "standard output and error"},
    LimitKind{"functions", &Limits::functions, Unit::count, "Wasm functions of the program"},
    LimitKind{"code", &Limits::code, Unit::bytes, "Wasm code of the program"},
    LimitKind{"body", &Limits::body, Unit::bytes, "Wasm code of its largest function"},
};

struct Suffix {
    std::string_view text;
    std::uint64_t factor;
};

/// As docker's: powers of 1024.
constexpr std::array byte_suffixes{
    Suffix{"", 1},         Suffix{"B", 1},          Suffix{"K", 1u << 10}, Suffix{"KiB", 1u << 10},
    Suffix{"M", 1u << 20}, Suffix{"MiB", 1u << 20}, Suffix{"G", 1u << 30}, Suffix{"GiB", 1u << 30},
};
constexpr std::array time_suffixes{Suffix{"", 1000}, Suffix{"s", 1000}, Suffix{"ms", 1}, Suffix{"m", 60'000}};
constexpr std::array count_suffixes{Suffix{"", 1}};

std::span<const Suffix> suffixes_of(Unit unit) {
    switch (unit) {
    case Unit::bytes:
        return byte_suffixes;
    case Unit::milliseconds:
        return time_suffixes;
    case Unit::count:
        break;
    }
    return count_suffixes;
}

std::string_view example_of(Unit unit) {
    switch (unit) {
    case Unit::bytes:
        return "a size such as 256M";
    case Unit::milliseconds:
        return "a time such as 30s";
    case Unit::count:
        break;
    }
    return "a whole number";
}

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, {}, [](unsigned char c) { return std::tolower(c); },
        [](unsigned char c) { return std::tolower(c); });
}

} // namespace

std::span<const LimitKind> limit_kinds() {
    return kinds;
}

const LimitKind& limit_kind(std::uint64_t Limits::* value) {
    return *std::ranges::find(kinds, value, &LimitKind::value);
}

Result<std::uint64_t> parse_limit(const LimitKind& kind, std::string_view text) {
    constexpr double largest = 9e15; // every whole number below is exact
    if (text == "none")
        return no_limit;
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    const auto suffixes = suffixes_of(kind.unit);
    const auto suffix =
        std::ranges::find_if(suffixes, [&](const Suffix& one) { return same_letters(one.text, rest); });
    // Written so that NaN fails too.
    if (error == std::errc() && suffix != suffixes.end() && number >= 0 &&
        number * static_cast<double>(suffix->factor) <= largest &&
        (suffix->factor > 1 || number == std::floor(number)))
        return static_cast<std::uint64_t>(number * static_cast<double>(suffix->factor));
    return usage_error(fmt::format("the limit \"{}\" ({}) is {} or none, not \"{}\"", kind.name, kind.meaning,
                                   example_of(kind.unit), text));
}

std::string limit_text(const LimitKind& kind, std::uint64_t value) {
    if (value == no_limit)
        return "none";
    if (kind.unit == Unit::milliseconds)
        return fmt::format("{:g} s", static_cast<double>(value) / 1000);
    if (kind.unit == Unit::count)
        return std::to_string(value);
    constexpr std::array names{"bytes", "KiB", "MiB", "GiB"};
    std::size_t name = 0;
    while (name + 1 < names.size() && value >= 1024 && value % 1024 == 0) {
        value /= 1024;
        ++name;
    }
    return fmt::format("{} {}", value, names[name]);
}

Result<> set_limit(Limits& limits, std::string_view words) {
    const auto equals = words.find('=');
    const auto name = words.substr(0, equals);
    const auto kind = std::ranges::find(kinds, name, &LimitKind::name);
    if (kind == kinds.end() || equals == words.npos) {
        return usage_error(fmt::format("--limit {}: not NAME=VALUE with a known name", words),
                           hint_for_unknown(name, names_in(kinds, &LimitKind::name)));
    }
    ECC_TRY(limits.*kind->value, parse_limit(*kind, words.substr(equals + 1)));
    return {};
}

Error limit_reached(const LimitKind& kind, std::uint64_t limit, std::string where) {
    return {Fault::input, std::move(where),
            fmt::format("reached the limit \"{}\": {}, at most {}", kind.name, kind.meaning,
                        limit_text(kind, limit)),
            fmt::format("--limit {}=VALUE or none, if that is what it should use", kind.name)};
}

} // namespace ecc
