#include "packager/json.h"

#include "support/letter_case.h"

#include <cstring>
#include <unordered_set>
#include <vector>

namespace ecc {

using nlohmann::json;

namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_values = 500'000;
/// Of one object: ordered_json compares each member's name with those before it.
constexpr std::size_t max_members = 1000;
constexpr int indentation = 2;

/// A name as Go's encoding/json compares it (Unicode's simple case folding, of which only these two lead from
/// beyond ASCII into it): what to one reader are two members is one to another.
std::string folded(std::string name) {
    for (const auto& [sign, letter] : {std::pair{"\u017f", "s"}, std::pair{"\u212a", "k"}})
        for (std::size_t at = 0; (at = name.find(sign, at)) != name.npos;)
            name.replace(at, std::strlen(sign), letter);
    return lower_case(std::move(name));
}

/// Stops at the first event that is too much. (The library's own callback for parse() would do, but takes
/// time with the square of the values.)
class BoundsCheck final : public json::json_sax_t {
public:
    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(); }
    bool start_array(std::size_t) override { return open(); }
    bool key(string_t& name) override {
        auto& names = names_.back();
        return names.insert(folded(name)).second && names.size() <= max_members;
    }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override { return false; }

private:
    bool value() { return ++values_ <= max_values; }

    bool open() {
        names_.emplace_back();
        return value() && names_.size() <= max_depth;
    }

    bool close() {
        names_.pop_back();
        return true;
    }

    std::size_t values_ = 0;
    std::vector<std::unordered_set<std::string>> names_; ///< of each object that is open; an array has none
};

bool is_within_bounds(std::string_view text) {
    BoundsCheck check;
    return json::sax_parse(text.begin(), text.end(), &check);
}

} // namespace

json parse_json(std::string_view text) {
    if (!is_within_bounds(text))
        return json::value_t::discarded;
    return json::parse(text.begin(), text.end(), nullptr, false);
}

std::string json_text(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<std::string> indented_json(std::string_view text) {
    if (!is_within_bounds(text))
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
