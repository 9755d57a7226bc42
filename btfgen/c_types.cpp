#include "btfgen/c_types.h"

#include "btfgen/type_order.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace ecc {

namespace {

/// C makes an enumeration as large as an int; others can only be integers beside their constants.
constexpr std::uint64_t int_size = 4;

bool is_c_enum(const Type& type) {
    return type.kind == TypeKind::enumeration && type.size == int_size && !type.enumerators.empty();
}

class Definitions {
public:
    Definitions(const LayoutSet& layouts, const std::string& where)
        : layouts_(layouts), graph_(layouts.graph), where_(where), writer_(layouts, names_, where) {}

    Result<CTypes> run(const std::vector<CRoot>& roots) {
        collect(roots);
        name_everything(roots);
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            if (needed_[id] && graph_.at(id).kind == TypeKind::enumeration)
                define_enumeration(id);
        for (const RecordLayout& record : layouts_.records)
            if (needed_[record.type] && names_.contains(record.type))
                ECC_CHECK(define_record(record));
        for (const CRoot& root : roots)
            define_aliases(root.type);
        return std::move(out_);
    }

private:
    void collect(const std::vector<CRoot>& roots) {
        needed_.resize(graph_.types.size());
        std::vector<TypeId> open;
        for (const CRoot& root : roots)
            open.push_back(root.type);
        while (!open.empty()) {
            const TypeId id = open.back();
            open.pop_back();
            if (needed_[id])
                continue;
            needed_[id] = true;
            std::ranges::copy(contained_types(graph_.at(id)), std::back_inserter(open));
        }
    }

    void name_everything(const std::vector<CRoot>& roots) {
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            if (needed_[id] && graph_.at(id).kind == TypeKind::type_def)
                enum_typedefs_.try_emplace(graph_.at(id).target, graph_.at(id).name);
        for (const CRoot& root : roots)
            given_.try_emplace(bare(root.type), root.name);
        name_records(false);
        name_records(true);
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            if (needed_[id] && is_c_enum(graph_.at(id)))
                name_enumeration(id);
    }

    /// What a root is about, without arrays, typedefs and qualifiers.
    TypeId bare(TypeId id) const {
        for (id = graph_.resolve(id); graph_.at(id).kind == TypeKind::array;)
            id = graph_.resolve(graph_.at(id).target);
        return id;
    }

    /// Tags first, so that a typedef's name gives way to a tag and not the other way round.
    void name_records(bool unnamed) {
        for (const RecordLayout& record : layouts_.records) {
            const bool has_tag = !record.name.empty() && !record.is_typedef_name;
            if (!needed_[record.type] || has_tag == unnamed)
                continue;
            std::string name = record.name;
            if (auto given = given_.find(record.type); name.empty() && given != given_.end())
                name = given->second;
            if (!name.empty())
                names_[record.type] =
                    fmt::format("{} {}", record.is_union ? "union" : "struct", tags_.claim(name));
        }
    }

    void name_enumeration(TypeId id) {
        std::string name = graph_.at(id).name;
        if (auto alias = enum_typedefs_.find(id); name.empty() && alias != enum_typedefs_.end())
            name = alias->second;
        if (!name.empty())
            names_[id] = fmt::format("enum {}", tags_.claim(name));
    }

    void define_enumeration(TypeId id) {
        const Type& type = graph_.at(id);
        if (type.enumerators.empty())
            return;
        auto name = names_.find(id);
        CDefinition definition;
        if (name == names_.end() && !type.name.empty())
            definition.text =
                fmt::format("/* enum {}, a {}-byte integer */\n", c_comment(type.name), type.size);
        definition.text += name == names_.end() ? "enum {\n" : name->second + " {\n";
        for (const Enumerator& enumerator : type.enumerators)
            definition.text += fmt::format("\t{} = {},\n", ordinary_.claim(enumerator.name),
                                           c_number(enumerator.value, type));
        definition.text += "};";
        if (name != names_.end()) {
            assert_size(definition, name->second, type.size);
            if (type.name.empty())
                define_typedef(definition.text, name->second);
        }
        out_.definitions.push_back(std::move(definition));
    }

