#include "btfgen/c_types.h"

#include "btfgen/header_names.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <map>

namespace ecc {

namespace {

/// C makes an enumeration as large as an int; others can only be integers beside their constants.
constexpr std::uint64_t int_size = 4;
constexpr std::uint64_t largest_enumeration = 8;

bool is_enum_type(const Type& type, const CDialect& dialect) {
    if (type.kind != TypeKind::enumeration || type.enumerators.empty())
        return false;
    return dialect.sized_enumerations
               ? type.size <= largest_enumeration && !dialect.integer(type.size, false).empty()
               : type.size == int_size;
}

/// The bits of byte `index` that lie from bit `first` up to bit `end`.
unsigned byte_mask(std::uint64_t index, std::uint64_t first, std::uint64_t end) {
    const std::uint64_t from = std::max(first, index * 8) - index * 8;
    const std::uint64_t to = std::min(end, index * 8 + 8) - index * 8;
    return (0xffU << from & 0xffU) & (0xffU >> (8 - to));
}

std::string all_ones(const CBitfieldPlace& place) {
    if (place.is_signed)
        return "-1";
    return place.bits > 64 ? fmt::format("~(unsigned __int128)0 >> {}", 128 - place.bits)
                           : fmt::format("0x{:x}ULL", ~std::uint64_t{0} >> (64 - place.bits));
}

CBitfieldAssertion assertion_of(const std::string& record, const CBitfieldPlace& place) {
    CBitfieldAssertion assertion{
        record, place.path, all_ones(place), {}, fmt::format("{}: bits of {}", record, place.path)};
    const std::uint64_t end = place.first_bit + place.bits;
    for (std::uint64_t index = place.first_bit / 8; index * 8 < end; ++index)
        assertion.condition +=
            fmt::format("{}bytes[{}] == 0x{:02x}", assertion.condition.empty() ? "" : " && ", index,
                        byte_mask(index, place.first_bit, end));
    return assertion;
}

class Definitions {
public:
    Definitions(const TypeRequest& request, const CDialect& dialect)
        : request_(request), dialect_(dialect), layouts_(request.layouts), graph_(layouts_.graph),
          writer_(layouts_, names_, request.where, dialect, &request.docs) {}

    Result<CTypes> run() {
        needed_ = contained_by(graph_, request_.roots);
        name_everything();
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            if (needed_[id] && graph_.at(id).kind == TypeKind::enumeration)
                define_enumeration(id);
        for (const RecordLayout& record : layouts_.records)
            if (needed_[record.type] && names_.contains(record.type))
                ECC_CHECK(define_record(record));
        for (const TypeRoot& root : request_.roots)
            define_aliases(root.type);
        for (const auto& [id, name] : names_)
            ordinary_.claim_exactly(name.substr(name.find(' ') + 1));
        out_.names = std::move(names_);
        out_.scope = std::move(ordinary_);
        return std::move(out_);
    }

private:
    void name_everything() {
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            if (needed_[id] && graph_.at(id).kind == TypeKind::type_def)
                enum_typedefs_.try_emplace(graph_.at(id).target, graph_.at(id).name);
        for (const TypeRoot& root : request_.roots)
            given_.try_emplace(element_type(graph_, root.type), root.name);
        name_records(false);
        name_records(true);
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            if (needed_[id] && is_enum_type(graph_.at(id), dialect_))
                name_enumeration(id);
    }

    /// "timespec_" for a type that headers of C define too.
    std::string claim_tag(const std::string& name) { return tags_.claim(is_taken(name) ? name + '_' : name); }
    bool is_taken(std::string_view name) const { return !dialect_.has_namespace && is_header_type(name); }

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
                    fmt::format("{} {}", record.is_union ? "union" : "struct", claim_tag(name));
        }
    }

