#include "btfgen/btf_check.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <vector>

namespace ecc {

namespace {

constexpr std::string_view blob_hint =
    "Give a BTF file such as /sys/kernel/btf/vmlinux of the target kernel.";

std::unexpected<Error> bad_btf(const std::string& where, std::string what) {
    return input_error(where, std::move(what), std::string(blob_hint));
}

// Names are printed into C text, so nothing that ends a line or a string may be in them. Apart from
// identifiers, BTF holds "long unsigned int", section names, attributes such as "address_space(1)" and the
// paths and generic parameters that other languages put into type names.
//
// A kernel has megabytes of names, so they are looked at 16 bytes at a time.
using Block = std::uint8_t __attribute__((vector_size(16)));

bool are_names(ByteView bytes) {
    Block bad{};
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), sizeof(Block)))) {
        Block c{};
        std::memcpy(&c, bytes.data(), std::min(bytes.size(), sizeof(Block)));
        bad |= (c - 1 < 0x1f) | (c == '"') | (c == '#') | (c == '\\') | (c == '`') | (c == 0x7f);
    }
    return std::bit_cast<unsigned __int128>(bad) == 0;
}

// Twice what the kernel accepts (KSYM_NAME_LEN).
constexpr std::size_t name_limit = 1024;

// A name that is too long leaves a block of half the limit without an end.
bool are_short(ByteView names) {
    constexpr std::size_t block = name_limit / 2;
    for (; names.size() >= block; names = names.subspan(block))
        if (std::memchr(names.data(), 0, block) == nullptr)
            return false;
    return true;
}

Result<void> check_header(ByteView blob, const std::string& where) {
    btf_header header{};
    if (blob.size() < sizeof(header))
        return bad_btf(where, fmt::format("{} bytes are too few for a BTF header", blob.size()));
    std::memcpy(&header, blob.data(), sizeof(header));
    if (header.magic == __builtin_bswap16(BTF_MAGIC))
        return bad_btf(where, "big-endian BTF; only 64-bit little-endian targets are supported");
    if (header.magic != BTF_MAGIC)
        return bad_btf(where,
                       fmt::format("not BTF: it starts with {:#06x}, not {:#06x}", header.magic, BTF_MAGIC));
    if (header.version != BTF_VERSION)
        return bad_btf(where, fmt::format("BTF version {}, expected {}", header.version, BTF_VERSION));
    if (header.hdr_len < sizeof(header) || header.hdr_len % 4 != 0 || header.hdr_len > blob.size())
        return bad_btf(where, fmt::format("BTF header length {} is impossible", header.hdr_len));
    const std::uint64_t body = blob.size() - header.hdr_len;
    if (std::uint64_t(header.type_off) + header.type_len > body ||
        std::uint64_t(header.str_off) + header.str_len > body)
        return bad_btf(
            where, fmt::format("truncated BTF: {} bytes, its header promises {}", blob.size(),
                               header.hdr_len + std::max(std::uint64_t(header.type_off) + header.type_len,
                                                         std::uint64_t(header.str_off) + header.str_len)));
    return {};
}

/// The string section of a blob that check_header accepted.
ByteView strings_of(ByteView blob) {
    btf_header header{};
    std::memcpy(&header, blob.data(), sizeof(header));
    return blob.subspan(header.hdr_len + header.str_off, header.str_len);
}

bool are_all_names(ByteView strings) {
    return are_names(strings) && are_short(strings);
}

Result<void> check_name(std::string_view name, const std::string& where) {
    if (name.size() > name_limit)
        return bad_btf(where, fmt::format("corrupt BTF: a name is longer than {} bytes", name_limit));
    const auto bad =
        std::ranges::find_if_not(as_bytes(name), [](const std::uint8_t& c) { return are_names({&c, 1}); });
    if (bad != as_bytes(name).end())
        return bad_btf(where, fmt::format("corrupt BTF: a name contains the byte {:#04x}", *bad));
    return {};
}

// An object's strings are also the lines of its source (.BTF.ext), which may hold anything. Kernels have
// names only, and millions of uses of them: there one look at the section answers for all.
Result<void> check_names(const btf* types, ByteView strings, const std::string& where) {
    if (are_all_names(strings))
        return {};
    Result<void> outcome;
    for (std::uint32_t id = 1; id < btf__type_cnt(types) && outcome; id++)
        for_each_name(btf__type_by_id(types, id), [&](std::uint32_t offset) {
            const char* name = btf__name_by_offset(types, offset);
            if (outcome && name)
                outcome = check_name(name, where);
        });
    return outcome;
}

