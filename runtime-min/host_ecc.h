// The host interface `ecc_bpf_v1` (guest/c/include/ecc/host.h), function by function.
#pragma once

#include "runtime-min/session.h"

namespace wasmtime {
class Linker;
}

namespace ecc {

class EccHost {
public:
    explicit EccHost(Session& session) : session_(session) {}

    /// Defines every function of the interface.
    Result<> link(wasmtime::Linker& linker);
    /// Set when the guest broke a rule that is not answered with an errno, or is to end.
    std::optional<std::string> take_trap();

private:
    using Address = std::uint32_t;
    using Status = OrErrno<std::int32_t>;

    // Objects.
    Status object_open(Address name, std::uint32_t name_length, Address opts);
    Status object_open_bytes(Address elf, std::uint32_t elf_length, Address opts);
    Status object_load(ecc_handle_t object);
    Status object_log(ecc_handle_t object, Address text, std::uint32_t length);
    Status object_close(ecc_handle_t object);
    Status seal();

    // Maps.
    Status map_find(ecc_handle_t object, Address name, std::uint32_t name_length);
    Status map_info(ecc_handle_t map, Address info);
    Status map_lookup(ecc_handle_t map, Address key, std::uint32_t key_length, Address value,
                      std::uint32_t value_length, std::uint64_t flags);
    Status map_update(ecc_handle_t map, Address key, std::uint32_t key_length, Address value,
                      std::uint32_t value_length, std::uint64_t flags);
    Status map_lookup_and_delete(ecc_handle_t map, Address key, std::uint32_t key_length, Address value,
                                 std::uint32_t value_length, std::uint64_t flags);
    Status map_delete(ecc_handle_t map, Address key, std::uint32_t key_length, std::uint64_t flags);
    Status map_next_key(ecc_handle_t map, Address key, Address next, std::uint32_t key_length);
    Status map_batch(ecc_handle_t map, Address batch, Address done);
    Status possible_cpus();
    Status map_pin(ecc_handle_t map, Address path, std::uint32_t path_length);
    Status map_unpin(ecc_handle_t map, Address path, std::uint32_t path_length);
    Status map_reuse(ecc_handle_t map, Address path, std::uint32_t path_length);
    Status map_get_initial(ecc_handle_t map, Address value, std::uint32_t length);
    Status map_set_initial(ecc_handle_t map, Address value, std::uint32_t length);
    Status map_set_max_entries(ecc_handle_t map, std::uint32_t max_entries);

    // Windows.
    Status map_mmap(ecc_handle_t map, Address window, std::uint32_t length, std::uint32_t flags,
                    Address info);
    Status map_munmap(ecc_handle_t map);
    Status map_sync(ecc_handle_t map);
    Status map_attach(ecc_handle_t map);

    // Programs.
    Status program_find(ecc_handle_t object, Address name, std::uint32_t name_length);
    Status program_autoload(ecc_handle_t program);
    Status program_set_autoload(ecc_handle_t program, std::int32_t autoload);
    Status program_set_attach_target(ecc_handle_t program, ecc_handle_t target, Address function,
                                     std::uint32_t function_length);
    Status program_attach(ecc_handle_t program, Address opts);
    Status link_detach(ecc_handle_t link);
    Status link_update(ecc_handle_t link, ecc_handle_t program);
    Status link_pin(ecc_handle_t link, Address path, std::uint32_t path_length);
    Status program_test_run(ecc_handle_t program, Address run, Address result);
    Status iterator_open(ecc_handle_t link);
    Status iterator_read(ecc_handle_t iterator, Address bytes, std::uint32_t length);
    Status iterator_close(ecc_handle_t iterator);
    Status interface_index(Address name, std::uint32_t name_length);

    // Kernel symbols and process maps.
    Status symbol_at(std::uint64_t address, Address name, std::uint32_t length, Address start);
    Status symbol_find(Address name, std::uint32_t name_length, Address address);
    Status process_map_at(std::int32_t pid, std::uint64_t address, Address name, std::uint32_t length,
                          Address start, Address offset);

    // Events, waiting and signals.
    OrErrno<std::int64_t> ringbuf_acquire(ecc_handle_t map, std::uint32_t consumed, std::int32_t timeout_ms);
    Status perfbuf_open(ecc_handle_t map, std::uint32_t pages);
    Status perfbuf_acquire(ecc_handle_t map, Address records, std::uint32_t length, std::int32_t timeout_ms);
    Status perfbuf_close(ecc_handle_t map);
    Status user_ringbuf_reserve(ecc_handle_t map, std::uint32_t size, std::int32_t timeout_ms);
    Status user_ringbuf_submit(ecc_handle_t map, std::int32_t slot, Address sample, std::uint32_t length);
    Status user_ringbuf_discard(ecc_handle_t map, std::int32_t slot);
    Status wait(Address items, std::uint32_t count, std::int32_t timeout_ms);
    Status signal_take();

    OrErrno<bpf_map*> map(ecc_handle_t handle);
    OrErrno<MapEntry*> loaded_map(ecc_handle_t handle);
    OrErrno<MapEntry*> initial_of(ecc_handle_t handle, std::uint32_t length);
    OrErrno<std::shared_ptr<PerfReader>> perf_reader(ecc_handle_t handle);
    OrErrno<UserRing*> user_ring(ecc_handle_t handle);
    OrErrno<ByteView> key(Address address, std::uint32_t length);
    OrErrno<ecc_mmap_info> open_ring_window(MapEntry& entry, const WindowPlace& place);
    OrErrno<ecc_mmap_info> open_array_window(MapEntry& entry, const WindowPlace& place, bool writable);
    OrErrno<ecc_mmap_info> open_window(MapEntry& entry, const WindowPlace& place, bool writable);

    Session& session_;
    std::optional<std::string> trap_;
};

} // namespace ecc
