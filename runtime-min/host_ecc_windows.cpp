// Windows of `ecc_bpf_v1`.
#include "runtime-min/host_ecc.h"

#include <algorithm>
#include <atomic>

namespace ecc {

namespace {

/// Elements of an mmapable array are this far apart (kernel/bpf/arraymap.c).
std::uint32_t element_stride(const bpf_map* map) {
    return (bpf_map__value_size(map) + 7) & ~7u;
}

bool is_mmapable(const bpf_map* map) {
    return bpf_map__type(map) == BPF_MAP_TYPE_ARRAY && (bpf_map__map_flags(map) & BPF_F_MMAPABLE) != 0;
}

std::uint32_t mode_of(const auto& window) {
    return window.is_copy() ? ECC_MMAP_COPY : ECC_MMAP_ZERO_COPY;
}

} // namespace

OrErrno<ecc_mmap_info> EccHost::open_ring_window(MapEntry& entry, const WindowPlace& place) {
    const auto max_entries = bpf_map__max_entries(entry.map);
    const auto data_size = 2 * std::uint64_t{max_entries};
    ECC_CHECK(check_window(session_.memory, place, data_size));
    ECC_TRY(auto window,
            RingWindow::open(place, session_.memory, session_.guard, bpf_map__fd(entry.map), max_entries));
    const auto mode = mode_of(window);
    entry.consumer.emplace<RingWindow>(std::move(window));
    return ecc_mmap_info{
        .size = sizeof(ecc_mmap_info), .mode = mode, .data_size = static_cast<std::uint32_t>(data_size)};
}

OrErrno<ecc_mmap_info> EccHost::open_array_window(MapEntry& entry, const WindowPlace& place, bool writable) {
    const auto stride = element_stride(entry.map);
    const auto data_size = std::uint64_t{bpf_map__max_entries(entry.map)} * stride;
    ECC_CHECK(check_window(session_.memory, place, data_size));
    const auto size = static_cast<std::uint32_t>(data_size);
    const auto access = writable ? ArrayWindow::Access::write : ArrayWindow::Access::read;
    ECC_TRY(auto window,
            ArrayWindow::open(place, session_.memory, session_.guard, bpf_map__fd(entry.map), size, access));
    const auto mode = mode_of(window);
    entry.consumer.emplace<ArrayWindow>(std::move(window));
    return ecc_mmap_info{
        .size = sizeof(ecc_mmap_info), .mode = mode, .data_size = size, .element_stride = stride};
}

OrErrno<ecc_mmap_info> EccHost::open_window(MapEntry& entry, const WindowPlace& place, bool writable) {
    if (bpf_map__type(entry.map) == BPF_MAP_TYPE_RINGBUF)
        return open_ring_window(entry, place);
    if (is_mmapable(entry.map))
        return open_array_window(entry, place, writable);
    return errno_error(EOPNOTSUPP);
}

EccHost::Status EccHost::map_mmap(ecc_handle_t handle, Address window, std::uint32_t length,
                                  std::uint32_t flags, Address info) {
    ECC_TRY(auto* entry, loaded_map(handle));
    const WindowPlace place{window, length};
    if (!std::holds_alternative<std::monostate>(entry->consumer))
        return errno_error(EBUSY);
    if ((flags & ~std::uint32_t{ECC_MMAP_WRITE}) != 0 || session_.window_taken(place))
        return errno_error(EINVAL);
    ECC_TRY(const auto opened, open_window(*entry, place, (flags & ECC_MMAP_WRITE) != 0));
    if (const auto filled = session_.memory.fill(info, opened); !filled) {
        entry->consumer = std::monostate{};
        return std::unexpected(filled.error());
    }
    return 0;
}

EccHost::Status EccHost::map_munmap(ecc_handle_t handle) {
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    const auto* place = Session::place_of(*entry);
    if (place == nullptr)
        return errno_error(EINVAL);
    const auto freed = *place;
    entry->consumer = std::monostate{};
    ECC_TRY(const auto window, session_.memory.output(freed.address, freed.length));
    std::ranges::fill(window, 0);
    return 0;
}

EccHost::Status EccHost::map_sync(ecc_handle_t handle) {
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    if (Session::place_of(*entry) == nullptr)
        return errno_error(EINVAL);
    if (auto* array = std::get_if<ArrayWindow>(&entry->consumer))
        ECC_CHECK(array->sync(session_.memory));
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return 0;
}

} // namespace ecc