// libbpf checks all ids but a function prototype's result.
Result<void> check_results(const btf* types, const std::string& where) {
    const std::uint32_t count = btf__type_cnt(types);
    for (std::uint32_t id = 1; id < count; id++) {
        const btf_type* type = btf__type_by_id(types, id);
        if (btf_is_func_proto(type) && type->type >= count)
            return bad_btf(where,
                           fmt::format("corrupt BTF: type {} returns type {} of {}", id, type->type, count));
    }
    return {};
}

Result<void> check_types(const btf* types, ByteView blob, const std::string& where) {
    ECC_CHECK(check_names(types, strings_of(blob), where));
    return check_results(types, where);
}

} // namespace

Result<BtfHandle> read_btf(ByteView blob, const std::string& where) {
    ECC_CHECK(check_header(blob, where));
    BtfHandle types(btf__new(blob.data(), static_cast<std::uint32_t>(blob.size())));
    if (!types && errno == ENOMEM)
        return environment_error(where, "memory ran out for its types",
                                 "more memory, or a higher limit: ulimit -v");
    if (!types)
        return bad_btf(where, "corrupt BTF: its types do not fit together");
    ECC_CHECK(check_types(types.get(), blob, where));
    return types;
}

Result<BtfHandle> read_running_kernel_btf(const std::string& where) {
    BtfHandle types(btf__load_vmlinux_btf());
    if (!types)
        return environment_error(where, "libbpf cannot read this kernel's BTF");
    ECC_CHECK(check_types(types.get(), raw_btf(types.get()), where));
    return types;
}

ByteView raw_btf(const btf* types) {
    std::uint32_t size = 0;
    const void* data = btf__raw_data(types, &size);
    return {static_cast<const std::uint8_t*>(data), data != nullptr ? size : 0};
}

namespace {

// The deepest nesting in current kernels is below 40; 200 levels of libbpf's printer are within 100 KB of
// stack.
constexpr std::uint32_t depth_limit = 200;
// The largest definition in current kernels expands to some thousand parts.
constexpr std::uint64_t expansion_limit = 1u << 20;
// A whole kernel has about a million.
constexpr std::uint64_t total_limit = 1u << 24;

// libbpf counts bits in an int.
constexpr std::uint32_t record_size_limit = (1u << 28) - 1;
constexpr int alias_limit = 64;

/// What a value of type `id` is made of: beneath typedefs, qualifiers and arrays. Null if these do not end.
const btf_type* value_type(const btf* types, std::uint32_t id) {
    for (int steps = 0; steps < alias_limit; steps++) {
        const btf_type* type = btf__type_by_id(types, id);
        if (btf_is_array(type))
            id = btf_array(type)->type;
        else if (btf_is_typedef(type) || btf_is_mod(type))
            id = type->type;
        else
            return type;
    }
    return nullptr;
}

/// libbpf divides by the alignment of a member, which it derives from these sizes.
bool is_object(const btf_type* type) {
    if (!type)
        return false;
    const bool is_scalar = btf_is_int(type) || btf_is_any_enum(type) || btf_is_float(type);
    return is_scalar ? type->size > 0 : btf_is_ptr(type) || btf_is_composite(type);
}

/// Where a member ends in bits, nothing if it is no object or outside its record.
std::optional<std::uint64_t> member_end(const btf* types, const btf_type* record, std::uint32_t index) {
    const std::uint32_t type = btf_members(record)[index].type;
    const std::int64_t size = btf__resolve_size(types, type);
    if (!is_object(value_type(types, type)) || size < 0 || size > record_size_limit)
        return std::nullopt;
    const std::uint64_t bits = btf_member_bitfield_size(record, index);
    const std::uint64_t end = btf_member_bit_offset(record, index) + (bits ? bits : std::uint64_t(size) * 8);
    return end <= std::uint64_t(record->size) * 8 ? std::optional(end) : std::nullopt;
}

/// How many members libbpf inserts to fill a gap: at most one per 8 bytes and two at its ends.
std::uint64_t padding_parts(std::uint64_t end, std::uint64_t next) {
    return next > end ? (next - end) / 64 + 2 : 0;
}

// Walks the types as btf_dump does. A named struct is a definition of its own: through a pointer it ends the
// walk, by value it adds depth but not text.
class PrintCheck {
public:
    PrintCheck(const btf* types, const std::string& where)
        : types_(types), where_(where), marks_(btf__type_cnt(types)) {}