    static std::string c_number(std::uint64_t value, const Type& type) {
        if (!type.is_signed)
            return fmt::format("{}{}", value, value > 0xffffffff ? "ULL" : value > 0x7fffffff ? "U" : "");
        const auto number = static_cast<std::int64_t>(value);
        if (number == INT64_MIN)
            return "-9223372036854775807LL - 1";
        const bool is_int = number >= INT32_MIN && number <= INT32_MAX;
        return fmt::format("{}{}", number, is_int ? "" : "LL");
    }

    Result<void> define_record(const RecordLayout& record) {
        const std::string& name = names_.at(record.type);
        ECC_TRY(const CRecordText text, writer_.write(record, 0));
        CDefinition definition;
        definition.text = fmt::format("{} {};", name, text.body);
        if (record.is_typedef_name)
            define_typedef(definition.text, name);
        assert_size(definition, name, record.size);
        definition.assertions.push_back(
            {fmt::format("ECC_ALIGNOF({}) == {}", name, record.alignment), name + ": alignment"});
        for (const CMemberPlace& place : text.places)
            definition.assertions.push_back(
                {fmt::format("offsetof({}, {}) == {}", name, place.path, place.offset),
                 fmt::format("{}: offset of {}", name, place.path)});
        out_.uses_bool = out_.uses_bool || text.uses_bool;
        out_.definitions.push_back(std::move(definition));
        return {};
    }

    static void assert_size(CDefinition& definition, const std::string& name, std::uint64_t size) {
        definition.assertions.push_back({fmt::format("sizeof({}) == {}", name, size), name + ": size"});
    }

    /// `typedef struct event event;`. In C++ a typedef may repeat the tag of the same type only.
    void define_typedef(std::string& text, const std::string& reference) {
        const std::string tag = reference.substr(reference.find(' ') + 1);
        if (ordinary_.claim_exactly(tag))
            text += fmt::format("\ntypedef {} {};", reference, tag);
    }

    /// The typedefs through which a root names a record that has another name.
    void define_aliases(TypeId id) {
        const auto reference = names_.find(bare(id));
        if (reference == names_.end())
            return;
        for (; bare(id) != id; id = graph_.at(id).target) {
            const Type& type = graph_.at(id);
            if (type.kind == TypeKind::array)
                return;
            const std::string alias = c_identifier(type.name);
            if (type.kind != TypeKind::type_def || graph_.resolve(id) != reference->first ||
                reference->second.ends_with(' ' + alias))
                continue;
            if (tags_.claim_exactly(alias) && ordinary_.claim_exactly(alias))
                out_.definitions.push_back({fmt::format("typedef {} {};", reference->second, alias), {}});
        }
    }

    const LayoutSet& layouts_;
    const TypeGraph& graph_;
    const std::string& where_;
    std::vector<bool> needed_; // by type id
    std::map<TypeId, std::string> given_;
    std::map<TypeId, std::string> enum_typedefs_;
    CTypeNames names_;
    CRecordWriter writer_;
    CScope tags_;
    CScope ordinary_; // enumerators and typedefs
    CTypes out_;
};

} // namespace

Result<CTypes> c_types(const LayoutSet& layouts, const std::vector<CRoot>& roots, const std::string& where) {
    return Definitions(layouts, where).run(roots);
}

std::vector<CRoot> all_types(const LayoutSet& layouts) {
    std::vector<CRoot> roots;
    for (const RecordLayout& record : layouts.records)
        if (!record.name.empty())
            roots.push_back({record.type, {}});
    for (TypeId id = 0; id < layouts.graph.types.size(); ++id)
        if (layouts.graph.at(id).kind == TypeKind::enumeration)
            roots.push_back({id, {}});
    return roots;
}

CTypeNames source_names(const LayoutSet& layouts) {
    CTypeNames names;
    for (const RecordLayout& record : layouts.records) {
        if (record.name.empty())
            continue;
        const char* tag = record.is_typedef_name ? "" : record.is_union ? "union " : "struct ";
        names[record.type] = tag + c_identifier(record.name);
    }
    for (TypeId id = 0; id < layouts.graph.types.size(); ++id)
        if (const Type& type = layouts.graph.at(id); is_c_enum(type) && !type.name.empty())
            names[id] = "enum " + c_identifier(type.name);
    return names;
}

} // namespace ecc
