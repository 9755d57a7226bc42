#include "btfgen/c_records.h"

#include "btfgen/type_checks.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <ranges>

namespace ecc {

namespace {

/// A whole kernel is 12 MB; a hostile blob of anonymous structs doubles with every level.
constexpr std::uint64_t max_text = 256u << 20;
constexpr std::uint64_t text_per_member = 64; // besides its name

/// Of what comments say.
constexpr unsigned max_pointer_depth = 8;
constexpr unsigned max_tags = 4; // of one pointer

} // namespace

/// Where text is being written.
struct CRecordWriter::Context {
    CScope& scope;           // of the named record that the members belong to, anonymous ones inside included
    unsigned indent;         // of the record's braces
    std::string path;        // of the record from the outermost one, ending in '.' if not empty
    std::uint64_t base_bits; // of the record from the outermost one
    std::string docs;        // what keys of its members' docs start with
};

/// How a value without a name is spelled.
struct CRecordWriter::Value {
    std::string base; // empty: the record is written out in place
    std::string dimensions;
    std::string comment;
    const RecordLayout* record = nullptr; // if base is empty
};

Result<CRecordText> CRecordWriter::write(const RecordLayout& record, unsigned indent) {
    ECC_CHECK(check_addressable(record, where_));
    out_ = {};
    CScope scope;
    ECC_CHECK(expect_names(record, scope));
    if (const std::string& tag = layouts_.graph.at(record.type).name;
        dialect_.tags_are_members && has_anonymous_member(record, tag))
        scope.claim(tag);
    ECC_CHECK(write_body(record, {scope, indent, {}, 0, doc_key(record)}));
    spent_ += out_.body.size();
    return std::move(out_);
}

Result<void> CRecordWriter::spend(const RecordLayout& record) {
    spent_ += text_per_member;
    for (const MemberLayout& member : record.members)
        spent_ += text_per_member + member.name.size();
    if (spent_ + out_.body.size() <= max_text)
        return {};
    return input_error(where_, fmt::format("type {} expands to more than {} bytes of text",
                                           describe_type(layouts_.graph, record.type), max_text));
}

Result<void> CRecordWriter::expect_names(const RecordLayout& record, CScope& scope) {
    ECC_CHECK(spend(record));
    for (const MemberLayout& member : record.members) {
        const RecordLayout* inner = layouts_.of(layouts_.graph.resolve(member.type));
        if (!member.name.empty())
            scope.expect(member.name);
        else if (inner != nullptr)
            ECC_CHECK(expect_names(*inner, scope));
    }
    return {};
}

/// Of those whose names expect_names found.
bool CRecordWriter::has_anonymous_member(const RecordLayout& record, std::string_view name) const {
    return std::ranges::any_of(record.members, [&](const MemberLayout& member) {
        const RecordLayout* inner =
            member.name.empty() ? layouts_.of(layouts_.graph.resolve(member.type)) : nullptr;
        return inner != nullptr &&
               (std::ranges::find(inner->members, name, &MemberLayout::name) != inner->members.end() ||
                has_anonymous_member(*inner, name));
    });
}

Result<void> CRecordWriter::write_body(const RecordLayout& record, Context context) {
    out_.body += "{\n";
    ECC_CHECK(write_members(record, context));
    out_.body.append(context.indent, '\t');
    out_.body += '}';
    if (record.packed)
        out_.body += " __attribute__((packed))";
    else if (record.alignment > alignment_of_members(record))
        out_.body += fmt::format(" __attribute__((aligned({})))", record.alignment);
    return {};
}

/// Less than the record's if opaque bytes stand for some.
std::uint32_t CRecordWriter::alignment_of_members(const RecordLayout& record) const {
    std::uint32_t alignment = 1;
    for (const MemberLayout& member : record.members)
        alignment = std::max(alignment, layouts_.alignment_of(member.type));
    return alignment;
}

Result<void> CRecordWriter::write_members(const RecordLayout& record, Context context) {
    ECC_CHECK(spend(record));
    spent_ += record.members.size() * context.path.size(); // of their places
    std::uint64_t end = 0;
    for (const MemberLayout& member : record.members) {
        if (!record.is_union)
            pad(end, member.offset_bits, context);
        ECC_CHECK(write_member(member, context));
        end = std::max(end, member.offset_bits + member.size_bits);
    }
    write_tail(record, end, context);
    return {};
}

/// What C would round a size up by is there as bytes too, and so is what BTF has beyond that.
void CRecordWriter::write_tail(const RecordLayout& record, std::uint64_t end, Context context) {
    if (!record.is_union)
        pad(end, record.size * 8, context);
    else if ((end + 7) / 8 != record.size)
        line(context.indent + 1,
             fmt::format("unsigned char {}[{}];", context.scope.claim_padding(), record.size));
    // An empty class has a size of 1 in C++, but not one with an array of no elements.
    if (record.size == 0 && record.members.empty())
        line(context.indent + 1, fmt::format("unsigned char {}[0];", context.scope.claim_padding()));
}

void CRecordWriter::pad(std::uint64_t from, std::uint64_t to, Context context) {
    const unsigned indent = context.indent + 1;
    if (from / 8 != to / 8 && from % 8 != 0) {
        line(indent, fmt::format("unsigned char : {};", 8 - from % 8));
        from = (from + 7) / 8 * 8;
    }
    if (from / 8 != to / 8) {
        line(indent, fmt::format("unsigned char {}[{}];", context.scope.claim_padding(), to / 8 - from / 8));
        from = to / 8 * 8;
    }
    if (from != to)
        line(indent, fmt::format("unsigned char : {};", to - from));
}

Result<void> CRecordWriter::write_member(const MemberLayout& member, Context context) {
    if (member.bitfield) {
        doc(member.name, context);
        write_bitfield(member, context);
        return {};
    }
    // A named struct without a member name is C too (-fms-extensions), but only written out does everybody
    // take it.
    const RecordLayout* anonymous =
        member.name.empty() ? layouts_.of(layouts_.graph.resolve(member.type)) : nullptr;
    if (anonymous != nullptr)
        return write_inline(*anonymous, member, {}, context);
    const Value value = spell(member.type);
    if (value.record != nullptr)
        return write_inline(*value.record, member, value.dimensions, context);
    doc(member.name, context);
    const std::string name = context.scope.claim(member.name);
    const std::string comment =
        value.comment.empty() ? "" : fmt::format(" /* {} */", c_comment(value.comment));
    line(context.indent + 1, fmt::format("{} {}{};{}", value.base, name, value.dimensions, comment));
    out_.places.push_back({context.path + name, (context.base_bits + member.offset_bits) / 8});
    return {};
}

Result<void> CRecordWriter::write_inline(const RecordLayout& record, const MemberLayout& member,
                                         const std::string& dimensions, Context context) {
    doc(member.name, context);
    out_.body.append(context.indent + 1, '\t');
    out_.body += record.is_union ? "union " : "struct ";
    const std::uint64_t base_bits = context.base_bits + member.offset_bits;
    if (member.name.empty() && dimensions.empty()) {
        ECC_CHECK(
            write_body(record, {context.scope, context.indent + 1, context.path, base_bits, context.docs}));
        out_.body += ";\n";
        return {};
    }
    const std::string name = context.scope.claim(member.name);
    std::string path = context.path + name;
    out_.places.push_back({path, base_bits / 8});
    for (auto bracket : dimensions)
        if (bracket == '[')
            path += "[0]";
    CScope scope;
    ECC_CHECK(expect_names(record, scope));
    ECC_CHECK(write_body(
        record, {scope, context.indent + 1, path + '.', base_bits, context.docs + '.' + member.name}));
    out_.body += fmt::format(" {}{};\n", name, dimensions);
    return {};
}

void CRecordWriter::write_bitfield(const MemberLayout& member, Context context) {
    const Type& type = layouts_.graph.at(layouts_.graph.resolve(member.type));
    const std::uint64_t size = std::bit_ceil(type.size);
    std::string_view base = dialect_.integer(size, type.is_signed);
    if (type.is_bool && type.size == 1 && member.size_bits == 1) {
        base = "bool";
        out_.uses_bool = true;
    }
    std::string comment;
    if (type.kind == TypeKind::enumeration && !type.name.empty())
        comment = fmt::format(" /* enum {} */", c_comment(type.name));
    const std::string name = context.scope.claim(member.name);
    line(context.indent + 1, fmt::format("{} {} : {};{}", base, name, member.size_bits, comment));
    out_.bitfields.push_back(
        {context.path + name, context.base_bits + member.offset_bits, member.size_bits, type.is_signed});
}

void CRecordWriter::doc(const std::string& name, Context context) {
    if (docs_ == nullptr || name.empty())
        return;
    if (const auto text = docs_->find(context.docs + '.' + name); text != docs_->end())
        line(context.indent + 1, fmt::format("/** {} */", c_comment(text->second)));
}

void CRecordWriter::line(unsigned indent, std::string_view text) {
    out_.body.append(indent, '\t');
    out_.body += text;
    out_.body += '\n';
}

CRecordWriter::Value CRecordWriter::spell(TypeId id) {
    const TypeGraph& graph = layouts_.graph;
    Value value;
    id = graph.resolve(id);
    for (; graph.at(id).kind == TypeKind::array; id = graph.resolve(graph.at(id).target))
        value.dimensions += fmt::format("[{}]", graph.at(id).element_count);

    const Type& type = graph.at(id);
    if (auto name = names_.find(id); name != names_.end()) {
        value.base = name->second;
        return value;
    }
    value.record = layouts_.of(id);
    if (value.record != nullptr)
        return value;

    const bool is_long = type.size == 8 && type.name.find("long") == type.name.rfind("long");
    if (type.kind == TypeKind::pointer) {
        value.base = dialect_.integer(8, false);
        value.comment = c_type_name(graph, id);
    } else if (type.is_bool && type.size == 1) {
        value.base = "bool";
        out_.uses_bool = true;
    } else if (type.kind == TypeKind::floating && (type.size == 4 || type.size == 8)) {
        value.base = type.size == 4 ? "float" : "double";
    } else {
        value.base = type.is_char ? "char" : dialect_.integer(type.size, type.is_signed);
        if (!type.name.empty() && (type.kind != TypeKind::integer || (is_long && type.name.contains("long"))))
            value.comment = c_type_name(graph, id);
    }
    if (value.base.empty()) { // a size that C has no type for
        value.base = "unsigned char";
        value.dimensions += fmt::format("[{}]", type.size);
        value.comment = c_type_name(graph, id);
    }
    return value;
}

std::string CRecordWriter::cpp_value(TypeId id) {
    const TypeGraph& graph = layouts_.graph;
    std::vector<std::uint64_t> counts;
    for (id = graph.resolve(id); graph.at(id).kind == TypeKind::array;
         id = graph.resolve(graph.at(id).target))
        counts.push_back(graph.at(id).element_count);
    const Value value = spell(id);
    if (!value.dimensions.empty()) // a size that C has no type for
        counts.push_back(graph.at(id).size);
    std::string text = value.base;
    if (!text.empty())
        for (const std::uint64_t count : counts | std::views::reverse)
            text = fmt::format("::std::array<{}, {}>", text, count);
    return text;
}

namespace {

bool is_qualifier_or_tag(const Type& type) {
    return type.kind == TypeKind::const_type || type.kind == TypeKind::volatile_type ||
           type.kind == TypeKind::restrict_type || type.kind == TypeKind::type_tag;
}

} // namespace

std::string c_type_name(const TypeGraph& graph, TypeId id) {
    std::string stars;
    for (unsigned depth = 0; depth < max_pointer_depth; ++depth) {
        id = graph.at(id).kind == TypeKind::type_def ? id : graph.resolve(id);
        if (graph.at(id).kind != TypeKind::pointer)
            break;
        std::string star = "*";
        unsigned tags = 0;
        for (id = graph.at(id).target; is_qualifier_or_tag(graph.at(id)); id = graph.at(id).target)
            if (graph.at(id).kind == TypeKind::type_tag && tags++ < max_tags)
                star = fmt::format("__{} {}", c_identifier(graph.at(id).name), star);
        stars.insert(0, star);
    }
    const Type& type = graph.at(id);
    std::string name = type.name.empty() ? "(unnamed)" : type.name;
    switch (type.kind) {
    case TypeKind::void_type:
        name = "void";
        break;
    case TypeKind::structure:
        name = "struct " + name;
        break;
    case TypeKind::union_type:
        name = "union " + name;
        break;
    case TypeKind::enumeration:
        name = "enum " + name;
        break;
    case TypeKind::forward:
        name = (type.forward_is_union ? "union " : "struct ") + name;
        break;
    case TypeKind::function_prototype:
        name = "function";
        break;
    case TypeKind::array:
        name = "array";
        break;
    default:
        break;
    }
    return stars.empty() ? name : name + ' ' + stars;
}

} // namespace ecc
