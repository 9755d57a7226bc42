#include "runtime-min/host_ecc.h"

#include "runtime-min/linking.h"

namespace ecc {

std::optional<std::string> EccHost::take_trap() {
    if (auto reason = session_.end_reason())
        return reason;
    return std::exchange(trap_, std::nullopt);
}

Result<> EccHost::link(wasmtime::Linker& linker) {
    const auto define = [&](const char* name, auto method) {
        return link_method(linker, ECC_HOST_MODULE, name, *this, method);
    };
#define ECC_HOST_FUNCTION(name) ECC_CHECK(define(#name, &EccHost::name))
    ECC_HOST_FUNCTION(object_open);
    ECC_HOST_FUNCTION(object_open_bytes);
    ECC_HOST_FUNCTION(object_load);
    ECC_HOST_FUNCTION(object_log);
    ECC_HOST_FUNCTION(object_close);
    ECC_HOST_FUNCTION(seal);
    ECC_HOST_FUNCTION(map_find);
    ECC_HOST_FUNCTION(map_info);
    ECC_HOST_FUNCTION(map_lookup);
    ECC_HOST_FUNCTION(map_update);
    ECC_HOST_FUNCTION(map_lookup_and_delete);
    ECC_HOST_FUNCTION(map_delete);
    ECC_HOST_FUNCTION(map_batch);
    ECC_HOST_FUNCTION(possible_cpus);
    ECC_HOST_FUNCTION(map_next_key);
    ECC_HOST_FUNCTION(map_pin);
    ECC_HOST_FUNCTION(map_unpin);
    ECC_HOST_FUNCTION(map_reuse);
    ECC_HOST_FUNCTION(map_get_initial);
    ECC_HOST_FUNCTION(map_set_initial);
    ECC_HOST_FUNCTION(map_set_max_entries);
    ECC_HOST_FUNCTION(map_mmap);
    ECC_HOST_FUNCTION(map_munmap);
    ECC_HOST_FUNCTION(map_sync);
    ECC_HOST_FUNCTION(map_attach);
    ECC_HOST_FUNCTION(program_find);
    ECC_HOST_FUNCTION(program_autoload);
    ECC_HOST_FUNCTION(program_set_autoload);
    ECC_HOST_FUNCTION(program_set_attach_target);
    ECC_HOST_FUNCTION(program_attach);
    ECC_HOST_FUNCTION(link_detach);
    ECC_HOST_FUNCTION(link_update);
    ECC_HOST_FUNCTION(link_pin);
    ECC_HOST_FUNCTION(program_test_run);
    ECC_HOST_FUNCTION(iterator_open);
    ECC_HOST_FUNCTION(iterator_read);
    ECC_HOST_FUNCTION(iterator_close);
    ECC_HOST_FUNCTION(interface_index);
    ECC_HOST_FUNCTION(symbol_at);
    ECC_HOST_FUNCTION(symbol_find);
    ECC_HOST_FUNCTION(process_map_at);
    ECC_HOST_FUNCTION(ringbuf_acquire);
    ECC_HOST_FUNCTION(perfbuf_open);
    ECC_HOST_FUNCTION(perfbuf_acquire);
    ECC_HOST_FUNCTION(perfbuf_close);
    ECC_HOST_FUNCTION(user_ringbuf_reserve);
    ECC_HOST_FUNCTION(user_ringbuf_submit);
    ECC_HOST_FUNCTION(user_ringbuf_discard);
    ECC_HOST_FUNCTION(wait);
    ECC_HOST_FUNCTION(signal_take);
#undef ECC_HOST_FUNCTION
    return {};
}

} // namespace ecc
