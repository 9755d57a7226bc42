#include "runtime-min/map_operations.h"

#include "packager/package/object_facts.h"

namespace ecc {

namespace {

bool holds_host_descriptors(MapType type) {
    switch (type) {
    case BPF_MAP_TYPE_STRUCT_OPS:
    case BPF_MAP_TYPE_PROG_ARRAY:
    case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
    case BPF_MAP_TYPE_CGROUP_ARRAY:
    case BPF_MAP_TYPE_DEVMAP:
    case BPF_MAP_TYPE_DEVMAP_HASH:
    case BPF_MAP_TYPE_CPUMAP:
    case BPF_MAP_TYPE_SOCKMAP:
    case BPF_MAP_TYPE_SOCKHASH:
    case BPF_MAP_TYPE_XSKMAP:
    case BPF_MAP_TYPE_REUSEPORT_SOCKARRAY:
        return true;
    default:
        return false;
    }
}

/// BPF_MAP_TYPE_CGRP_STORAGE since Linux 6.2; the machine's own header may be older.
constexpr MapType cgroup_storage = 32;

/// Local storage: keys are the host's descriptors of processes, sockets, files or cgroups.
bool has_descriptor_keys(MapType type) {
    return type == BPF_MAP_TYPE_TASK_STORAGE || type == BPF_MAP_TYPE_SK_STORAGE ||
           type == BPF_MAP_TYPE_INODE_STORAGE || type == cgroup_storage;
}

bool holds_maps(MapType type) {
    return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/// The map whose handle the value is.
OrErrno<const MapEntry*> inner_map(Session& session, ByteView value) {
    if (value.size() != sizeof(ecc_handle_t))
        return errno_error(EINVAL);
    ecc_handle_t handle = 0;
    std::memcpy(&handle, value.data(), sizeof handle);
    return session.handles.get<MapEntry>(handle);
}

OrErrno<std::int32_t> update(const bpf_map* map, ByteView key, ByteView value, std::uint64_t flags) {
    return status_of(bpf_map__update_elem(map, key.data(), key.size(), value.data(), value.size(), flags));
}

} // namespace

OrErrno<std::int32_t> status_of(int libbpf_result) {
    if (libbpf_result < 0)
        return errno_error(linux_errno(libbpf_result));
    return libbpf_result;
}

bool holds_descriptors(const bpf_map* map) {
    return holds_host_descriptors(bpf_map__type(map)) || holds_maps(bpf_map__type(map));
}

OrErrno<std::int32_t> lookup_element(const bpf_map* map, ByteView key, std::span<std::uint8_t> value,
                                     std::uint64_t flags) {
    if (has_descriptor_keys(bpf_map__type(map)))
        return errno_error(EOPNOTSUPP);
    return status_of(bpf_map__lookup_elem(map, key.data(), key.size(), value.data(), value.size(), flags));
}

OrErrno<std::int32_t> update_element(Session& session, const MapEntry& entry, ByteView key, ByteView value,
                                     std::uint64_t flags) {
    const MapType type = bpf_map__type(entry.map);
    if (holds_host_descriptors(type) || has_descriptor_keys(type))
        return errno_error(EOPNOTSUPP);
    if (!holds_maps(type))
        return update(entry.map, key, value, flags);
    ECC_TRY(const auto* inner, inner_map(session, value));
    const std::int32_t fd = bpf_map__fd(inner->map);
    auto status = update(entry.map, key, {reinterpret_cast<const std::uint8_t*>(&fd), sizeof fd}, flags);
    if (status)
        session.accounts.add_hold(entry.object, inner->object);
    return status;
}

OrErrno<std::int32_t> take_element(const bpf_map* map, ByteView key, std::span<std::uint8_t> value,
                                   std::uint64_t flags) {
    if (has_descriptor_keys(bpf_map__type(map)))
        return errno_error(EOPNOTSUPP);
    return status_of(
        bpf_map__lookup_and_delete_elem(map, key.data(), key.size(), value.data(), value.size(), flags));
}

OrErrno<std::int32_t> delete_element(const bpf_map* map, ByteView key, std::uint64_t flags) {
    if (has_descriptor_keys(bpf_map__type(map)))
        return errno_error(EOPNOTSUPP);
    return status_of(bpf_map__delete_elem(map, key.data(), key.size(), flags));
}

OrErrno<std::int32_t> next_key(const bpf_map* map, ByteView key, std::span<std::uint8_t> next) {
    return status_of(
        bpf_map__get_next_key(map, key.empty() ? nullptr : key.data(), next.data(), next.size()));
}

ByteView initial_value(const bpf_map* map) {
    if (!bpf_map__is_internal(map))
        return {};
    std::size_t size = 0;
    const void* value = bpf_map__initial_value(map, &size);
    if (value == nullptr)
        return {};
    return {static_cast<const std::uint8_t*>(value), size};
}

} // namespace ecc
