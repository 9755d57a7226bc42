// A reader of our own rather than btf__new: libbpf takes ids, offsets and counts of struct members,
// parameters and sections on trust and is no boundary against hostile input.

#include "btfgen/type_graph.h"

#include "btfgen/type_checks.h"
#include "btfgen/type_order.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {

namespace {

std::unexpected<Error> malformed(const std::string& where, std::string_view what) {
    return input_error(where, fmt::format("malformed BTF: {}", what),
                       "compile the object or copy the BTF again: it is cut, or was changed");
}

constexpr std::uint32_t header_size = 24;

/// The kernel's BTF_MAX_TYPE, and bounds on what names may cost: many types can share one long name. A kernel
/// has 130,000 types and 8 MB of names.
constexpr std::size_t max_types = 0xfffff;
constexpr std::size_t max_name = 4096;
constexpr std::size_t max_all_names = 64u << 20;

struct Section {
    ByteView types;
    ByteView strings;
};

/// What a kind looks like: the value of `kind` in btf_type.info is the index.
struct KindFormat {
    TypeKind kind;
    std::uint8_t fixed_words; // after the three of btf_type
    std::uint8_t entry_words; // of each of vlen entries
    bool has_target;          // the third word is a type id, otherwise a size
};

constexpr std::array kind_formats = {
    KindFormat{TypeKind::void_type, 0, 0, false},
    KindFormat{TypeKind::integer, 1, 0, false},
    KindFormat{TypeKind::pointer, 0, 0, true},
    KindFormat{TypeKind::array, 3, 0, false},
    KindFormat{TypeKind::structure, 0, 3, false},
    KindFormat{TypeKind::union_type, 0, 3, false},
    KindFormat{TypeKind::enumeration, 0, 2, false},
    KindFormat{TypeKind::forward, 0, 0, false},
    KindFormat{TypeKind::type_def, 0, 0, true},
    KindFormat{TypeKind::volatile_type, 0, 0, true},
    KindFormat{TypeKind::const_type, 0, 0, true},
    KindFormat{TypeKind::restrict_type, 0, 0, true},
    KindFormat{TypeKind::function, 0, 0, true},
    KindFormat{TypeKind::function_prototype, 0, 2, true},
    KindFormat{TypeKind::variable, 1, 0, true},
    KindFormat{TypeKind::data_section, 0, 3, false},
    KindFormat{TypeKind::floating, 0, 0, false},
    KindFormat{TypeKind::declaration_tag, 1, 0, true},
    KindFormat{TypeKind::type_tag, 0, 0, true},
    KindFormat{TypeKind::enumeration, 0, 3, false}, // BTF_KIND_ENUM64
};

class Parser {
public:
    /// `strings` are those of all types that will be read.
    Parser(std::string_view strings, const std::string& where) : where_(where), strings_(strings) {
        graph_.types.emplace_back();
    }

    /// Appends the types of a section. Their ids go on where the section before ended.
    Result<void> read(ByteView types) {
        reader_ = ByteReader(types);
        graph_.first = static_cast<TypeId>(graph_.types.size());
        graph_.types.reserve(graph_.types.size() + std::min(reader_.remaining() / 20, max_types));
        while (!reader_.at_end())
            ECC_CHECK(read_type());
        return {};
    }

    Result<TypeGraph> finish() {
        ECC_CHECK(check_references(graph_, where_));
        ECC_TRY(const auto order, containment_order(graph_, where_));
        apply_narrow_integers();
        ECC_CHECK(check_sizes(graph_, order, where_));
        return std::move(graph_);
    }

private:
    struct NarrowInteger {
        TypeId id;
        std::uint8_t offset;
        std::uint8_t bits;
    };

    /// Before kind_flag, the width and position of a bitfield were those of an integer type made for it.
    void apply_narrow_integers() {
        if (narrow_.empty())
            return;
        for (Type& type : graph_.types)
            for (TypeMember& member : type.members)
                apply_narrow_integer(member);
    }

    void apply_narrow_integer(TypeMember& member) const {
        if (member.bitfield_bits != 0)
            return;
        auto narrow = std::ranges::lower_bound(narrow_, graph_.resolve(member.type), {}, &NarrowInteger::id);
        if (narrow == narrow_.end() || narrow->id != graph_.resolve(member.type))
            return;
        member.offset_bits += narrow->offset;
        member.bitfield_bits = narrow->bits;
    }

    std::unexpected<Error> error(std::string_view what) const {
        return malformed(where_, fmt::format("type [{}]: {}", graph_.types.size(), what));
    }

