#include "support/type_relocations.h"

#include <cstddef>

namespace ecc {

namespace {

constexpr std::uint32_t magic = 0xeb9f; // BTF_MAGIC
constexpr std::uint32_t header_with_relocations = 8 * sizeof(std::uint32_t);

/// Offset and length of the relocations are the fourth pair of numbers; the two before are function and line
/// information. Offsets start at the header's end. Empty if there are none.
std::optional<ByteReader> relocation_part(ByteView section) {
    ByteReader header(section);
    const auto start = header.u32(); // magic, version, flags
    const auto header_length = header.u32();
    if ((start & 0xffff) != magic || !header.ok())
        return std::nullopt;
    if (header_length < header_with_relocations)
        return ByteReader({});
    header.take(4 * sizeof(std::uint32_t));
    const auto offset = header.u32(), length = header.u32();
    ByteReader part(section);
    part.take(header_length);
    part.take(offset);
    part = part.sub(length);
    return header.ok() && part.ok() ? std::optional(part) : std::nullopt;
}

TypeRelocation read_relocation(ByteReader record) {
    record.take(offsetof(bpf_core_relo, type_id));
    const auto type = record.u32(), access = record.u32();
    return {type, access, static_cast<bpf_core_relo_kind>(record.u32())};
}

} // namespace

std::optional<std::vector<TypeRelocation>> read_type_relocations(ByteView section) {
    auto part = relocation_part(section);
    std::vector<TypeRelocation> relocations;
    if (!part || part->at_end())
        return part ? std::optional(std::move(relocations)) : std::nullopt;
    const auto record_size = part->u32();
    if (record_size < sizeof(bpf_core_relo))
        return std::nullopt;
    while (part->ok() && !part->at_end()) {
        part->u32(); // the name of the section that they are for
        for (auto left = part->u32(); left > 0 && part->ok(); --left)
            relocations.push_back(read_relocation(part->sub(record_size)));
    }
    return part->ok() ? std::optional(std::move(relocations)) : std::nullopt;
}

} // namespace ecc