    Result<void> check_all() {
        for (std::uint32_t id = 1; id < marks_.size(); id++)
            ECC_CHECK(visit(id, false, 0));
        return check_total();
    }

private:
    struct Mark {
        bool open[2] = {};
        bool done[2] = {};
        std::uint32_t depth[2] = {};
        std::uint64_t parts[2] = {1, 1};
    };

    Result<void> check_total() const {
        std::uint64_t total = 0;
        for (std::uint32_t id = 1; id < marks_.size(); id++)
            if (const btf_type* type = btf__type_by_id(types_, id);
                is_definition(type) || btf_is_typedef(type))
                total += marks_[id].parts[0];
        if (total > total_limit)
            return bad_btf(where_,
                           fmt::format("these types expand to {} parts, more than {}", total, total_limit));
        return {};
    }

    /// What `type` alone is printed as, padding included.
    Result<std::uint64_t> own_parts(const btf_type* type) const {
        if (!btf_is_composite(type))
            return btf_is_any_enum(type) ? 1 + btf_vlen(type) : 1;
        if (type->size > record_size_limit)
            return bad_btf(where_, fmt::format("{} has {} bytes", describe(type), type->size));
        std::uint64_t parts = 1;
        std::uint64_t end = 0;
        for (std::uint32_t i = 0; i < btf_vlen(type); i++) {
            const auto next_end = member_end(types_, type, i);
            if (!next_end)
                return bad_btf(where_, fmt::format("corrupt BTF: member {} of {} is no object inside it",
                                                   i + 1, describe(type)));
            if (btf_is_struct(type))
                parts += padding_parts(end, btf_member_bit_offset(type, i));
            end = *next_end;
        }
        return btf_is_struct(type) ? parts + padding_parts(end, std::uint64_t(type->size) * 8) : parts;
    }

    bool is_definition(const btf_type* type) const { return btf_is_composite(type) && type->name_off != 0; }

    std::string describe(const btf_type* type) const {
        const char* name = btf__name_by_offset(types_, type->name_off);
        return name && *name ? fmt::format("type '{}'", name) : std::string("an unnamed type");
    }

    Result<void> visit(std::uint32_t id, bool through_pointer, std::uint32_t level) {
        const btf_type* type = btf__type_by_id(types_, id);
        Mark& mark = marks_[id];
        if (id == 0 || mark.done[through_pointer] || (through_pointer && is_definition(type)))
            return {};
        if (mark.open[through_pointer])
            return bad_btf(where_, fmt::format("corrupt BTF: {} contains itself", describe(type)));
        if (level > depth_limit)
            return bad_btf(where_,
                           fmt::format("{} is nested more than {} levels deep", describe(type), depth_limit));
        mark.open[through_pointer] = true;
        ECC_CHECK(visit_parts(type, mark, through_pointer, level));
        mark.open[through_pointer] = false;
        mark.done[through_pointer] = true;
        if (level + mark.depth[through_pointer] > depth_limit)
            return bad_btf(where_,
                           fmt::format("{} is nested more than {} levels deep", describe(type), depth_limit));
        if (mark.parts[through_pointer] > expansion_limit)
            return bad_btf(where_,
                           fmt::format("{} expands to more than {} parts", describe(type), expansion_limit));
        return {};
    }

    Result<void> visit_parts(const btf_type* type, Mark& mark, bool through_pointer, std::uint32_t level) {
        ECC_TRY(std::uint64_t parts, own_parts(type));
        std::uint32_t depth = 0;
        Result<void> outcome;
        const bool weak =
            btf_is_ptr(type) || (through_pointer && !btf_is_composite(type) && !btf_is_array(type));
        for_each_reference(type, [&](std::uint32_t part) {
            if (outcome)
                outcome = visit(part, weak, level + 1);
            if (!outcome)
                return;
            const btf_type* part_type = btf__type_by_id(types_, part);
            depth = std::max(depth, marks_[part].depth[weak] + 1);
            parts += is_definition(part_type) || btf_is_typedef(part_type) ? 1 : marks_[part].parts[weak];
        });
        mark.depth[through_pointer] = depth;
        mark.parts[through_pointer] = std::min(parts, expansion_limit + 1);
        return outcome;
    }

    const btf* types_;
    const std::string& where_;
    std::vector<Mark> marks_;
};

} // namespace

Result<void> check_printable(const btf* types, const std::string& where) {
    return PrintCheck(types, where).check_all();
}

} // namespace ecc
