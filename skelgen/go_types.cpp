#include "skelgen/go_types.h"
#include "skelgen/render_plain.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <unordered_set>

namespace ecc {

namespace {

using kainjow::mustache::data;

/// Names that the fixed part of the template has.
constexpr std::array<std::string_view, 4> own_names = {"Bool", "Int128", "Ptr", "Uint128"};

data place(const PlainAccessor& accessor, const std::string& field, std::uint64_t first) {
    data item;
    item.set("field", field);
    item.set("first", std::to_string(first));
    item.set("offset_bits", std::to_string(accessor.offset_bits));
    return item;
}

} // namespace

/// A line of a struct; gofmt aligns the types of lines that follow each other without a comment between them.
struct GoTypes::Row {
    std::string name, type, doc, note;
};

GoTypes::GoTypes(const TypeRequest& request, const TypesOptions& options)
    : request_(request), options_(options), spelling_(request.layouts, names_) {
    for (std::string_view name : own_names)
        scope_.claim_exactly(std::string(name));
}

Result<void> GoTypes::define(data& root, const std::vector<RecordLayout>& sections) {
    ECC_TRY(const PlainTypes types, named_types(request_, go_rules, sections, scope_, names_));
    root.set("name", line_comment(request_.where));
    root.set("package", go_package(options_.module.empty() ? request_.where : options_.module));
    const data enumerations = list_enumerations(types, true);
    root.set("enumerations", enumerations);
    root.set("constant_groups", list_enumerations(types, false));
    data records(data::type::list);
    for (const PlainRecord& record : types.records)
        records << describe(record);
    root.set("records", records);
    has_enumerations_ = !enumerations.is_empty_list();
    has_records_ = !types.records.empty();
    return {};
}

void GoTypes::finish(data& root, const std::vector<std::string>& packages) const {
    root.set("uses_boolean", uses_.boolean);
    root.set("uses_pointer", uses_.pointer);
    root.set("uses_wide", uses_.wide);
    root.set("uses_bits", uses_.bits);
    root.set("uses_copy", uses_.copy);
    data list(data::type::list), others(data::type::list);
    const auto add = [&](const char* name, bool used) {
        if (used)
            list << data("import", name);
    };
    add("errors", !packages.empty());
    add("strconv", has_enumerations_);
    add("structs", has_records_);
    add("unsafe", uses_.place || uses_.copy || (options_.assertions && (has_enumerations_ || has_records_)));
    for (const std::string& package : packages)
        others << data("import", package);
    root.set("has_imports", !list.is_empty_list() || !packages.empty());
    root.set("imports", list);
    root.set("has_packages", !packages.empty());
    root.set("packages", others);
}

std::string GoTypes::type(TypeId type) {
    return spelling_.type(plain_type(request_.layouts, type, go_rules), uses_);
}

const std::string& GoTypes::section(std::size_t index) const {
    return names_.at(section_type(request_.layouts, index));
}

data GoTypes::list_enumerations(const PlainTypes& types, bool with_name) {
    data list(data::type::list);
    for (const PlainEnumeration* enumeration :
         select_enumerations(request_.layouts, types, names_, with_name))
        list << describe(*enumeration, request_.layouts.graph.at(enumeration->type));
    return list;
}

data GoTypes::describe(const PlainEnumeration& enumeration, const Type& type) {
    data item;
    const auto name = names_.find(enumeration.type);
    const std::string ident = name != names_.end() ? name->second : std::string();
    const std::string integer = GoSpelling::integer(std::bit_ceil(type.size), type.is_signed);
    item.set("ident", ident);
    item.set("c_name", line_comment(enumeration.name));
    item.set("integer", integer);
    item.set("size", std::to_string(type.size));
    item.set("assertions", options_.assertions);
    item.set("format", fmt::format("\"{}(\" + strconv.Format{}nt({}int64(v), 10) + \")\"", ident,
                                   type.is_signed ? "I" : "Ui", type.is_signed ? "" : "u"));
    const std::string doc = enumeration.name.empty() ? "" : doc_of("enum " + enumeration.name);
    item.set("doc", doc.empty() ? data(false) : data(doc));
    item.set("constants", constants(type, ident, enumeration.name));
    item.set("has_constants", !type.enumerators.empty());
    return item;
}

data GoTypes::constants(const Type& type, const std::string& ident, const std::string& c_name) {
    std::vector<Row> rows;
    for (const Enumerator& enumerator : type.enumerators)
        rows.push_back({scope_.claim(go_constant(ident, c_name, enumerator.name)),
                        ident,
                        doc_of("enum " + c_name + '.' + enumerator.name),
                        {}});
    const data lines = aligned_rows(rows);
    data list(data::type::list);
    std::unordered_set<std::uint64_t> seen;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Enumerator& enumerator = type.enumerators[i];
        data item = lines.list_value()[i];
        item.set("constant", rows[i].name);
        item.set("value", enumerator_number(type, enumerator.value));
        item.set("text", go_string(enumerator.name));
        item.set("first", seen.insert(enumerator.value).second);
        list << item;
    }
    return list;
}

