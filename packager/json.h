// JSON from strangers: no exception leaves the parser, and nesting is bounded before it costs memory.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

/// The document, or a value whose `is_discarded()` is true if the text is malformed or nested deeper than 16
/// levels.
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
