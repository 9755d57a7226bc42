#include "runtime-min/host_wasm_bpf.h"

#include "runtime-min/attach_section.h"
#include "runtime-min/attach_target.h"
#include "runtime-min/linking.h"
#include "runtime-min/map_operations.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

/// The commands of wasm_bpf_map_operate are those of bpf(2).
enum Command : std::int32_t { lookup = 1, update = 2, erase = 3, get_next_key = 4 };

/// Handles are 64-bit numbers in this interface.
ecc_handle_t narrow(std::int64_t handle) {
    return handle >= ECC_HANDLE_FIRST && handle <= INT32_MAX ? static_cast<ecc_handle_t>(handle) : 0;
}

} // namespace

WasmBpfHost::~WasmBpfHost() {
    for (const auto& [map, count] : lost_)
        diagnostics_->warning(
            "", fmt::format("{} events of map '{}' were lost because they came too fast", count, map));
}

std::optional<std::string> WasmBpfHost::take_trap() {
    // These guests know nothing of signals: their loops would go on after an error.
    return session_.end_reason();
}

Result<> WasmBpfHost::link(wasmtime::Linker& linker) {
    const auto define = [&](const char* name, auto method) {
        return link_method(linker, wasm_bpf_module, name, *this, method);
    };
    ECC_CHECK(define("wasm_load_bpf_object", &WasmBpfHost::load_object));
    ECC_CHECK(define("wasm_close_bpf_object", &WasmBpfHost::close_object));
    ECC_CHECK(define("wasm_attach_bpf_program", &WasmBpfHost::attach_program));
    ECC_CHECK(define("wasm_bpf_map_fd_by_name", &WasmBpfHost::map_fd_by_name));
    ECC_CHECK(define("wasm_bpf_map_operate", &WasmBpfHost::map_operate));
    auto poll = [this](wasmtime::Caller caller, std::int64_t object, std::int32_t map, std::uint32_t callback,
                       std::int32_t context, std::uint32_t data, std::uint32_t max_size,
                       std::int32_t timeout_ms) {
        const EventRequest request{caller.context(), context, data, max_size, timeout_ms};
        return buffer_poll(object, map, request, callback_in_table(caller, callback));
    };
    auto poll_go = [this](wasmtime::Caller caller, std::int64_t object, std::int32_t map,
                          std::int32_t context, std::uint32_t data, std::uint32_t max_size,
                          std::int32_t timeout_ms) {
        const EventRequest request{caller.context(), context, data, max_size, timeout_ms};
        return buffer_poll(object, map, request, exported_callback(caller, "go-callback"));
    };
    auto defined = linker.func_wrap(wasm_bpf_module, "wasm_bpf_buffer_poll", std::move(poll));
    if (defined)
        defined = linker.func_wrap(wasm_bpf_go_module, "wasm_bpf_buffer_poll", std::move(poll_go));
    if (!defined)
        return environment_error("", "cannot define wasm_bpf_buffer_poll: " + defined.err().message());
    return {};
}

/// The interface has no room for an errno here: 0 is failure.
OrErrno<std::int64_t> WasmBpfHost::load_object(Address elf, std::uint32_t length) {
    const auto handle = session_.open_bytes(elf, length, 0);
    if (!handle)
        return 0;
    if (session_.load(*handle))
        return *handle;
    std::ignore = session_.close_object(*handle);
    return 0;
}

WasmBpfHost::Status WasmBpfHost::close_object(std::int64_t object) {
    ECC_CHECK(session_.close_object(narrow(object)));
    return 0;
}

WasmBpfHost::Status WasmBpfHost::attach_program(std::int64_t object, Address name, Address target) {
    ECC_TRY(const auto text, session_.memory.c_string(name));
    AttachRequest request;
    if (target != 0) {
        ECC_TRY(request.target, session_.memory.c_string(target));
    }
    ECC_TRY(const auto handle, session_.find_program(narrow(object), text));
    ECC_TRY(const auto* program, session_.handles.get<ProgramEntry>(handle));
    if (!request.target.empty())
        request.kind = kind_with_target(facts_of(program->program));
    ECC_CHECK(session_.attach(*program, request));
    return 0;
}

WasmBpfHost::Status WasmBpfHost::map_fd_by_name(std::int64_t object, Address name) {
    ECC_TRY(const auto text, session_.memory.c_string(name));
    ECC_TRY(const auto handle, session_.find_map(narrow(object), text));
    ECC_TRY(auto* entry, session_.handles.get<MapEntry>(handle));
    // A perf event array takes no samples before somebody has opened it, so not only at the first poll.
    if (bpf_map__type(entry->map) == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
        std::ignore = event_buffer(session_, *entry);
    return handle;
}

WasmBpfHost::Status WasmBpfHost::map_operate(std::int32_t handle, std::int32_t command, Address key,
                                             Address value, Address next, std::uint64_t flags) {
    ECC_TRY(const auto* entry, session_.handles.get<MapEntry>(handle));
    const auto* map = entry->map;
    const auto& memory = session_.memory;
    const auto key_size = bpf_map__key_size(map);
    if (command == get_next_key) {
        ECC_TRY(const auto next_bytes, memory.output(next, key_size));
        ECC_TRY(const auto key_bytes, memory.input(key, key == 0 ? 0 : key_size));
        return next_key(map, key_bytes, next_bytes);
    }
    if (command != lookup && command != update && command != erase)
        return errno_error(EINVAL);
    ECC_TRY(const auto key_bytes, memory.input(key, key_size));
    if (command == erase)
        return delete_element(map, key_bytes, flags);
    if (command == lookup) {
        ECC_TRY(const auto value_bytes, memory.output(value, map_value_bytes(map)));
        return lookup_element(map, key_bytes, value_bytes, flags);
    }
    ECC_TRY(const auto value_bytes, memory.input(value, map_value_bytes(map)));
    return update_element(session_, *entry, key_bytes, value_bytes, flags);
}

WasmBpfHost::Outcome WasmBpfHost::buffer_poll(std::int64_t object, std::int32_t map, EventRequest request,
                                              const OrErrno<GuestCallback>& callback) {
    if (const auto known = session_.object(narrow(object)); !known)
        return known.error();
    const auto entry = session_.handles.get<MapEntry>(map);
    if (!entry)
        return entry.error();
    if (polling_)
        return -EBUSY;
    if (!callback)
        return callback.error();
    const auto buffer = event_buffer(session_, **entry);
    if (!buffer)
        return buffer.error();
    // The callback may close the map.
    const std::string name = bpf_map__name((*entry)->map);
    const auto* diagnostics = (*entry)->object->policy().diagnostics;
    polling_ = true;
    auto outcome = poll_events(session_, *buffer, *callback, request);
    polling_ = false;
    if (request.lost != 0) {
        lost_[name] += request.lost;
        diagnostics_ = diagnostics;
    }
    if (auto trap = take_trap())
        return wasmtime::Trap(*trap);
    return outcome;
}

} // namespace ecc
