// JSON values as YAML 1.2 in block style, for text that people read and keep.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace ecc {

/// Keys stay in their order. Strings are quoted as in JSON, of which YAML is a superset, unless they are
/// plain words that no version of YAML takes for anything else.
std::string to_yaml(const nlohmann::ordered_json& value);

} // namespace ecc
