#include "btfgen/plain_records.h"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <unordered_map>

namespace ecc {

namespace {

/// Ten kernels; a hostile blob of anonymous structs doubles with every level.
constexpr std::size_t max_members = 1'000'000;
constexpr std::uint64_t max_enumeration = 8;

PlainKind scalar_plain_kind(const Type& type, ScalarKind kind) {
    const bool is_size_of_integer = std::has_single_bit(type.size) && type.size <= 16;
    switch (kind) {
    case ScalarKind::pointer:
        return PlainKind::pointer;
    case ScalarKind::boolean:
        return type.size == 1 ? PlainKind::boolean : PlainKind::unsigned_integer;
    case ScalarKind::character:
        return type.size == 1 ? PlainKind::character : PlainKind::bytes;
    case ScalarKind::floating:
        return type.size == 4 || type.size == 8 ? PlainKind::floating : PlainKind::bytes;
    case ScalarKind::none:
        return PlainKind::bytes;
    default:
        if (!is_size_of_integer)
            return PlainKind::bytes;
        if (type.kind == TypeKind::enumeration && type.size <= max_enumeration)
            return PlainKind::enumeration;
        return kind == ScalarKind::signed_integer ? PlainKind::signed_integer : PlainKind::unsigned_integer;
    }
}

/// The fields and accessors of one record.
class RecordBuilder {
public:
    RecordBuilder(const LayoutSet& layouts, const PlainRules& rules, const std::string& where,
                  std::size_t& members)
        : layouts_(layouts), rules_(rules), where_(where), members_(members) {}

    Result<PlainRecord> build(const RecordLayout& record, std::string name, std::string doc_key) {
        ECC_CHECK(check_addressable(record, where_));
        out_.type = record.type;
        out_.name = std::move(name);
        out_.has_tag = !record.name.empty() && !record.is_typedef_name;
        out_.is_union = record.is_union;
        out_.doc_key = doc_key;
        out_.size = record.size;
        out_.alignment = std::min(record.alignment, rules_.max_alignment);
        out_.packed = record.packed && rules_.packing && !record.is_union;
        if (record.is_union)
            add_bytes(0, record.size);
        ECC_CHECK(add_members(record, {0, doc_key, record.is_union}));
        pad_to(record.size);
        return std::move(out_);
    }

private:
    /// Where members are added: of which struct or union, as seen from the record.
    struct Place {
        std::uint64_t base_bits;
        std::string docs;
        bool in_bytes; // of a union: only accessors reach them
    };

    Result<void> add_members(const RecordLayout& record, const Place& place) {
        for (const MemberLayout& member : record.members) {
            if (++members_ > max_members)
                return input_error(
                    where_, fmt::format("type {} expands to more than {} members", out_.name, max_members));
            ECC_CHECK(add_member(member, place));
        }
        return {};
    }

    Result<void> add_member(const MemberLayout& member, const Place& place) {
        const std::uint64_t at = place.base_bits + member.offset_bits;
        if (member.name.empty())
            return add_anonymous(member, {at, place.docs, place.in_bytes});
        const std::string key = place.docs.empty() ? member.name : place.docs + '.' + member.name;
        const PlainType type = plain_type(layouts_, member.type, rules_);
        if (member.bitfield)
            add_bitfield(member, type, at, key, place.in_bytes);
        else
            add_whole(member, type, at / 8, key, place.in_bytes);
        return {};
    }

    /// What has neither a name nor members is not there.
    Result<void> add_anonymous(const MemberLayout& member, Place place) {
        const RecordLayout* inner = layouts_.of(layouts_.graph.resolve(member.type));
        if (inner == nullptr)
            return {};
        if (inner->is_union && !place.in_bytes) {
            add_bytes(place.base_bits / 8, inner->size);
            place.in_bytes = true;
        }
        return add_members(*inner, place);
    }

    void add_bitfield(const MemberLayout& member, const PlainType& type, std::uint64_t at,
                      const std::string& key, bool in_bytes) {
        if (!in_bytes)
            add_bit_bytes(at / 8, (at + member.size_bits + 7) / 8);
        out_.accessors.push_back({PlainAccessor::Kind::bits, member.name, key, type, at, member.size_bits,
                                  out_.fields.size() - 1});
    }

    /// Bitfields that follow each other share their bytes.
    void add_bit_bytes(std::uint64_t from, std::uint64_t to) {
        if (bits_end_ == out_.fields.size() && end_ >= from && !out_.fields.empty()) {
            end_ = std::max(end_, to);
            out_.fields.back().size = end_ - out_.fields.back().offset;
            return;
        }
        add_bytes(from, to - from);
        bits_end_ = out_.fields.size();
    }

    void add_whole(const MemberLayout& member, const PlainType& type, std::uint64_t offset,
                   const std::string& key, bool in_bytes) {
        const std::uint64_t size = member.size_bits / 8;
        if (!in_bytes && can_be_field(type, offset, size)) {
            pad_to(offset);
            if (!out_.packed)
                out_.field_alignment = std::max(out_.field_alignment, type.alignment);
            out_.fields.push_back({PlainField::Kind::member, member.name, key, type, offset, size});
            end_ = offset + size;
            return;
        }
        if (!in_bytes)
            add_bytes(offset, size);
        const bool aligned = type.alignment <= out_.alignment && offset % type.alignment == 0;
        out_.accessors.push_back({aligned ? PlainAccessor::Kind::aligned : PlainAccessor::Kind::unaligned,
                                  member.name, key, type, offset * 8, size * 8, 0});
    }

