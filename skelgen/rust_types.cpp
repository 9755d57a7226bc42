#include "skelgen/rust_types.h"
#include "skelgen/render_plain.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

using kainjow::mustache::data;

/// Names that the fixed part of the template has.
constexpr std::array<std::string_view, 16> own_names = {
    "load", "store", "Bool",   "Ptr",        "U128",      "I128",      "Padding", "Text",
    "bits", "at",    "member", "member_mut", "offset_in", "with_bits", "core",    "set_bits"};

data constants(const Type& type, const std::string& key, const TypeDocs& docs, NameScope& scope) {
    data list(data::type::list);
    std::unordered_set<std::uint64_t> seen;
    for (const Enumerator& enumerator : type.enumerators) {
        data item;
        item.set("ident", scope.claim(enumerator.name));
        const auto doc = docs.find(key + '.' + enumerator.name);
        item.set("doc", doc == docs.end() ? data(false) : data(line_comment(doc->second)));
        item.set("value", enumerator_number(type, enumerator.value));
        item.set("text", rust_string(enumerator.name));
        item.set("first", seen.insert(enumerator.value).second);
        list << item;
    }
    return list;
}

std::string field_ident(const PlainField& field, NameScope& fields) {
    switch (field.kind) {
    case PlainField::Kind::padding:
        return fields.claim_numbered("_pad");
    case PlainField::Kind::bytes:
        return fields.claim_numbered("_bytes");
    default:
        return fields.claim(field.name);
    }
}

} // namespace

/// The names of one record's members.
struct RustTypes::Scopes {
    NameScope fields{rust_identifier, "_"};
    NameScope methods{rust_identifier, "_"};
};

RustTypes::RustTypes(const TypeRequest& request, const TypesOptions& options)
    : request_(request), options_(options), spelling_(request.layouts, names_, ""),
      outer_spelling_(request.layouts, names_, "types::") {
    for (std::string_view name : own_names)
        scope_.claim_exactly(std::string(name));
}

Result<void> RustTypes::define(data& root, const std::vector<RecordLayout>& sections) {
    ECC_TRY(const PlainTypes types, named_types(request_, rust_rules, sections, scope_, names_));
    keep_from_constants();
    data records(data::type::list);
    for (const PlainRecord& record : types.records) {
        records << describe(record);
        defined_.push_back(names_.at(record.type));
    }
    for (const PlainEnumeration& enumeration : types.enumerations)
        if (const auto name = names_.find(enumeration.type); name != names_.end())
            defined_.push_back(name->second);
    root.set("name", line_comment(request_.where));
    root.set("enumerations", enumerations(types, true));
    root.set("constant_groups", enumerations(types, false));
    root.set("records", records);
    root.set("assertions", options_.assertions);
    return {};
}

void RustTypes::finish(data& root) const {
    root.set("uses_boolean", uses_.boolean);
    root.set("uses_pointer", uses_.pointer);
    root.set("uses_wide", uses_.wide);
    root.set("uses_text", uses_.text);
    root.set("uses_padding", uses_.padding);
    root.set("uses_bits", uses_.bits);
    root.set("uses_place", uses_.place);
    root.set("uses_copy", uses_.copy);
}

std::string RustTypes::type(TypeId type) {
    return outer_spelling_.type(plain_type(request_.layouts, type, rust_rules), uses_);
}

const std::string& RustTypes::section(std::size_t index) const {
    return names_.at(section_type(request_.layouts, index));
}

/// Functions and the constructors of types are in one scope with constants.
void RustTypes::keep_from_constants() {
    for (std::string_view name : own_names)
        constants_.claim_exactly(std::string(name));
    for (const auto& [type, name] : names_)
        constants_.claim_exactly(name);
}

data RustTypes::enumerations(const PlainTypes& types, bool with_name) {
    data list(data::type::list);
    for (const PlainEnumeration* enumeration :
         select_enumerations(request_.layouts, types, names_, with_name))
        list << describe(*enumeration, request_.layouts.graph.at(enumeration->type));
    return list;
}