data GoTypes::describe(const PlainRecord& record) {
    data item;
    const std::string& ident = names_.at(record.type);
    item.set("ident", ident);
    item.set("record", ident);
    const std::string doc = doc_of(record.doc_key);
    item.set("doc", doc.empty() ? data(false) : data(doc));
    item.set("title", fmt::format("{}, {} byte{}", line_comment(c_name(record)), record.size,
                                  record.size == 1 ? "" : "s"));
    item.set("size", std::to_string(record.size));
    item.set("alignment", std::to_string(record.alignment));
    item.set("asserted", options_.assertions);
    add_members(item, record);
    return item;
}

void GoTypes::add_members(data& item, const PlainRecord& record) {
    NameScope scope(camel_case, "");
    for (const PlainField& field : record.fields)
        if (!field.name.empty())
            scope.expect(field.name);
    for (const PlainAccessor& accessor : record.accessors)
        scope.expect(accessor.name);
    std::vector<Row> rows = {{"_", "structs.HostLayout", {}, {}}};
    if (record.field_alignment < record.alignment)
        rows.push_back({"_", fmt::format("[0]uint{}", record.alignment * 8), {}, {}});
    data offsets(data::type::list);
    std::vector<std::string> names;
    std::size_t byte_fields = 0;
    for (const PlainField& field : record.fields) {
        rows.push_back(describe(field, scope, byte_fields));
        names.push_back(rows.back().name);
        if (field.kind == PlainField::Kind::padding)
            continue;
        data offset;
        offset.set("ident", rows.back().name);
        offset.set("offset", std::to_string(field.offset));
        offsets << offset;
    }
    item.set("fields", aligned_rows(rows));
    item.set("offsets", offsets);
    add_accessors(item, record, names, scope);
}

GoTypes::Row GoTypes::describe(const PlainField& field, NameScope& scope, std::size_t& byte_fields) {
    switch (field.kind) {
    case PlainField::Kind::padding:
        return {"_", fmt::format("[{}]byte", field.size), {}, {}};
    case PlainField::Kind::bytes: // never exported, so no member has that name
        return {fmt::format("bytes{}", byte_fields++), fmt::format("[{}]byte", field.size), {}, {}};
    default:
        break;
    }
    return {scope.claim(field.name), spelling_.type(field.type, uses_), doc_of(field.doc_key),
            line_comment(pointer_note(request_.layouts, names_, field.type))};
}

std::string GoTypes::doc_of(const std::string& key) const {
    // The empty key is the whole program's.
    const auto doc = key.empty() ? request_.docs.end() : request_.docs.find(key);
    return doc != request_.docs.end() ? line_comment(doc->second) : std::string();
}

