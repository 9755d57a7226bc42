#include "support/near_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>
#include <utility>

namespace ecc {

std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < to.size(); ++j) {
            const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

std::string hint_for_unknown(std::string_view name, std::span<const std::string_view> known) {
    const auto all = fmt::format("{}", fmt::join(known, ", "));
    // What is much longer than any of them is near none, and may be as long as a file.
    const auto distance = [&](std::string_view one) {
        return name.size() > 2 * one.size() + 2 ? name.size() : edit_distance(name, one);
    };
    const auto nearest = std::ranges::min_element(known, {}, distance);
    if (nearest == known.end() || distance(*nearest) > (nearest->size() + 1) / 3)
        return "one of " + all;
    return fmt::format("\"{}\"; known are {}", *nearest, all);
}

} // namespace ecc