data RustTypes::describe(const PlainEnumeration& enumeration, const Type& type) {
    data item;
    const auto name = names_.find(enumeration.type);
    if (name != names_.end())
        item.set("ident", name->second);
    item.set("title", fmt::format("`enum {}`.", line_comment(enumeration.name)));
    item.set("integer", RustSpelling::integer(std::bit_ceil(type.size), type.is_signed));
    item.set("size", std::to_string(type.size));
    item.set("assertions", options_.assertions);
    NameScope own(rust_identifier, "_");
    own.claim_exactly("name");
    const std::string key = "enum " + enumeration.name;
    set_doc(item, key);
    item.set("constants", constants(type, key, request_.docs, name != names_.end() ? own : constants_));
    return item;
}

data RustTypes::describe(const PlainRecord& record) {
    data item;
    const std::string& ident = names_.at(record.type);
    item.set("ident", ident);
    item.set("record", ident);
    set_doc(item, record.doc_key);
    item.set("title", fmt::format("`{}`, {} byte{}.", line_comment(c_name(record)), record.size,
                                  record.size == 1 ? "" : "s"));
    item.set("packed", record.packed);
    item.set("size", std::to_string(record.size));
    item.set("alignment", std::to_string(record.alignment));
    item.set("debug_name", rust_string(ident));
    item.set("total", !has_floats(record));
    item.set("asserted", options_.assertions);
    add_members(item, record);
    return item;
}

void RustTypes::set_doc(data& item, const std::string& key) const {
    // The empty key is the whole program's.
    const auto doc = key.empty() ? request_.docs.end() : request_.docs.find(key);
    item.set("doc", doc == request_.docs.end() ? data(false) : data(line_comment(doc->second)));
}

/// Floating-point numbers are not equal to themselves if they are none.
bool RustTypes::has_floats(const PlainRecord& record) {
    const bool floats = std::ranges::any_of(record.fields, [&](const PlainField& field) {
        return field.kind == PlainField::Kind::member &&
               (field.type.kind == PlainKind::floating || with_floats_.contains(field.type.type));
    });
    if (floats)
        with_floats_.insert(record.type);
    return floats;
}

void RustTypes::add_members(data& item, const PlainRecord& record) {
    Scopes scopes;
    for (const PlainField& field : record.fields)
        if (!field.name.empty())
            scopes.fields.expect(field.name);
    for (const PlainAccessor& accessor : record.accessors)
        scopes.methods.expect(accessor.name);
    data fields(data::type::list), offsets(data::type::list), shown(data::type::list);
    if (record.field_alignment < record.alignment)
        fields << aligner(record, scopes);
    std::vector<std::string> idents;
    for (const PlainField& field : record.fields) {
        idents.push_back(field_ident(field, scopes.fields));
        fields << describe(field, idents.back());
        data offset;
        offset.set("ident", idents.back());
        offset.set("offset", std::to_string(field.offset));
        offsets << offset;
        if (field.kind == PlainField::Kind::member)
            shown << show(field, idents.back(), record.packed);
    }
    item.set("open", fields.is_empty_list() ? "{}" : "{");
    item.set("has_fields", !fields.is_empty_list());
    item.set("fields", fields);
    item.set("offsets", offsets);
    add_accessors(item, record, idents, scopes, shown);
    item.set("shown", shown);
}

data RustTypes::aligner(const PlainRecord& record, Scopes& scopes) {
    uses_.wide = uses_.wide || record.alignment == 16;
    data field;
    field.set("ident", scopes.fields.claim_numbered("_align"));
    field.set("doc", false); // the record's would be found otherwise
    field.set("type", record.alignment == 16 ? "[U128; 0]" : fmt::format("[u{}; 0]", record.alignment * 8));
    return field;
}

data RustTypes::describe(const PlainField& field, const std::string& ident) {
    data item;
    item.set("ident", ident);
    set_doc(item, field.doc_key);
    if (const std::string target = pointer_note(request_.layouts, names_, field.type); !target.empty())
        item.set("note", fmt::format("`{}`.", line_comment(target)));
    if (field.kind == PlainField::Kind::member)
        item.set("type", spelling_.type(field.type, uses_));
    else if (field.kind == PlainField::Kind::bytes)
        item.set("type", fmt::format("[u8; {}]", field.size));
    else
        item.set("type", fmt::format("Padding<{}>", field.size));
    uses_.padding = uses_.padding || field.kind == PlainField::Kind::padding;
    return item;
}

