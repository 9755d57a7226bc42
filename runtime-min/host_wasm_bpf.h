// The older host interface `wasm_bpf` of eunomia-bpf's wasm-bpf, for modules that were built for it: the same
// six functions, with their semantics, over opaque handles instead of the host's descriptors.
#pragma once

#include "runtime-min/wasm_bpf_poll.h"

namespace ecc {

inline constexpr const char* wasm_bpf_module = "wasm_bpf";
/// Where TinyGo's variant has its poll function, which calls the guest's export `go-callback`.
inline constexpr const char* wasm_bpf_go_module = "callback-wrapper";

class WasmBpfHost {
public:
    explicit WasmBpfHost(Session& session) : session_(session) {}
    /// Tells the user of lost events, for which the interface has no place.
    ~WasmBpfHost();

    Result<> link(wasmtime::Linker& linker);
    std::optional<std::string> take_trap();

private:
    using Address = std::uint32_t;
    using Status = OrErrno<std::int32_t>;
    using Outcome = wasmtime::Result<std::int32_t, wasmtime::Trap>;

    OrErrno<std::int64_t> load_object(Address elf, std::uint32_t length);
    Status close_object(std::int64_t object);
    Status attach_program(std::int64_t object, Address name, Address target);
    Status map_fd_by_name(std::int64_t object, Address name);
    Status map_operate(std::int32_t map, std::int32_t command, Address key, Address value, Address next_key,
                       std::uint64_t flags);

    Outcome buffer_poll(std::int64_t object, std::int32_t map, EventRequest request,
                        const OrErrno<GuestCallback>& callback);

    Session& session_;
    std::map<std::string, std::uint64_t> lost_; ///< by the map's name
    const Diagnostics* diagnostics_ = nullptr;
    bool polling_ = false; ///< a guest's callback runs, which must not poll
};

} // namespace ecc
