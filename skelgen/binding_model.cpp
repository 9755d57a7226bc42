#include "skelgen/binding_model.h"

#include "btfgen/c_names.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <unordered_set>

namespace ecc {

namespace {

/// Flags that every generated program has.
constexpr std::array<std::string_view, 2> own_flags = {"help", "json"};

class ModelBuilder {
public:
    explicit ModelBuilder(BindingModel& model)
        : model_(model), layouts_(model.object.layouts), graph_(model.object.layouts.graph) {}

    Result<void> run() {
        name_untyped_maps();
        ECC_CHECK(add_records());
        for (const DataSection& section : model_.object.data_sections)
            if (section.name == ".rodata")
                ECC_CHECK(add_settings(section));
        add_root_types();
        return {};
    }

private:
    /// Types for maps whose definition gives sizes only, if the source shows one type of that size.
    void name_untyped_maps() {
        for (BpfMap& map : model_.object.maps) {
            if (map.key_type == 0)
                map.key_type = only_type(model_.annotations.keys, map.name, map.key_size);
            if (map.value_type == 0)
                map.value_type = only_type(model_.annotations.values, map.name, map.value_size);
        }
    }

    /// A record is what the values are, even if the definition has the size of a number.
    TypeId only_type(const std::map<std::string, std::vector<TypeReference>>& types, const std::string& map,
                     std::uint32_t size) const {
        const auto references = types.find(map);
        if (references == types.end())
            return 0;
        std::vector<TypeId> records, scalars;
        for (const TypeReference& reference : references->second)
            for (const TypeId type : types_meant(layouts_, reference))
                (layouts_.of(type) != nullptr ? records : scalars).push_back(type);
        const std::vector<TypeId>& candidates = records.empty() ? scalars : records;
        const bool is_known = candidates.size() == 1 && layouts_.size_of(candidates.front()) == size;
        return is_known ? candidates.front() : 0;
    }

    Result<void> add_records() {
        for (const BpfMap& map : model_.object.maps) {
            const auto references = model_.annotations.records.find(map.name);
            if (references == model_.annotations.records.end())
                continue;
            NameScope names(verbatim, "___");
            for (const TypeReference& reference : references->second) {
                const std::vector<TypeId> meant = types_meant(layouts_, reference);
                const bool is_unnamed = bare_name(reference).empty();
                if (is_unnamed && meant.size() != 1)
                    continue;
                ECC_CHECK(check_is_one(map, reference, meant));
                const std::string name(is_unnamed ? map.ident + "_record" : bare_name(reference));
                add_record(map, names.claim(name), reference, meant.front());
            }
        }
        return {};
    }

    void add_record(const BpfMap& map, const std::string& name, const TypeReference& reference, TypeId type) {
        model_.records.push_back({map.name, name, type});
        const RecordLayout* record = layouts_.of(type);
        const bool has_alias = record != nullptr && record->name != bare_name(reference);
        const TypeId alias = has_alias ? graph_.find(TypeKind::type_def, bare_name(reference)) : TypeId();
        add_root(alias != 0 ? alias : type);
    }

    Result<void> check_is_one(const BpfMap& map, const TypeReference& reference,
                              const std::vector<TypeId>& meant) const {
        const std::string what =
            fmt::format("map '{}' carries records of type '{}'", map.name, reference.name);
        if (meant.empty())
            return input_error(
                model_.object.name, what + ", but the object's BTF has no such type",
                "Use the type for a variable or a map's value, so that the compiler emits its BTF.");
        if (meant.size() == 1)
            return {};
        std::string sizes;
        for (const TypeId type : meant)
            sizes += fmt::format("{}{}", sizes.empty() ? "" : " and ", layouts_.size_of(type));
        return input_error(model_.object.name,
                           fmt::format("{}, which is the name of types of {} bytes", what, sizes),
                           "Give each of them a name of its own.");
    }

    Result<void> add_settings(const DataSection& section) {
        for (const GlobalVariable& variable : section.variables) {
            if (variable.is_static || c_identifier(variable.name) != variable.name ||
                !is_setting(variable.type))
                continue;
            SettingBinding setting = describe(section, variable);
            ECC_CHECK(claim_flags(setting));
            model_.settings.push_back(std::move(setting));
        }
        return {};
    }

