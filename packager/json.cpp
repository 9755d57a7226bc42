#include "packager/json.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <vector>

namespace ecc {

using nlohmann::json;

namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_values = 500'000;
/// Of one object in order: ordered_json compares each member's name with those before it.
constexpr std::size_t max_ordered_members = 1000;
constexpr int indentation = 2;

/// Stops at the first event that is too much. (The library's own callback for parse() would do, but takes
/// time with the square of the values.)
class BoundsCheck final : public json::json_sax_t {
public:
    explicit BoundsCheck(JsonNames names) : next_(names) {}

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t& text) override {
        if (rounded_.empty() && text.find_first_not_of("-0123456789") == text.npos)
            rounded_ = text;
        return value();
    }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(next_); }
    bool start_array(std::size_t) override { return open(next_); }
    bool key(string_t& name) override {
        Level& level = levels_.back();
        if (!level.members.insert(name).second)
            return refuse(fmt::format("has two members \"{:.64}\"", name));
        most_members_ = std::max(most_members_, level.members.size());
        return level.names == JsonNames::fields ? field(name) : within_map();
    }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t, const std::string&, const json::exception&) override {
        return refuse("is no JSON");
    }

    const std::string& mistake() const { return mistake_; }
    const std::string& rounded() const { return rounded_; }
    std::size_t most_members() const { return most_members_; }

private:
    /// An object or array that is open.
    struct Level {
        JsonNames names;
        std::set<std::string> members; ///< none of an array
        std::set<std::string> fields;  ///< that they are decoded into
    };

    bool refuse(std::string mistake) {
        mistake_ = std::move(mistake);
        return false;
    }

    bool value() {
        return ++values_ <= max_values || refuse(fmt::format("has more than {} values", max_values));
    }

    bool field(const std::string& name) {
        std::string field = field_of(name);
        next_ = names_within(field);
        if (field.empty() || levels_.back().fields.insert(std::move(field)).second)
            return true;
        return refuse(
            fmt::format("has a member \"{}\" beside one that some readers take for the same", name));
    }

    bool within_map() {
        next_ = levels_.back().names == JsonNames::data ? JsonNames::data : JsonNames::fields;
        return true;
    }

    bool open(JsonNames names) {
        levels_.push_back({.names = names});
        return value() && (levels_.size() <= max_depth ||
                           refuse(fmt::format("is nested deeper than {} levels", max_depth)));
    }

    bool close() {
        levels_.pop_back();
        if (!levels_.empty())
            next_ = levels_.back().names;
        return true;
    }

    JsonNames next_; ///< of the object or array that may come now
    std::vector<Level> levels_;
    std::size_t values_ = 0, most_members_ = 0;
    std::string mistake_, rounded_;
};

BoundsCheck checked(std::string_view text, JsonNames names) {
    BoundsCheck check(names);
    json::sax_parse(text.begin(), text.end(), &check);
    return check;
}

} // namespace

json parse_json(std::string_view text, JsonNames names) {
    if (!checked(text, names).mistake().empty())
        return json::value_t::discarded;
    return json::parse(text.begin(), text.end(), nullptr, false);
}

std::string json_mistake(std::string_view text, JsonNames names) {
    return checked(text, names).mistake();
}

std::optional<std::string> rounded_integer(std::string_view text) {
    std::string rounded = checked(text, JsonNames::data).rounded();
    return rounded.empty() ? std::nullopt : std::optional(std::move(rounded));
}

std::string json_text(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<std::string> indented_json(std::string_view text) {
    const BoundsCheck check = checked(text, JsonNames::fields);
    if (!check.mistake().empty() || check.most_members() > max_ordered_members)
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
