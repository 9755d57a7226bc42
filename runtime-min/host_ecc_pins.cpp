// Pins of `ecc_bpf_v1`.
#include "runtime-min/host_ecc.h"

#include "runtime-min/map_operations.h"
#include "runtime-min/pinning.h"

#include <bpf/bpf.h>

namespace ecc {

/// Not bpf_map__pin(), which remembers a path even if that fails, and then takes no other.
EccHost::Status EccHost::map_pin(ecc_handle_t handle, Address path, std::uint32_t path_length) {
    ECC_TRY(auto* entry, loaded_map(handle));
    ECC_TRY(const auto text, session_.memory.text(path, path_length));
    ECC_TRY(const auto place, PinPlace::find(entry->object->policy(), text));
    const int map = bpf_map__fd(entry->map);
    if (map < 0)
        return errno_error(EINVAL);
    const auto pinned = place.pin(map);
    if (!pinned && (pinned.error() != -EEXIST || !place.check_holds(map)))
        return errno_error(pinned.error());
    session_.accounts.pin(entry->object);
    return 0;
}

EccHost::Status EccHost::map_unpin(ecc_handle_t handle, Address path, std::uint32_t path_length) {
    ECC_TRY(auto* entry, loaded_map(handle));
    ECC_TRY(const auto text, session_.memory.text(path, path_length));
    ECC_TRY(const auto place, PinPlace::find(entry->object->policy(), text));
    ECC_CHECK(place.unpin(bpf_map__fd(entry->map)));
    return 0;
}

/// The sizes that limits were checked against are the object's: a map of other sizes is not taken.
EccHost::Status EccHost::map_reuse(ecc_handle_t handle, Address path, std::uint32_t path_length) {
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    if (entry->object->loaded())
        return errno_error(EBUSY);
    ECC_TRY(const auto text, session_.memory.text(path, path_length));
    ECC_TRY(const auto place, PinPlace::find(entry->object->policy(), text));
    ECC_TRY(const auto pinned, place.map());
    bpf_map_info info{};
    std::uint32_t size = sizeof info;
    if (bpf_map_get_info_by_fd(pinned.get(), &info, &size) != 0)
        return errno_error(errno);
    if (info.type != bpf_map__type(entry->map) || info.key_size != bpf_map__key_size(entry->map) ||
        info.value_size != bpf_map__value_size(entry->map) ||
        info.max_entries != bpf_map__max_entries(entry->map) ||
        info.map_flags != bpf_map__map_flags(entry->map) || info.map_extra != bpf_map__map_extra(entry->map))
        return errno_error(EINVAL);
    const auto status = status_of(bpf_map__reuse_fd(entry->map, pinned.get()));
    if (status)
        session_.accounts.pin(entry->object);
    return status;
}

EccHost::Status EccHost::link_pin(ecc_handle_t handle, Address path, std::uint32_t path_length) {
    ECC_TRY(auto* entry, session_.handles.get<LinkEntry>(handle));
    ECC_TRY(const auto text, session_.memory.text(path, path_length));
    ECC_TRY(const auto place, PinPlace::find(entry->object->policy(), text));
    const int link = entry->link.fd();
    if (link < 0)
        return errno_error(EOPNOTSUPP);
    ECC_CHECK(place.pin(link));
    session_.note_pin(*entry);
    return 0;
}

} // namespace ecc
