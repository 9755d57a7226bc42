// Objects, programs and links of `ecc_bpf_v1`.
#include "runtime-min/host_ecc.h"

#include <net/if.h>

namespace ecc {

EccHost::Status EccHost::object_open(Address name, std::uint32_t name_length, Address opts) {
    ECC_TRY(const auto text, session_.memory.text(name, name_length));
    ECC_TRY(const auto options, session_.memory.options<ecc_object_opts>(opts));
    return session_.open_packaged(text, options.log_level);
}

EccHost::Status EccHost::object_open_bytes(Address elf, std::uint32_t elf_length, Address opts) {
    ECC_TRY(const auto options, session_.memory.options<ecc_object_opts>(opts));
    return session_.open_bytes(elf, elf_length, options.log_level);
}

EccHost::Status EccHost::object_load(ecc_handle_t handle) {
    ECC_CHECK(session_.load(handle));
    return 0;
}

EccHost::Status EccHost::object_log(ecc_handle_t handle, Address text, std::uint32_t length) {
    ECC_TRY(auto* object, session_.object(handle));
    ECC_TRY(const auto room, session_.memory.output(text, length));
    const std::string_view log = object->read_log();
    const auto end = log.substr(log.size() - std::min<std::size_t>(log.size(), length));
    std::ranges::copy(end, room.begin());
    return static_cast<std::int32_t>(end.size());
}

EccHost::Status EccHost::object_close(ecc_handle_t handle) {
    ECC_CHECK(session_.close_object(handle));
    return 0;
}

EccHost::Status EccHost::seal() {
    ECC_CHECK(session_.seal());
    return 0;
}

EccHost::Status EccHost::program_find(ecc_handle_t object, Address name, std::uint32_t name_length) {
    ECC_TRY(const auto text, session_.memory.text(name, name_length));
    return session_.find_program(object, text);
}

EccHost::Status EccHost::program_autoload(ecc_handle_t handle) {
    ECC_TRY(const auto* program, session_.handles.get<ProgramEntry>(handle));
    return bpf_program__autoload(program->program) ? 1 : 0;
}

EccHost::Status EccHost::program_set_autoload(ecc_handle_t handle, std::int32_t autoload) {
    ECC_TRY(const auto* program, session_.handles.get<ProgramEntry>(handle));
    const int error = bpf_program__set_autoload(program->program, autoload != 0);
    if (error != 0)
        return errno_error(linux_errno(error));
    return 0;
}

EccHost::Status EccHost::program_set_attach_target(ecc_handle_t handle, ecc_handle_t target_handle,
                                                   Address function, std::uint32_t function_length) {
    ECC_TRY(const auto* program, session_.handles.get<ProgramEntry>(handle));
    ECC_TRY(const auto name, session_.memory.text(function, function_length));
    if (target_handle == 0) {
        ECC_CHECK(session_.set_attach_function(*program, name));
        return 0;
    }
    ECC_TRY(const auto* target, session_.handles.get<ProgramEntry>(target_handle));
    ECC_CHECK(set_attach_target(*program->object, program->program, target->program, name));
    session_.accounts.add_hold(program->object, target->object);
    return 0;
}

EccHost::Status EccHost::program_attach(ecc_handle_t handle, Address opts) {
    ECC_TRY(const auto* program, session_.handles.get<ProgramEntry>(handle));
    ECC_TRY(const auto options, session_.memory.options<ecc_attach_opts>(opts));
    AttachRequest request{.kind = options.kind,
                          .ifindex = options.ifindex,
                          .flags = options.flags,
                          .cookie = options.cookie,
                          .offset = options.offset,
                          .pid = options.pid,
                          .cpu = options.cpu,
                          .priority = options.priority,
                          .hook = options.hook,
                          .family = options.family,
                          .perf_type = options.perf_type,
                          .perf_config = options.perf_config,
                          .perf_period = options.perf_period};
    if (options.map != 0) {
        ECC_TRY(const auto* entry, loaded_map(options.map));
        request.map_fd = bpf_map__fd(entry->map);
        session_.accounts.add_hold(program->object, entry->object);
    }
    if (options.target != 0) {
        ECC_TRY(request.target, session_.memory.text(options.target, options.target_length));
    }
    if (options.function != 0) {
        ECC_TRY(request.function, session_.memory.text(options.function, options.function_length));
    }
    return session_.attach(*program, request);
}

EccHost::Status EccHost::map_attach(ecc_handle_t handle) {
    ECC_TRY(const auto* map, session_.handles.get<MapEntry>(handle));
    return session_.attach_struct_ops(*map);
}

EccHost::Status EccHost::link_detach(ecc_handle_t handle) {
    ECC_CHECK(session_.handles.get<LinkEntry>(handle));
    session_.handles.remove(handle);
    return 0;
}

EccHost::Status EccHost::interface_index(Address name, std::uint32_t name_length) {
    ECC_TRY(const auto text, session_.memory.text(name, name_length));
    const auto index = ::if_nametoindex(text.c_str());
    if (index == 0)
        return errno_error(ENODEV);
    return static_cast<std::int32_t>(index);
}

} // namespace ecc