data GoTypes::aligned_rows(const std::vector<Row>& rows) {
    const auto has_comment = [](const Row& row) { return !row.doc.empty() || !row.note.empty(); };
    data list(data::type::list);
    for (auto from = rows.begin(); from != rows.end();) {
        const auto to = std::find_if(from + 1, rows.end(), has_comment);
        const std::size_t width = std::ranges::max(std::ranges::subrange(from, to), {}, [](const Row& row) {
                                      return row.name.size();
                                  }).name.size();
        for (; from != to; ++from) {
            data item;
            item.set("padded", fmt::format("{:<{}}", from->name, width));
            item.set("type", from->type);
            item.set("doc", from->doc.empty() ? data(false) : data(from->doc));
            item.set("note", from->note.empty() ? data(false) : data(from->note));
            list << item;
        }
    }
    return list;
}

void GoTypes::add_accessors(data& item, const PlainRecord& record, const std::vector<std::string>& fields,
                            NameScope& scope) {
    data list(data::type::list), placed_bits(data::type::list);
    for (const PlainAccessor& accessor : record.accessors) {
        const bool beyond = accessor.size_bits == 0 && accessor.offset_bits / 8 >= record.size;
        if (beyond && !accessor.type.is_flexible())
            continue;
        data entry;
        entry.set("ident", scope.claim(accessor.name));
        entry.set("c_name", line_comment(accessor.name));
        entry.set("offset", std::to_string(accessor.offset_bits / 8));
        const std::string doc = doc_of(accessor.doc_key);
        entry.set("doc", doc.empty() ? data(false) : data(doc));
        if (accessor.kind == PlainAccessor::Kind::bits) {
            const std::string& field = fields[accessor.field];
            const std::uint64_t first = accessor.offset_bits - record.fields[accessor.field].offset * 8;
            entry.set("set", scope.claim("Set_" + accessor.name));
            entry.set("bits", bits(accessor, field, first));
            placed_bits << place(accessor, field, first);
        } else {
            add_whole(entry, accessor, scope);
        }
        list << entry;
    }
    item.set("accessors", list);
    item.set("placed_bits", placed_bits);
}

void GoTypes::add_whole(data& entry, const PlainAccessor& accessor, NameScope& scope) {
    const bool flexible = accessor.type.is_flexible();
    const bool unaligned = accessor.kind == PlainAccessor::Kind::unaligned;
    PlainType type = accessor.type;
    if (flexible)
        type.dimensions.erase(type.dimensions.begin());
    entry.set("type", spelling_.type(type, uses_));
    entry.set("flexible", flexible);
    entry.set("aligned", !flexible && !unaligned);
    entry.set("unaligned", !flexible && unaligned);
    uses_.place = true;
    if (flexible || !unaligned)
        return;
    uses_.copy = true;
    entry.set("set", scope.claim("Set_" + accessor.name));
}

data GoTypes::bits(const PlainAccessor& accessor, const std::string& field, std::uint64_t first) {
    uses_.bits = true;
    data item;
    const std::string type = spelling_.bit_value_type(accessor.type, uses_);
    item.set("type", type);
    item.set("value", spelling_.read_bits(accessor, field, first, uses_));
    const bool wide = accessor.type.size > 8;
    std::string value = wide ? "value.Lo" : type == "uint64" ? "value" : "uint64(value)";
    if (type == "bool") {
        item.set("prepare", "var bit uint64\n\tif value {\n\t\tbit = 1\n\t}");
        value = "bit";
    }
    data parts(data::type::list);
    for (std::uint64_t done = 0; done < accessor.size_bits; done += 64) {
        data part;
        part.set("field", field);
        part.set("first", std::to_string(first + done));
        part.set("width", std::to_string(std::min<std::uint64_t>(accessor.size_bits - done, 64)));
        part.set("value", done == 0 ? value : accessor.type.is_signed ? "uint64(value.Hi)" : "value.Hi");
        parts << part;
    }
    item.set("parts", parts);
    return item;
}

Result<data> go_types_data(const TypeRequest& request, const TypesOptions& options) {
    data root;
    GoTypes types(request, options);
    ECC_CHECK(types.define(root));
    types.finish(root);
    return root;
}

} // namespace ecc
