// JSON from strangers: no exception leaves the parser, and what a text may cost in time and memory is bounded
// before any of its values is kept.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

/// The document, or a value whose `is_discarded()` is true if the text is malformed, is nested deeper than 64
/// levels or has more than 500,000 values or 1000 members of one object, or two of one name,
/// whatever their letter case.
nlohmann::json parse_json(std::string_view text);

/// Sorted keys, no white space, one line; invalid UTF-8 becomes replacement characters.
std::string json_text(const nlohmann::json& document);

/// The same document over several lines, members in the order that they have; nothing if parse_json refuses
/// it.
std::optional<std::string> indented_json(std::string_view text);

/// The string at `key`, or empty if there is none or it is of another type.
std::string string_at(const nlohmann::json& object, const char* key);

/// The members of the object at `key` that are strings; empty if there is no object.
std::map<std::string, std::string> strings_at(const nlohmann::json& object, const char* key);

} // namespace ecc
