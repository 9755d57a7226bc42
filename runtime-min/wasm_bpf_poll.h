// `wasm_bpf_buffer_poll`: events from a ring buffer or a perf event array, each copied into the guest's
// memory and given to a function of the guest.
#pragma once

#include "runtime-min/session.h"

#include <variant>
#include <wasmtime.hh>

namespace ecc {

/// `(i32 context, i32 data, i32 size) -> i32`, exactly.
using GuestCallback = wasmtime::TypedFunc<std::tuple<std::int32_t, std::int32_t, std::int32_t>, std::int32_t>;

/// The function at `index` of the guest's `__indirect_function_table`. -EINVAL: no such table, nothing there,
/// or a function of another type.
OrErrno<GuestCallback> callback_in_table(wasmtime::Caller& caller, std::uint32_t index);
/// The function that the guest exports under this name. -EINVAL as above.
OrErrno<GuestCallback> exported_callback(wasmtime::Caller& caller, std::string_view name);

/// Kept alive by whoever polls it, for the callback may close the map.
using EventBuffer = std::variant<std::shared_ptr<RingBuffer>, std::shared_ptr<PerfReader>>;

/// The map's buffer, opened at the first use. -EINVAL: the map carries no events; -ENOMEM: more buffers than
/// the limits permit.
OrErrno<EventBuffer> event_buffer(Session& session, MapEntry& map);

struct EventRequest {
    wasmtime::Store::Context store;
    std::int32_t context;
    std::uint32_t data;     ///< where the guest wants each event
    std::uint32_t max_size; ///< what does not fit is cut off
    std::int32_t timeout_ms;
    std::uint64_t lost = 0; ///< out: events that found no room in the kernel's buffer
};

/// Waits until there are events and hands over all that are there. Returns how many, 0 after the timeout, the
/// callback's result if that is negative, or a negated errno. The trap is the callback's.
wasmtime::Result<std::int32_t, wasmtime::Trap> poll_events(Session& session, const EventBuffer& buffer,
                                                           const GuestCallback& callback,
                                                           EventRequest& request);

} // namespace ecc
