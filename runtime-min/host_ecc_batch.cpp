// Batches of elements of `ecc_bpf_v1`.
#include "runtime-min/host_ecc.h"

#include "runtime-min/map_operations.h"

#include <algorithm>
#include <bpf/bpf.h>

namespace ecc {

namespace {

/// The bytes of a batch in the guest's memory.
struct BatchMemory {
    const void* from = nullptr;
    void* next = nullptr;
    void* keys = nullptr;
    void* values = nullptr;
};

bool is_lookup(std::uint32_t operation) {
    return operation == ECC_BATCH_LOOKUP || operation == ECC_BATCH_LOOKUP_AND_DELETE;
}

/// Memory that libbpf takes as writable though it only reads it.
OrErrno<void*> readable(const GuestMemory& memory, std::uint32_t address, std::uint64_t length) {
    ECC_TRY(const auto bytes, memory.input(address, length));
    return const_cast<std::uint8_t*>(bytes.data());
}

OrErrno<void*> writable(const GuestMemory& memory, std::uint32_t address, std::uint64_t length) {
    ECC_TRY(const auto bytes, memory.output(address, length));
    return bytes.data();
}

OrErrno<BatchMemory> memory_of(const GuestMemory& memory, const bpf_map* map, const ecc_map_batch& batch) {
    const auto key_size = bpf_map__key_size(map);
    // The kernel's cursor: a key, or the number of a hash table's bucket.
    const auto position_size = std::max<std::uint32_t>(key_size, sizeof(std::uint32_t));
    const auto at = is_lookup(batch.operation) ? writable : readable;
    BatchMemory places;
    ECC_TRY(places.keys, at(memory, batch.keys, std::uint64_t{batch.count} * key_size));
    if (batch.operation != ECC_BATCH_DELETE) {
        ECC_TRY(places.values, at(memory, batch.values, std::uint64_t{batch.count} * map_value_bytes(map)));
    }
    if (!is_lookup(batch.operation))
        return places;
    ECC_TRY(places.next, writable(memory, batch.next, position_size));
    if (batch.from != 0) {
        ECC_TRY(places.from, readable(memory, batch.from, position_size));
    }
    return places;
}

int run_batch(int fd, const ecc_map_batch& batch, const BatchMemory& places, std::uint32_t& count) {
    auto* from = const_cast<void*>(places.from);
    LIBBPF_OPTS(bpf_map_batch_opts, options, .elem_flags = batch.flags);
    switch (batch.operation) {
    case ECC_BATCH_LOOKUP:
        return bpf_map_lookup_batch(fd, from, places.next, places.keys, places.values, &count, &options);
    case ECC_BATCH_LOOKUP_AND_DELETE:
        return bpf_map_lookup_and_delete_batch(fd, from, places.next, places.keys, places.values, &count,
                                               &options);
    case ECC_BATCH_UPDATE:
        return bpf_map_update_batch(fd, places.keys, places.values, &count, &options);
    case ECC_BATCH_DELETE:
        return bpf_map_delete_batch(fd, places.keys, &count, &options);
    default:
        return -EINVAL;
    }
}

} // namespace

EccHost::Status EccHost::map_batch(ecc_handle_t handle, Address batch_at, Address done) {
    ECC_TRY(const auto* entry, loaded_map(handle));
    ECC_TRY(const auto batch, session_.memory.options<ecc_map_batch>(batch_at));
    if (batch.operation == ECC_BATCH_UPDATE && holds_descriptors(entry->map))
        return errno_error(EOPNOTSUPP);
    ECC_TRY(const auto places, memory_of(session_.memory, entry->map, batch));
    std::uint32_t count = batch.count;
    ECC_CHECK(session_.memory.output(done, sizeof count));
    const auto status = status_of(run_batch(bpf_map__fd(entry->map), batch, places, count));
    // After some errors the kernel leaves the count as it was.
    if (!status && status.error() == -EFAULT)
        count = 0;
    ECC_CHECK(session_.memory.copy_out(done, {reinterpret_cast<const std::uint8_t*>(&count), sizeof count}));
    return status;
}

} // namespace ecc