data RustTypes::show(const PlainField& field, const std::string& ident, bool packed) {
    data item;
    item.set("text", rust_string(field.name));
    item.set("value",
             shown_value(field.type, packed ? fmt::format("&{{ self.{} }}", ident) : "&self." + ident));
    return item;
}

std::string RustTypes::shown_value(const PlainType& type, const std::string& reference) {
    if (type.kind != PlainKind::character || type.dimensions.size() != 1)
        return reference;
    uses_.text = true;
    return fmt::format("&Text({})", reference);
}

void RustTypes::add_accessors(data& item, const PlainRecord& record, const std::vector<std::string>& fields,
                              Scopes& scopes, data& shown) {
    data list(data::type::list), places(data::type::list), placed_bits(data::type::list);
    bool has_places = false;
    for (const PlainAccessor& accessor : record.accessors) {
        data entry;
        const std::string ident = scopes.methods.claim(accessor.name);
        const std::string bare = ident.starts_with("r#") ? ident.substr(2) : ident;
        entry.set("follows", &accessor != record.accessors.data());
        entry.set("ident", ident);
        entry.set("set", scopes.methods.claim("set_" + bare));
        set_doc(entry, accessor.doc_key);
        entry.set("offset", std::to_string(accessor.offset_bits / 8));
        std::string value = fmt::format("&self.{}()", ident);
        if (accessor.kind == PlainAccessor::Kind::bits) {
            entry.set("bits", bits(accessor, record.fields[accessor.field], fields[accessor.field]));
            placed_bits << placed(accessor, ident);
        } else {
            entry.set("type", spelling_.type(accessor.type, uses_));
            entry.set("unaligned", accessor.kind == PlainAccessor::Kind::unaligned);
            uses_.copy = uses_.copy || accessor.kind == PlainAccessor::Kind::unaligned;
        }
        if (accessor.kind == PlainAccessor::Kind::aligned) {
            entry.set("aligned", true);
            entry.set("mut", scopes.methods.claim(bare + "_mut"));
            uses_.place = has_places = true;
            places << entry;
            value.erase(0, 1);
        }
        list << entry;
        data field;
        field.set("text", rust_string(accessor.name));
        field.set("value", shown_value(accessor.type, value));
        shown << field;
    }
    item.set("accessors", list);
    item.set("has_accessors", !record.accessors.empty());
    item.set("places", places);
    item.set("has_places", has_places);
    item.set("placed_bits", placed_bits);
}

data RustTypes::bits(const PlainAccessor& accessor, const PlainField& field, const std::string& field_ident) {
    uses_.bits = true;
    const std::uint64_t first = accessor.offset_bits - field.offset * 8;
    const std::string type = spelling_.bit_value_type(accessor.type);
    const bool is_enumeration =
        type != "bool" &&
        type != RustSpelling::integer(std::bit_ceil(accessor.type.size), accessor.type.is_signed);
    const std::string number = is_enumeration ? "value.0" : "value";
    data item;
    item.set("type", type);
    item.set("value", spelling_.read_bits(accessor, field_ident, first));
    data parts(data::type::list);
    for (std::uint64_t done = 0; done < accessor.size_bits; done += 64) {
        data part;
        part.set("field", field_ident);
        part.set("first", std::to_string(first + done));
        part.set("width", std::to_string(std::min<std::uint64_t>(accessor.size_bits - done, 64)));
        part.set("value", done == 0 ? number + " as u64" : fmt::format("({} >> {}) as u64", number, done));
        parts << part;
    }
    item.set("parts", parts);
    return item;
}

data RustTypes::placed(const PlainAccessor& accessor, const std::string& ident) const {
    const std::string type = spelling_.bit_value_type(accessor.type);
    const bool is_integer =
        type == RustSpelling::integer(std::bit_ceil(accessor.type.size), accessor.type.is_signed);
    data item;
    item.set("ident", ident);
    item.set("first", std::to_string(accessor.offset_bits));
    item.set("width", std::to_string(accessor.size_bits));
    item.set("number", type == "bool" ? " as u8" : is_integer ? "" : ".0");
    item.set("ones", RustSpelling::all_bits_set(accessor));
    item.set("zero", "0");
    return item;
}

Result<data> rust_types_data(const TypeRequest& request, const TypesOptions& options) {
    data root;
    RustTypes types(request, options);
    ECC_CHECK(types.define(root));
    types.finish(root);
    return root;
}

} // namespace ecc
