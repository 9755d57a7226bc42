#include "packager/json.h"

namespace ecc {

using nlohmann::json;

namespace {
constexpr int max_depth = 16;
constexpr int indentation = 2;
} // namespace

json parse_json(std::string_view text) {
    bool too_deep = false;
    auto depth_guard = [&](int depth, json::parse_event_t, json&) {
        too_deep = too_deep || depth > max_depth;
        return depth <= max_depth;
    };
    json document = json::parse(text.begin(), text.end(), depth_guard, false);
    return too_deep ? json(json::value_t::discarded) : document;
}

std::string json_text(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<std::string> indented_json(std::string_view text) {
    if (parse_json(text).is_discarded())
        return std::nullopt;
    return nlohmann::ordered_json::parse(text).dump(indentation, ' ', false, json::error_handler_t::replace);
}

std::string string_at(const json& object, const char* key) {
    auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::map<std::string, std::string> strings_at(const json& object, const char* key) {
    std::map<std::string, std::string> strings;
    auto found = object.find(key);
    if (found == object.end() || !found->is_object())
        return strings;
    for (const auto& [name, value] : found->items())
        if (value.is_string())
            strings.emplace(name, value.get<std::string>());
    return strings;
}

} // namespace ecc
