#include "skelgen/model_difference.h"

#include "btfgen/layout_difference.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

using Difference = std::optional<std::string>;

class Comparison {
public:
    Comparison(const ModelOf& one, const ModelOf& other)
        : one_(one.model), other_(other.model), one_name_(one.name), other_name_(other.name) {}

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
    Difference all(std::string_view what, const std::vector<Item>& one, const std::vector<Item>& other,
                   const Compare& compare, std::string Item::* name = &Item::name) const {
        for (const Item& item : one) {
            const auto like = std::ranges::find(other, item.*name, name);
            if (like == other.end())
                return fmt::format("{} '{}' is missing for {}", what, item.name, other_name_);
            if (Difference found = compare(item, *like))
                return fmt::format("{} '{}': {}", what, item.name, *found);
        }
        for (const Item& item : other)
            if (std::ranges::find(one, item.*name, name) == one.end())
                return fmt::format("{} '{}' is missing for {}", what, item.name, one_name_);
        return std::nullopt;
    }

    Difference maps(const BpfMap& a, const BpfMap& b) const {
        if (a.type_number != b.type_number)
            return fmt::format("it is a {} for {} and a {} for {}", a.type, one_name_, b.type, other_name_);
        if (a.key_size != b.key_size || a.value_size != b.value_size)
            return fmt::format("keys and values have {} and {} bytes for {}, {} and {} for {}", a.key_size,
                               a.value_size, one_name_, b.key_size, b.value_size, other_name_);
        if (Difference found = types(a.key_type, b.key_type))
            return found;
        return types(a.value_type, b.value_type);
    }

    Difference sections(const DataSection& a, const DataSection& b) const {
        const auto place = [this](const GlobalVariable& x, const GlobalVariable& y) {
            if (x.offset != y.offset)
                return Difference(fmt::format("it is at byte {} for {} and at byte {} for {}", x.offset,
                                              one_name_, y.offset, other_name_));
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
                return fmt::format("record '{}' of map '{}' is missing for {}", record.name, record.map,
                                   other_name_);
            if (Difference found = types(record.type, like->type))
                return fmt::format("map '{}': {}", record.map, *found);
        }
        if (one_.records.size() != other_.records.size())
            return fmt::format("there are {} types of records for {} and {} for {}", one_.records.size(),
                               one_name_, other_.records.size(), other_name_);
        return std::nullopt;
    }

    Difference types(TypeId a, TypeId b) const {
        if (a == 0 || b == 0)
            return std::nullopt;
        return layout_difference({one_.object.layouts, a, one_name_},
                                 {other_.object.layouts, b, other_name_});
    }

    const BindingModel& one_;
    const BindingModel& other_;
    std::string_view one_name_;
    std::string_view other_name_;
};

} // namespace

std::optional<std::string> model_difference(const ModelOf& one, const ModelOf& other) {
    return Comparison(one, other).run();
}

} // namespace ecc
