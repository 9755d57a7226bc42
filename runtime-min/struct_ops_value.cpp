#include "runtime-min/struct_ops_value.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cstring>

namespace ecc {

namespace {

const btf* types_of(const MapEntry& map) {
    return bpf_object__btf(map.object->get());
}

/// libbpf takes every member that is a pointer for one to a function.
bool is_program(const btf* types, const btf_member& member) {
    const int id = btf__resolve_type(types, member.type);
    return id >= 0 && btf_is_ptr(btf__type_by_id(types, static_cast<std::uint32_t>(id)));
}

/// Offsets of the members that are programs, each of 8 bytes.
std::vector<std::size_t> program_offsets(const MapEntry& map) {
    const btf* types = types_of(map);
    const btf_type* type = btf__type_by_id(types, bpf_map__btf_value_type_id(map.map));
    std::vector<std::size_t> offsets;
    for (std::uint16_t i = 0; i < btf_vlen(type); ++i) {
        const std::size_t offset = btf_member_bit_offset(type, i) / 8;
        if (is_program(types, btf_members(type)[i]) && offset + sizeof(std::uint64_t) <= type->size)
            offsets.push_back(offset);
    }
    return offsets;
}

bool is_of(const BpfObject& object, const bpf_program* wanted) {
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object.get()) if (program == wanted) return true;
    return false;
}

/// What is not a program, such as a number in the source, is none.
OrErrno<std::uint64_t> handle_at(Session& session, const MapEntry& map, const std::uint8_t* place) {
    bpf_program* program = nullptr;
    std::memcpy(&program, place, sizeof program);
    if (!is_of(*map.object, program))
        return 0;
    return session.handle_of({program, map.object});
}

OrErrno<bpf_program*> program_at(Session& session, const MapEntry& map, const std::uint8_t* place) {
    std::uint64_t handle = 0;
    std::memcpy(&handle, place, sizeof handle);
    if (handle == 0)
        return nullptr;
    if (handle > std::numeric_limits<ecc_handle_t>::max())
        return errno_error(EBADF);
    ECC_TRY(const auto* entry, session.handles.get<ProgramEntry>(static_cast<ecc_handle_t>(handle)));
    if (entry->object != map.object)
        return errno_error(EINVAL);
    return entry->program;
}

} // namespace

std::size_t struct_ops_size(const MapEntry& map) {
    if (bpf_map__type(map.map) != BPF_MAP_TYPE_STRUCT_OPS)
        return 0;
    const btf_type* type = btf__type_by_id(types_of(map), bpf_map__btf_value_type_id(map.map));
    return type != nullptr && btf_is_struct(type) ? type->size : 0;
}

OrErrno<Bytes> struct_ops_value(Session& session, const MapEntry& map) {
    const auto* data = static_cast<const std::uint8_t*>(bpf_map__initial_value(map.map, nullptr));
    Bytes value(data, data + struct_ops_size(map));
    for (const std::size_t offset : program_offsets(map)) {
        ECC_TRY(const std::uint64_t handle, handle_at(session, map, data + offset));
        std::memcpy(value.data() + offset, &handle, sizeof handle);
    }
    return value;
}

OrErrno<> set_struct_ops_value(Session& session, const MapEntry& map, ByteView value) {
    if (value.size() != struct_ops_size(map))
        return errno_error(EINVAL);
    Bytes data(value.begin(), value.end());
    for (const std::size_t offset : program_offsets(map)) {
        ECC_TRY(const bpf_program* program, program_at(session, map, value.data() + offset));
        std::memcpy(data.data() + offset, &program, sizeof program);
    }
    std::memcpy(bpf_map__initial_value(map.map, nullptr), data.data(), data.size());
    return {};
}

} // namespace ecc