    /// Names end inside the string section, which ends with NUL.
    Result<std::string> name(std::uint32_t offset) {
        if (offset >= strings_.size())
            return error(fmt::format("name at {} of a string section of {} bytes", offset, strings_.size()));
        const std::string_view text(strings_.data() + offset);
        name_bytes_ += text.size();
        if (text.size() > max_name || name_bytes_ > max_all_names)
            return error(
                fmt::format("names longer than {} bytes, or than {} together", max_name, max_all_names));
        for (char c : text)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
                return error("a control character in its name");
        return std::string(text);
    }

    Result<void> read_type() {
        const std::uint32_t name_offset = reader_.u32();
        const std::uint32_t info = reader_.u32();
        const std::uint32_t size_or_target = reader_.u32();
        const std::uint32_t number = info >> 24 & 0x1f;
        if (!reader_.ok())
            return error("the type section ends within it");
        if (graph_.types.size() > max_types)
            return error(fmt::format("more than {} types", max_types));
        if (number == 0 || number >= kind_formats.size())
            return error(fmt::format("unknown kind {}", number));
        const KindFormat& format = kind_formats[number];
        flag_ = (info >> 31) != 0;
        count_ = format.entry_words != 0 ? info & 0xffff : 0;
        if (reader_.remaining() / 4 < format.fixed_words + std::size_t{count_} * format.entry_words)
            return error("the type section ends within it");

        Type type;
        type.kind = format.kind;
        ECC_TRY(type.name, name(name_offset));
        if (format.has_target)
            type.target = size_or_target;
        else
            type.size = size_or_target;
        ECC_CHECK(read_details(type, format.entry_words));
        graph_.types.push_back(std::move(type));
        return {};
    }

    Result<void> read_details(Type& type, unsigned entry_words) {
        switch (type.kind) {
        case TypeKind::integer:
            return read_integer(type);
        case TypeKind::array:
            read_array(type);
            return {};
        case TypeKind::structure:
        case TypeKind::union_type:
            return read_members(type);
        case TypeKind::enumeration:
            return read_enumerators(type, entry_words == 3);
        case TypeKind::forward:
            type.size = 0;
            type.forward_is_union = flag_;
            return {};
        case TypeKind::function:
            return {};
        case TypeKind::function_prototype:
            return read_parameters(type);
        case TypeKind::variable:
            type.linkage = reader_.u32();
            return {};
        case TypeKind::data_section:
            return read_section(type);
        case TypeKind::floating:
            return check_float(type);
        case TypeKind::declaration_tag:
            type.component = static_cast<std::int32_t>(reader_.u32());
            return {};
        default:
            return {};
        }
    }

    Result<void> read_integer(Type& type) {
        const std::uint32_t data = reader_.u32();
        const std::uint32_t encoding = data >> 24;
        const std::uint32_t offset = data >> 16 & 0xff;
        const std::uint32_t bits = data & 0xff;
        if (type.size == 0 || type.size > 16)
            return error(fmt::format("an integer of {} bytes", type.size));
        if (bits == 0 || offset + bits > type.size * 8)
            return error("an integer with more bits than its bytes hold");
        type.is_signed = (encoding & 1) != 0;
        type.is_char = type.size == 1 && ((encoding & 2) != 0 || type.name == "char");
        type.is_bool = (encoding & 4) != 0;
        // A 1-bit _Bool is still a byte of its own.
        if (bits != type.size * 8 && !type.is_bool)
            narrow_.push_back({static_cast<TypeId>(graph_.types.size()), static_cast<std::uint8_t>(offset),
                               static_cast<std::uint8_t>(bits)});
        return {};
    }

    void read_array(Type& type) {
        type.size = 0;
        type.target = reader_.u32();
        reader_.u32(); // the type of the index
        type.element_count = reader_.u32();
    }

    Result<void> read_members(Type& type) {
        type.members.reserve(count_);
        for (std::uint32_t i = 0; i < count_; ++i) {
            TypeMember& member = type.members.emplace_back();
            ECC_TRY(member.name, name(reader_.u32()));
            member.type = reader_.u32();
            const std::uint32_t offset = reader_.u32();
            member.offset_bits = flag_ ? offset & 0xffffff : offset;
            member.bitfield_bits = flag_ ? offset >> 24 : 0;
        }
        return {};
    }

    Result<void> read_enumerators(Type& type, bool wide) {
        if (type.size != 1 && type.size != 2 && type.size != 4 && type.size != 8)
            return error(fmt::format("an enumeration of {} bytes", type.size));
        type.is_signed = flag_;
        type.enumerators.reserve(count_);
        for (std::uint32_t i = 0; i < count_; ++i) {
            Enumerator& enumerator = type.enumerators.emplace_back();
            ECC_TRY(enumerator.name, name(reader_.u32()));
            const std::uint32_t low = reader_.u32();
            enumerator.value = wide ? std::uint64_t{reader_.u32()} << 32 | low : extend(low);
        }
        return {};
    }