    /// Both qualifiers: a plain `const` is folded into the code, so that setting it would change nothing.
    bool is_setting(TypeId id) const {
        bool is_const = false;
        bool is_volatile = false;
        bool is_array = false;
        for (;; id = graph_.at(id).target) {
            const TypeKind kind = graph_.at(id).kind;
            is_const = is_const || kind == TypeKind::const_type;
            is_volatile = is_volatile || kind == TypeKind::volatile_type;
            if (kind == TypeKind::array && is_array)
                return false;
            is_array = is_array || kind == TypeKind::array;
            if (graph_.resolve(id) == id && kind != TypeKind::array)
                break;
        }
        const ScalarKind kind = scalar_kind(graph_, id);
        const bool settable = is_array ? kind == ScalarKind::character
                                       : kind != ScalarKind::none && kind != ScalarKind::pointer &&
                                             kind != ScalarKind::floating && layouts_.size_of(id) <= 8;
        return is_const && is_volatile && settable;
    }

    SettingBinding describe(const DataSection& section, const GlobalVariable& variable) const {
        SettingBinding setting;
        setting.name = variable.name;
        setting.section = section.name;
        setting.offset = variable.offset;
        setting.size = variable.size;
        setting.type = variable.type;
        setting.flag = variable.name;
        std::ranges::replace(setting.flag, '_', '-');
        setting.flag.erase(0, std::min(setting.flag.find_first_not_of('-'), setting.flag.size() - 1));
        if (const auto doc = model_.annotations.docs.find(variable.name);
            doc != model_.annotations.docs.end())
            setting.help = doc->second;
        const auto flag = model_.annotations.flags.find(variable.name);
        if (flag == model_.annotations.flags.end())
            return setting;
        if (!flag->second.long_name.empty())
            setting.flag = flag->second.long_name;
        if (!flag->second.help.empty())
            setting.help = flag->second.help;
        setting.short_flag = flag->second.short_name;
        return setting;
    }

    Result<void> claim_flags(SettingBinding& setting) {
        if (std::ranges::count(own_flags, setting.flag) != 0)
            setting.flag = "set-" + setting.flag;
        if (setting.short_flag.size() > 1)
            return input_error(model_.object.name,
                               fmt::format("the short flag '{}' of '{}' is not one letter",
                                           setting.short_flag, setting.name));
        for (const std::string& flag : {setting.flag, setting.short_flag}) {
            if (flag.empty())
                continue;
            const auto [owner, is_new] = flags_.try_emplace(flag, setting.name);
            if (!is_new)
                return input_error(
                    model_.object.name,
                    fmt::format("'{}' and '{}' both have the flag '{}'", owner->second, setting.name, flag),
                    "Rename one of them, or give it another flag.");
        }
        return {};
    }

    void add_root_types() {
        for (const BpfMap& map : model_.object.maps) {
            add_root(map.key_type);
            add_root(map.value_type);
            add_root(map.inner_key_type);
            add_root(map.inner_value_type);
        }
        for (const DataSection& section : model_.object.data_sections)
            for (const GlobalVariable& variable : section.variables)
                if (!variable.ident.empty())
                    add_root(variable.type);
    }

    void add_root(TypeId type) {
        if (type != 0 && roots_.insert(type).second)
            model_.root_types.push_back(type);
    }

    BindingModel& model_;
    const LayoutSet& layouts_;
    const TypeGraph& graph_;
    std::unordered_set<TypeId> roots_;
    std::map<std::string, std::string> flags_; // flag -> the setting that has it
};

} // namespace

Result<BindingModel> make_binding_model(BpfObject object, Annotations annotations, std::string file_stem) {
    BindingModel model;
    model.object = std::move(object);
    model.annotations = std::move(annotations);
    model.file_stem = std::move(file_stem);
    ECC_CHECK(ModelBuilder(model).run());
    return model;
}

} // namespace ecc
