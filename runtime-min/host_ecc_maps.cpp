// Maps of `ecc_bpf_v1`: their description and their elements.
#include "runtime-min/host_ecc.h"

#include "runtime-min/map_operations.h"
#include "runtime-min/struct_ops_value.h"

namespace ecc {

namespace {

/// libbpf keeps pages of the process for data sections since it opened the object, and takes their number
/// from max_entries when it puts others over them and when it frees them. The layout of an arena's globals
/// depends on it, too. A struct_ops map is one struct; the kernel creates no other.
bool has_fixed_size(const bpf_map* map) {
    const auto type = bpf_map__type(map);
    return bpf_map__is_internal(map) || type == static_cast<bpf_map_type>(arena_map) ||
           type == BPF_MAP_TYPE_STRUCT_OPS;
}

std::size_t initial_size(const MapEntry& map) {
    const std::size_t size = struct_ops_size(map);
    return size != 0 ? size : initial_value(map.map).size();
}

} // namespace

OrErrno<bpf_map*> EccHost::map(ecc_handle_t handle) {
    ECC_TRY(const auto* entry, session_.handles.get<MapEntry>(handle));
    return entry->map;
}

OrErrno<MapEntry*> EccHost::loaded_map(ecc_handle_t handle) {
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    if (!entry->object->loaded())
        return errno_error(EINVAL);
    return entry;
}

/// Maps without keys (queues, bloom filters) have keys of length 0, wherever they are.
OrErrno<ByteView> EccHost::key(Address address, std::uint32_t length) {
    if (length == 0)
        return ByteView{};
    return session_.memory.input(address, length);
}

EccHost::Status EccHost::map_find(ecc_handle_t object, Address name, std::uint32_t name_length) {
    ECC_TRY(const auto text, session_.memory.text(name, name_length));
    return session_.find_map(object, text);
}

EccHost::Status EccHost::map_info(ecc_handle_t handle, Address info) {
    ECC_TRY(const auto* entry, session_.handles.get<MapEntry>(handle));
    const bpf_map* described = entry->map;
    ECC_CHECK(
        session_.memory.fill(info, ecc_map_info{
                                       .size = sizeof(ecc_map_info),
                                       .type = bpf_map__type(described),
                                       .key_size = bpf_map__key_size(described),
                                       .value_size = bpf_map__value_size(described),
                                       .max_entries = bpf_map__max_entries(described),
                                       .flags = bpf_map__map_flags(described),
                                       .value_bytes = map_value_bytes(described),
                                       .initial_bytes = static_cast<std::uint32_t>(initial_size(*entry)),
                                   }));
    return 0;
}

EccHost::Status EccHost::map_lookup(ecc_handle_t handle, Address key_at, std::uint32_t key_length,
                                    Address value, std::uint32_t value_length, std::uint64_t flags) {
    ECC_TRY(const auto* entry, loaded_map(handle));
    ECC_TRY(const auto key_bytes, key(key_at, key_length));
    ECC_TRY(const auto value_bytes, session_.memory.output(value, value_length));
    return lookup_element(entry->map, key_bytes, value_bytes, flags);
}

EccHost::Status EccHost::map_update(ecc_handle_t handle, Address key_at, std::uint32_t key_length,
                                    Address value, std::uint32_t value_length, std::uint64_t flags) {
    ECC_TRY(const auto* entry, loaded_map(handle));
    ECC_TRY(const auto key_bytes, key(key_at, key_length));
    ECC_TRY(const auto value_bytes, session_.memory.input(value, value_length));
    return update_element(session_, *entry, key_bytes, value_bytes, flags);
}

EccHost::Status EccHost::map_delete(ecc_handle_t handle, Address key_at, std::uint32_t key_length,
                                    std::uint64_t flags) {
    ECC_TRY(const auto* entry, loaded_map(handle));
    ECC_TRY(const auto key_bytes, key(key_at, key_length));
    return delete_element(entry->map, key_bytes, flags);
}

EccHost::Status EccHost::map_lookup_and_delete(ecc_handle_t handle, Address key_at, std::uint32_t key_length,
                                               Address value, std::uint32_t value_length,
                                               std::uint64_t flags) {
    ECC_TRY(const auto* entry, loaded_map(handle));
    ECC_TRY(const auto key_bytes, key(key_at, key_length));
    ECC_TRY(const auto value_bytes, session_.memory.output(value, value_length));
    return take_element(entry->map, key_bytes, value_bytes, flags);
}

EccHost::Status EccHost::possible_cpus() {
    return status_of(libbpf_num_possible_cpus());
}

EccHost::Status EccHost::map_next_key(ecc_handle_t handle, Address key_at, Address next,
                                      std::uint32_t key_length) {
    ECC_TRY(const auto* entry, loaded_map(handle));
    ECC_TRY(const auto key_bytes, key(key_at, key_at == 0 ? 0 : key_length));
    ECC_TRY(const auto next_bytes, session_.memory.output(next, key_length));
    return next_key(entry->map, key_bytes, next_bytes);
}

/// An entry whose initial value has that length and may still be read and set.
OrErrno<MapEntry*> EccHost::initial_of(ecc_handle_t handle, std::uint32_t length) {
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    if (entry->object->loaded())
        return errno_error(EBUSY);
    if (length == 0 || initial_size(*entry) != length)
        return errno_error(EINVAL);
    return entry;
}

EccHost::Status EccHost::map_get_initial(ecc_handle_t handle, Address value, std::uint32_t length) {
    ECC_TRY(const auto* entry, initial_of(handle, length));
    if (struct_ops_size(*entry) == 0) {
        ECC_CHECK(session_.memory.copy_out(value, initial_value(entry->map)));
        return 0;
    }
    ECC_TRY(const Bytes bytes, struct_ops_value(session_, *entry));
    ECC_CHECK(session_.memory.copy_out(value, bytes));
    return 0;
}

EccHost::Status EccHost::map_set_initial(ecc_handle_t handle, Address value, std::uint32_t length) {
    ECC_TRY(const auto* entry, initial_of(handle, length));
    ECC_TRY(const auto bytes, session_.memory.input(value, length));
    if (struct_ops_size(*entry) == 0)
        return status_of(bpf_map__set_initial_value(entry->map, bytes.data(), bytes.size()));
    ECC_CHECK(set_struct_ops_value(session_, *entry, bytes));
    return 0;
}

EccHost::Status EccHost::map_set_max_entries(ecc_handle_t handle, std::uint32_t max_entries) {
    ECC_TRY(auto* changed, map(handle));
    if (has_fixed_size(changed))
        return errno_error(EINVAL);
    return status_of(bpf_map__set_max_entries(changed, max_entries));
}

} // namespace ecc
