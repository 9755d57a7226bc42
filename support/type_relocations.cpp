#include "support/type_relocations.h"

#include <cstddef>

namespace ecc {

namespace {

/// Offset and length of the relocations, the fourth pair of numbers; the two before are function and line
/// information. Offsets start at the header's end.
ByteReader relocation_part(ByteView section) {
    ByteReader header(section);
    header.u32(); // magic, version, flags
    const auto header_length = header.u32();
    header.take(4 * sizeof(std::uint32_t));
    const auto offset = header.u32(), length = header.u32();
    ByteReader part(section);
    part.take(header_length);
    part.take(offset);
    return header.ok() && part.ok() ? part.sub(length) : ByteReader({});
}

TypeRelocation read_relocation(ByteReader record) {
    record.take(offsetof(bpf_core_relo, type_id));
    const auto type = record.u32();
    record.take(offsetof(bpf_core_relo, kind) - offsetof(bpf_core_relo, access_str_off));
    return {type, static_cast<bpf_core_relo_kind>(record.u32())};
}

} // namespace

std::optional<std::vector<TypeRelocation>> read_type_relocations(ByteView section) {
    auto part = relocation_part(section);
    const auto record_size = part.u32();
    if (record_size < sizeof(bpf_core_relo))
        return std::nullopt;
    std::vector<TypeRelocation> relocations;
    while (part.ok() && !part.at_end()) {
        part.u32(); // the name of the section that they are for
        for (auto left = part.u32(); left > 0 && part.ok(); --left)
            relocations.push_back(read_relocation(part.sub(record_size)));
    }
    return part.ok() ? std::optional(std::move(relocations)) : std::nullopt;
}

} // namespace ecc
