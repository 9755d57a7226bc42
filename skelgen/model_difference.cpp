#include "skelgen/model_difference.h"

#include "btfgen/layout_difference.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using Difference = std::optional<std::string>;

class Comparison {
public:
    Comparison(const BindingModel& one, const BindingModel& other) : one_(one), other_(other) {}

    Difference run() const {
        const auto same = [](const auto&, const auto&) { return Difference(); };
        if (Difference found = all("program", one_.object.programs, other_.object.programs, same))
            return found;
        if (Difference found = all("map", one_.object.maps, other_.object.maps,
                                   [this](const BpfMap& a, const BpfMap& b) { return maps(a, b); }))
            return found;
        if (Difference found =
                all("section", one_.object.data_sections, other_.object.data_sections,
                    [this](const DataSection& a, const DataSection& b) { return sections(a, b); }))
            return found;
        return records();
    }

private:
    /// Each of one has its like, by name, among the others, and nothing is left over.
    template <class Item, class Compare>
    static Difference all(std::string_view what, const std::vector<Item>& one, const std::vector<Item>& other,
                          const Compare& compare, std::string Item::* name = &Item::name) {
        for (const Item& item : one) {
            const auto like = std::ranges::find(other, item.*name, name);
            if (like == other.end())
                return fmt::format("{} '{}' is missing in the other", what, item.name);
            if (Difference found = compare(item, *like))
                return fmt::format("{} '{}': {}", what, item.name, *found);
        }
        for (const Item& item : other)
            if (std::ranges::find(one, item.*name, name) == one.end())
                return fmt::format("{} '{}' is missing in one", what, item.name);
        return std::nullopt;
    }

    Difference maps(const BpfMap& a, const BpfMap& b) const {
        if (a.type_number != b.type_number)
            return fmt::format("it is a {} in one and a {} in the other", a.type, b.type);
        if (a.key_size != b.key_size || a.value_size != b.value_size)
            return fmt::format("keys and values have {} and {} bytes in one, {} and {} in the other",
                               a.key_size, a.value_size, b.key_size, b.value_size);
        if (Difference found = types(a.key_type, b.key_type))
            return found;
        return types(a.value_type, b.value_type);
    }

    Difference sections(const DataSection& a, const DataSection& b) const {
        const auto place = [this](const GlobalVariable& x, const GlobalVariable& y) {
            if (x.offset != y.offset)
                return Difference(
                    fmt::format("it is at byte {} in one and at byte {} in the other", x.offset, y.offset));
            return types(x.type, y.type);
        };
        return all("global", shown(a), shown(b), place, &GlobalVariable::ident);
    }

    static std::vector<GlobalVariable> shown(const DataSection& section) {
        std::vector<GlobalVariable> variables = section.variables;
        std::erase_if(variables, [](const GlobalVariable& variable) { return variable.ident.empty(); });
        return variables;
    }

    Difference records() const {
        for (const RecordBinding& record : one_.records) {
            const auto like = std::ranges::find_if(other_.records, [&](const RecordBinding& candidate) {
                return candidate.map == record.map && candidate.name == record.name;
            });
            if (like == other_.records.end())
                return fmt::format("record '{}' of map '{}' is missing in the other", record.name,
                                   record.map);
            if (Difference found = types(record.type, like->type))
                return fmt::format("map '{}': {}", record.map, *found);
        }
        if (one_.records.size() != other_.records.size())
            return "one has more types of records than the other";
        return std::nullopt;
    }

    Difference types(TypeId a, TypeId b) const {
        if (a == 0 || b == 0)
            return std::nullopt;
        return layout_difference({one_.object.layouts, a}, {other_.object.layouts, b});
    }

    const BindingModel& one_;
    const BindingModel& other_;
};

} // namespace

std::optional<std::string> model_difference(const BindingModel& one, const BindingModel& other) {
    return Comparison(one, other).run();
}

} // namespace ecc