    void name_enumeration(TypeId id) {
        std::string name = graph_.at(id).name;
        if (auto alias = enum_typedefs_.find(id); name.empty() && alias != enum_typedefs_.end())
            name = alias->second;
        if (!name.empty())
            names_[id] = fmt::format("enum {}", claim_tag(name));
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
        const std::string key = enum_doc_key(id);
        definition.text += comment(key, "");
        definition.text += name == names_.end() ? "enum" : name->second;
        if (dialect_.sized_enumerations && type.size <= largest_enumeration)
            definition.text +=
                fmt::format(" : {}", dialect_.integer(std::bit_ceil(type.size), type.is_signed));
        definition.text += " {\n";
        for (const Enumerator& enumerator : type.enumerators)
            definition.text +=
                fmt::format("{}\t{} = {},\n", comment(key + '.' + enumerator.name, "\t"),
                            ordinary_.claim(enumerator.name), c_number(enumerator.value, type));
        definition.text += "};";
        if (name != names_.end()) {
            assert_size(definition, name->second, type.size);
            if (type.name.empty())
                define_typedef(definition.text, name->second);
        }
        out_.definitions.push_back(std::move(definition));
    }

    std::string enum_doc_key(TypeId id) const {
        const auto alias = enum_typedefs_.find(id);
        const std::string& tag = graph_.at(id).name;
        return "enum " + (tag.empty() && alias != enum_typedefs_.end() ? alias->second : tag);
    }

    /// A line, or nothing.
    std::string comment(const std::string& key, std::string_view indent) const {
        const auto doc = request_.docs.find(key);
        return doc == request_.docs.end() ? "" : fmt::format("{}/** {} */\n", indent, c_comment(doc->second));
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
        definition.text = comment(doc_key(record), "");
        if (is_taken(record.name))
            definition.text += fmt::format("/* {} in the kernel, a name that headers of C define too */\n",
                                           c_type_name(graph_, record.type));
        definition.text += fmt::format("{} {};", name, text.body);
        if (record.is_typedef_name)
            define_typedef(definition.text, name);
        assert_size(definition, name, record.size);
        definition.assertions.push_back(
            {fmt::format("{}({}) == {}", dialect_.alignment_operator, name, record.alignment),
             name + ": alignment"});
        for (const CMemberPlace& place : text.places)
            definition.assertions.push_back(
                {fmt::format("offsetof({}, {}) == {}", name, place.path, place.offset),
                 fmt::format("{}: offset of {}", name, place.path)});
        for (const CBitfieldPlace& place : text.bitfields)
            if (place.first_bit + place.bits <= record.size * 8) // not in an array of no elements
                definition.bitfields.push_back(assertion_of(name, place));
        out_.uses_bool = out_.uses_bool || text.uses_bool;
        out_.definitions.push_back(std::move(definition));
        return {};
    }

    static void assert_size(CDefinition& definition, const std::string& name, std::uint64_t size) {
        definition.assertions.push_back({fmt::format("sizeof({}) == {}", name, size), name + ": size"});
    }

    /// `typedef struct event event;`. In C++ a typedef may repeat the tag of the same type only.
    void define_typedef(std::string& text, const std::string& reference) {
        if (dialect_.tags_are_names)
            return;
        const std::string tag = reference.substr(reference.find(' ') + 1);
        if (ordinary_.claim_exactly(tag))
            text += fmt::format("\ntypedef {} {};", reference, tag);
    }

    /// The typedefs through which a root names a record that has another name.
    void define_aliases(TypeId id) {
        const auto reference = names_.find(element_type(graph_, id));
        if (reference == names_.end())
            return;
        for (; element_type(graph_, id) != id; id = graph_.at(id).target) {
            const Type& type = graph_.at(id);
            if (type.kind == TypeKind::array)
                return;
            const std::string alias = c_identifier(type.name);
            if (type.kind != TypeKind::type_def || graph_.resolve(id) != reference->first ||
                reference->second.ends_with(' ' + alias) || is_taken(alias))
                continue;
            if (tags_.claim_exactly(alias) && ordinary_.claim_exactly(alias))
                out_.definitions.push_back({fmt::format("typedef {} {};", reference->second, alias), {}});
        }
    }

    const TypeRequest& request_;
    const CDialect& dialect_;
    const LayoutSet& layouts_;
    const TypeGraph& graph_;
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

Result<CTypes> c_types(const TypeRequest& request, const CDialect& dialect) {
    return Definitions(request, dialect).run();
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
        if (const Type& type = layouts.graph.at(id); is_enum_type(type, c_dialect) && !type.name.empty())
            names[id] = "enum " + c_identifier(type.name);
    return names;
}

} // namespace ecc
