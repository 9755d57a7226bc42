#include "skelgen/plain_names.h"

#include "btfgen/c_records.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

namespace ecc {

namespace {

bool is_letter_or_digit(char c) {
    return static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) != 0;
}

char upper(char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

char lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// On the way to what the pointer itself points to.
bool has_type_tag(const TypeGraph& graph, TypeId pointer) {
    const TypeId target = graph.resolve(graph.at(pointer).target);
    for (TypeId id = graph.at(pointer).target; id != target; id = graph.at(id).target)
        if (graph.at(id).kind == TypeKind::type_tag)
            return true;
    return false;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A word in capitals is written like any other, one in mixed case keeps its form.
void append_word(std::string& text, std::string_view word) {
    if (!text.empty() && is_digit(text.back()) && is_digit(word.front()))
        text += '_';
    const bool mixed = std::ranges::any_of(word, [](char c) { return c != upper(c); });
    text += upper(word.front());
    for (char c : word.substr(1))
        text += mixed ? c : lower(c);
}

} // namespace

std::string camel_case(std::string_view name) {
    std::string text;
    for (std::size_t from = 0; from < name.size();) {
        std::size_t to = from;
        while (to < name.size() && is_letter_or_digit(name[to]))
            ++to;
        if (to != from)
            append_word(text, name.substr(from, to - from));
        from = to + 1;
    }
    if (text.empty() || is_digit(text.front()))
        text.insert(text.begin(), 'X');
    return text;
}

std::string line_comment(std::string_view text) {
    std::string line(text);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    while (line.ends_with(' '))
        line.pop_back();
    return line;
}

PlainNames claim_type_names(const PlainTypes& types, NameScope& scope) {
    PlainNames names;
    for (const bool with_tag : {true, false}) {
        for (const PlainRecord& record : types.records)
            if (record.has_tag == with_tag)
                names.emplace(record.type, scope.claim(record.name));
        for (const PlainEnumeration& enumeration : types.enumerations)
            if (enumeration.has_tag == with_tag && !enumeration.name.empty())
                names.emplace(enumeration.type, scope.claim(enumeration.name));
    }
    return names;
}

Result<PlainTypes> named_types(const TypeRequest& request, const PlainRules& rules,
                               const std::vector<RecordLayout>& sections, NameScope& scope,
                               PlainNames& names) {
    ECC_TRY(PlainTypes types, plain_types(request, rules));
    names = claim_type_names(types, scope);
    for (std::size_t i = 0; i < sections.size(); ++i) {
        ECC_TRY(PlainRecord record, plain_record(request.layouts, sections[i], rules, request.where));
        record.type = section_type(request.layouts, i);
        names.emplace(record.type, scope.claim(record.name));
        types.records.push_back(std::move(record));
    }
    return types;
}

TypeId section_type(const LayoutSet& layouts, std::size_t index) {
    return static_cast<TypeId>(layouts.graph.types.size() + index);
}

std::vector<const PlainEnumeration*> select_enumerations(const LayoutSet& layouts, const PlainTypes& types,
                                                         const PlainNames& names, bool with_name) {
    std::vector<const PlainEnumeration*> selected;
    for (const PlainEnumeration& enumeration : types.enumerations) {
        const bool has_constants = !layouts.graph.at(enumeration.type).enumerators.empty();
        if (names.contains(enumeration.type) == with_name && (with_name || has_constants))
            selected.push_back(&enumeration);
    }
    return selected;
}

std::string enumerator_number(const Type& enumeration, std::uint64_t value) {
    const unsigned unused_bits = enumeration.size < 8 ? 64 - 8 * static_cast<unsigned>(enumeration.size) : 0;
    if (enumeration.is_signed)
        return fmt::format("{}", static_cast<std::int64_t>(value << unused_bits) >> unused_bits);
    return fmt::format("{}", value << unused_bits >> unused_bits);
}

std::string pointer_note(const LayoutSet& layouts, const PlainNames& names, const PlainType& type) {
    if (type.kind != PlainKind::pointer)
        return {};
    const TypeId target = layouts.graph.resolve(layouts.graph.at(type.type).target);
    const TypeKind kind = layouts.graph.at(target).kind;
    const bool is_record =
        kind == TypeKind::structure || kind == TypeKind::union_type || kind == TypeKind::forward;
    const bool says_more = (is_record && !names.contains(target)) || has_type_tag(layouts.graph, type.type);
    return says_more ? c_type_name(layouts.graph, type.type) : std::string();
}

std::string c_name(const PlainRecord& record) {
    const bool is_path = record.name.find('.') != std::string::npos;
    return is_path ? record.name : (record.is_union ? "union " : "struct ") + record.name;
}

} // namespace ecc
