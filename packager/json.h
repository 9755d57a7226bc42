// JSON from strangers: no exception leaves the parser, and what a text may cost in time and memory is bounded
// before any of its values is kept.
#pragma once

#include "packager/decoded_members.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ecc {

/// The document, or a value whose `is_discarded()` is true if the text is malformed, is nested deeper than 64
/// levels, has more than 500,000 values, two members of one name in an object, or, unless `names` says
/// otherwise, two that programs in Go take for one field.
nlohmann::json parse_json(std::string_view text, JsonNames names = JsonNames::fields);

/// What is wrong with a text that parse_json refuses, to be put behind a noun: "is no JSON".
std::string json_mistake(std::string_view text, JsonNames names = JsonNames::fields);

/// The first integer that would be rounded, as it has no place in 64 bits; nothing if there is none.
std::optional<std::string> rounded_integer(std::string_view text);

/// Sorted keys, no white space, one line; invalid UTF-8 becomes replacement characters.
std::string json_text(const nlohmann::json& document);

/// The same document over several lines, members in the order that they have; nothing if parse_json refuses
/// it, or an object has more than 1000 members.
std::optional<std::string> indented_json(std::string_view text);

/// The string at `key`, or empty if there is none or it is of another type.
std::string string_at(const nlohmann::json& object, const char* key);

/// The members of the object at `key` that are strings; empty if there is no object.
std::map<std::string, std::string> strings_at(const nlohmann::json& object, const char* key);

} // namespace ecc