    std::uint64_t extend(std::uint32_t value) const {
        return flag_ ? static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(value)}) : value;
    }

    Result<void> read_parameters(Type& type) {
        type.parameters.reserve(count_);
        for (std::uint32_t i = 0; i < count_; ++i) {
            Parameter& parameter = type.parameters.emplace_back();
            ECC_TRY(parameter.name, name(reader_.u32()));
            parameter.type = reader_.u32();
        }
        return {};
    }

    Result<void> read_section(Type& type) {
        type.variables.reserve(count_);
        for (std::uint32_t i = 0; i < count_; ++i) {
            SectionVariable& variable = type.variables.emplace_back();
            variable.type = reader_.u32();
            variable.offset = reader_.u32();
            variable.size = reader_.u32();
            // An object that no linker has seen yet has sections of size 0.
            if (type.size != 0 && std::uint64_t{variable.offset} + variable.size > type.size)
                return error("a variable lies outside its section");
        }
        return {};
    }

    Result<void> check_float(const Type& type) const {
        constexpr std::array<std::uint64_t, 5> sizes = {2, 4, 8, 12, 16};
        if (std::ranges::find(sizes, type.size) == sizes.end())
            return error(fmt::format("a floating-point number of {} bytes", type.size));
        return {};
    }

    const std::string& where_;
    std::string_view strings_;
    ByteReader reader_{{}};
    TypeGraph graph_;
    std::vector<NarrowInteger> narrow_; // by id
    bool flag_ = false;                 // kind_flag of the type being read
    std::uint32_t count_ = 0;           // its vlen
    std::size_t name_bytes_ = 0;
};

Result<void> check_magic(ByteView btf, const std::string& where) {
    if (btf.size() < header_size)
        return malformed(where, fmt::format("{} bytes are too few for a header", btf.size()));
    if (btf[0] == 0xeb && btf[1] == 0x9f)
        return input_error(where, "big-endian BTF: only 64-bit little-endian targets are supported");
    if (btf[0] != 0x9f || btf[1] != 0xeb)
        return input_error(where, "not BTF: it does not start with the bytes 9f eb");
    if (btf[2] != 1)
        return input_error(where, fmt::format("BTF of version {}, expected 1", btf[2]));
    return {};
}

/// The strings of a blob that adds to another need not start with the empty name.
Result<Section> read_header(ByteView btf, const std::string& where, bool is_split = false) {
    ECC_CHECK(check_magic(btf, where));
    ByteReader reader(btf.subspan(4));
    const std::uint64_t header = reader.u32();
    const std::uint64_t type_offset = header + reader.u32();
    const std::uint64_t type_length = reader.u32();
    const std::uint64_t string_offset = header + reader.u32();
    const std::uint64_t string_length = reader.u32();
    if (header < header_size || type_offset + type_length > btf.size() || type_length % 4 != 0)
        return malformed(where, "the type section lies outside it");
    if ((string_length == 0 && !is_split) || string_offset + string_length > btf.size())
        return malformed(where, "the string section lies outside it");
    const Section section{btf.subspan(type_offset, type_length), btf.subspan(string_offset, string_length)};
    if (!section.strings.empty() && section.strings.back() != 0)
        return malformed(where, "the string section does not end with NUL");
    if (!is_split && section.strings.front() != 0)
        return input_error(where,
                           "split BTF, as kernel modules have, is of no use without that which it adds to",
                           "give the kernel's BTF too: ecc gen types --base-btf");
    return section;
}

bool is_alias(TypeKind kind) {
    return kind == TypeKind::type_def || kind == TypeKind::volatile_type || kind == TypeKind::const_type ||
           kind == TypeKind::restrict_type || kind == TypeKind::type_tag;
}

} // namespace

TypeId TypeGraph::find(TypeKind kind, std::string_view name) const {
    auto found =
        std::ranges::find_if(types, [&](const Type& type) { return type.kind == kind && type.name == name; });
    return found == types.end() ? 0 : static_cast<TypeId>(found - types.begin());
}

TypeId TypeGraph::resolve(TypeId id) const {
    while (is_alias(at(id).kind))
        id = at(id).target;
    return id;
}

Result<TypeGraph> parse_type_graph(ByteView btf, const std::string& where) {
    ECC_TRY(const Section section, read_header(btf, where));
    Parser parser(as_text(section.strings), where);
    ECC_CHECK(parser.read(section.types));
    return parser.finish();
}

Result<TypeGraph> parse_split_type_graph(ByteView btf, const std::string& where, ByteView base,
                                         const std::string& base_where) {
    ECC_TRY(const Section below, read_header(base, base_where));
    ECC_TRY(const Section section, read_header(btf, where, true));
    const std::string strings = std::string(as_text(below.strings)) + std::string(as_text(section.strings));
    Parser parser(strings, where);
    ECC_CHECK(parser.read(below.types));
    ECC_CHECK(parser.read(section.types));
    return parser.finish();
}

} // namespace ecc