    bool can_be_field(const PlainType& type, std::uint64_t offset, std::uint64_t size) const {
        if (size == 0 && (offset == out_.size || type.is_flexible()) && !rules_.empty_tail)
            return false;
        if (out_.packed)
            return type.alignment < rules_.max_alignment;
        return type.alignment <= out_.alignment && offset % type.alignment == 0;
    }

    void add_bytes(std::uint64_t offset, std::uint64_t size) {
        pad_to(offset);
        if (size != 0)
            out_.fields.push_back({PlainField::Kind::bytes, {}, {}, {}, offset, size});
        end_ = offset + size;
    }

    void pad_to(std::uint64_t offset) {
        if (end_ < offset)
            out_.fields.push_back({PlainField::Kind::padding, {}, {}, {}, end_, offset - end_});
        end_ = offset;
    }

    const LayoutSet& layouts_;
    const PlainRules& rules_;
    const std::string& where_;
    std::size_t& members_; // over all records
    PlainRecord out_;
    std::uint64_t end_ = 0;    // bytes that have fields
    std::size_t bits_end_ = 0; // how many fields there were after the last one of bitfields
};

class PlainBuilder {
public:
    PlainBuilder(const TypeRequest& request, const PlainRules& rules)
        : request_(request), layouts_(request.layouts), rules_(rules) {}

    Result<PlainTypes> run() {
        needed_ = contained_by(layouts_.graph, request_.roots);
        seen_.resize(needed_.size());
        name_records();
        PlainTypes out;
        add_enumerations(out);
        std::size_t members = 0;
        for (const RecordLayout& record : layouts_.records) {
            const auto name = names_.find(record.type);
            if (!needed_[record.type] || name == names_.end())
                continue;
            RecordBuilder builder(layouts_, rules_, request_.where, members);
            ECC_TRY(PlainRecord plain, builder.build(record, name->second.name, name->second.doc_key));
            out.records.push_back(std::move(plain));
        }
        return out;
    }

private:
    struct Name {
        std::string name, doc_key;
    };

    void add_enumerations(PlainTypes& out) const {
        std::unordered_map<TypeId, std::string> aliases;
        for (TypeId id = 0; id < needed_.size(); ++id)
            if (const Type& type = layouts_.graph.at(id); needed_[id] && type.kind == TypeKind::type_def)
                aliases.try_emplace(type.target, type.name);
        for (TypeId id = 0; id < needed_.size(); ++id) {
            const Type& type = layouts_.graph.at(id);
            if (!needed_[id] || type.kind != TypeKind::enumeration)
                continue;
            const auto alias = aliases.find(id);
            const bool has_alias = type.name.empty() && alias != aliases.end();
            out.enumerations.push_back({id, has_alias ? alias->second : type.name, !type.name.empty()});
        }
    }

    void name_records() {
        for (const RecordLayout& record : layouts_.records)
            if (needed_[record.type] && !record.name.empty())
                names_[record.type] = {record.name, doc_key(record)};
        for (const TypeRoot& root : request_.roots)
            if (const RecordLayout* record = layouts_.of(element_type(layouts_.graph, root.type));
                record != nullptr && !root.name.empty())
                names_.try_emplace(record->type, root.name, doc_key(*record));
        std::vector<const RecordLayout*> named;
        for (const RecordLayout& record : layouts_.records)
            if (names_.contains(record.type))
                named.push_back(&record);
        for (const RecordLayout* record : named)
            name_inner(*record, Name(names_.at(record->type)));
    }

    /// The types of members that have none of their own are named by the way that leads to them.
    void name_inner(const RecordLayout& record, const Name& outer) {
        if (seen_[record.type])
            return;
        seen_[record.type] = true;
        for (const MemberLayout& member : record.members) {
            const RecordLayout* inner = layouts_.of(element_type(layouts_.graph, member.type));
            if (inner == nullptr)
                continue;
            if (member.name.empty())
                name_inner(*inner, outer);
            else if (const Name name{outer.name + '.' + member.name, outer.doc_key + '.' + member.name};
                     names_.try_emplace(inner->type, name).second)
                name_inner(*inner, name);
        }
    }

    const TypeRequest& request_;
    const LayoutSet& layouts_;
    const PlainRules& rules_;
    std::vector<bool> needed_; // by type id
    std::vector<bool> seen_;   // by type id: what is in it has names
    std::unordered_map<TypeId, Name> names_;
};

} // namespace

Result<PlainRecord> plain_record(const LayoutSet& layouts, const RecordLayout& record,
                                 const PlainRules& rules, const std::string& where) {
    std::size_t members = 0;
    return RecordBuilder(layouts, rules, where, members).build(record, record.name, {});
}

PlainType plain_type(const LayoutSet& layouts, TypeId id, const PlainRules& rules) {
    const TypeGraph& graph = layouts.graph;
    PlainType plain;
    for (id = graph.resolve(id); graph.at(id).kind == TypeKind::array;
         id = graph.resolve(graph.at(id).target))
        plain.dimensions.push_back(graph.at(id).element_count);
    const Type& type = graph.at(id);
    plain.type = id;
    plain.size = layouts.size_of(id);
    plain.kind =
        layouts.of(id) != nullptr ? PlainKind::record : scalar_plain_kind(type, scalar_kind(graph, id));
    plain.is_signed = type.is_signed;
    if (plain.kind != PlainKind::bytes)
        plain.alignment = std::min(layouts.alignment_of(id), rules.max_alignment);
    return plain;
}

Result<PlainTypes> plain_types(const TypeRequest& request, const PlainRules& rules) {
    return PlainBuilder(request, rules).run();
}

} // namespace ecc
