#include "compiler/kubernetes/yaml.h"

#include "support/letter_case.h"

#include <algorithm>
#include <array>

namespace ecc {
namespace {

using Json = nlohmann::ordered_json;

// Words that are a boolean or nothing in YAML 1.1, which Kubernetes reads, in lower case.
constexpr std::array reserved = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"};

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_plain(const std::string& text) {
    const auto fits = [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '/' || c == '_';
    };
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, fits) &&
           std::ranges::find(reserved, lower_case(text)) == reserved.end();
}

std::string scalar(const Json& value) {
    if (value.is_string() && is_plain(value.get_ref<const std::string&>()))
        return value.get<std::string>();
    return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

bool is_block(const Json& value) {
    return value.is_structured() && !value.empty();
}

void write(std::string& text, const Json& value, const std::string& indent, bool at_start);

/// What follows "key:" or "-".
void write_value(std::string& text, const Json& value, const std::string& indent, bool in_list) {
    if (!is_block(value))
        text += " " + scalar(value) + "\n";
    else if (in_list && value.is_object())
        write(text += " ", value, indent, true);
    else
        write(text += "\n", value, indent, false);
}

void write(std::string& text, const Json& value, const std::string& indent, bool at_start) {
    for (const auto& [key, member] : value.items()) {
        text += at_start ? "" : indent;
        at_start = false;
        text += value.is_array() ? "-" : scalar(key) + ":";
        write_value(text, member, indent + "  ", value.is_array());
    }
}

} // namespace

std::string to_yaml(const Json& value) {
    if (!is_block(value))
        return scalar(value) + "\n";
    std::string text;
    write(text, value, "", true);
    return text;
}

} // namespace ecc
