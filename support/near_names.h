// The known name that a mistyped one may have meant.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

/// Levenshtein's: letters to insert, remove or replace.
std::size_t edit_distance(std::string_view from, std::string_view to);

/// What to try in place of `name`: the known name that is not many letters from it, if there is one, and all
/// that are known.
std::string hint_for_unknown(std::string_view name, std::span<const std::string_view> known);

/// The names in a table, as `hint_for_unknown` takes them.
template <class Table, class Name = std::identity>
std::vector<std::string_view> names_in(const Table& table, Name name = {}) {
    std::vector<std::string_view> names;
    std::ranges::transform(table, std::back_inserter(names), name);
    return names;
}

} // namespace ecc
