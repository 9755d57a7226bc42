// Test runs, iterators and changes of links of `ecc_bpf_v1`.
#include "runtime-min/host_ecc.h"

#include "runtime-min/map_operations.h"

#include <bpf/bpf.h>
#include <unistd.h>

namespace ecc {

namespace {

/// BPF_F_TEST_XDP_LIVE_FRAMES of the kernel's header, which may be older here.
constexpr std::uint32_t live_frames = 1u << 1;

OrErrno<const void*> test_input(const GuestMemory& memory, std::uint32_t address, std::uint32_t length) {
    if (address == 0)
        return nullptr;
    ECC_TRY(const auto bytes, memory.input(address, length));
    return bytes.data();
}

/// The kernel takes a place of length 0 for one of any length (bpf_test_finish, net/bpf/test_run.c).
OrErrno<void*> test_output(const GuestMemory& memory, std::uint32_t address, std::uint32_t length) {
    if (address == 0 || length == 0)
        return nullptr;
    ECC_TRY(const auto bytes, memory.output(address, length));
    return bytes.data();
}

/// The length of what is not there is 0.
std::uint32_t length_of(const void* place, std::uint32_t length) {
    return place == nullptr ? 0 : length;
}

} // namespace

EccHost::Status EccHost::link_update(ecc_handle_t handle, ecc_handle_t program_handle) {
    ECC_TRY(auto* link, session_.handles.get<LinkEntry>(handle));
    ECC_TRY(const auto* program, session_.handles.get<ProgramEntry>(program_handle));
    if (session_.sealed())
        return errno_error(EPERM);
    const auto status = status_of(link->link.update(program->program));
    if (status)
        session_.accounts.add_hold(link->object, program->object);
    return status;
}

EccHost::Status EccHost::program_test_run(ecc_handle_t handle, Address run_at, Address result) {
    ECC_TRY(const auto* program, session_.handles.get<ProgramEntry>(handle));
    ECC_TRY(const auto run, session_.memory.options<ecc_test_run>(run_at));
    if (bpf_program__fd(program->program) < 0)
        return errno_error(EINVAL);
    const auto& policy = program->object->policy();
    if ((run.flags & live_frames) != 0 && !policy.permissions.act) {
        policy.diagnostics->error({Fault::environment, program->object->name(),
                                   "a test run on live frames acts on the system, which is not allowed",
                                   "--allow act, if you trust it"});
        return errno_error(EPERM);
    }
    const auto& memory = session_.memory;
    ECC_TRY(const void* data, test_input(memory, run.data, run.data_length));
    ECC_TRY(void* data_out, test_output(memory, run.data_out, run.data_out_length));
    ECC_TRY(const void* context, test_input(memory, run.context, run.context_length));
    ECC_TRY(void* context_out, test_output(memory, run.context_out, run.context_out_length));
    LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = data, .data_out = data_out,
                .data_size_in = length_of(data, run.data_length),
                .data_size_out = length_of(data_out, run.data_out_length), .ctx_in = context,
                .ctx_out = context_out, .ctx_size_in = length_of(context, run.context_length),
                .ctx_size_out = length_of(context_out, run.context_out_length),
                .repeat = static_cast<int>(run.repeat), .flags = run.flags, .cpu = run.cpu,
                .batch_size = run.batch_size);
    const auto status = status_of(bpf_prog_test_run_opts(bpf_program__fd(program->program), &options));
    if (!status && status.error() != -ENOSPC)
        return status;
    ECC_CHECK(memory.fill(result, ecc_test_run_result{.size = sizeof(ecc_test_run_result),
                                                      .return_value = options.retval,
                                                      .duration = options.duration,
                                                      .data_out_length = options.data_size_out,
                                                      .context_out_length = options.ctx_size_out}));
    return status;
}

EccHost::Status EccHost::iterator_open(ecc_handle_t handle) {
    ECC_TRY(auto* link, session_.handles.get<LinkEntry>(handle));
    FileDescriptor iterator(bpf_iter_create(link->link.fd()));
    if (!iterator)
        return errno_error(errno);
    return session_.add(IteratorEntry{std::move(iterator), link->object});
}

EccHost::Status EccHost::iterator_read(ecc_handle_t handle, Address bytes, std::uint32_t length) {
    ECC_TRY(auto* iterator, session_.handles.get<IteratorEntry>(handle));
    if (length > INT32_MAX)
        return errno_error(EINVAL);
    ECC_TRY(const auto place, session_.memory.output(bytes, length));
    const auto count = ::read(iterator->fd.get(), place.data(), place.size());
    if (count < 0)
        return errno_error(errno);
    return static_cast<std::int32_t>(count);
}

EccHost::Status EccHost::iterator_close(ecc_handle_t handle) {
    ECC_CHECK(session_.handles.get<IteratorEntry>(handle));
    session_.handles.remove(handle);
    return 0;
}

} // namespace ecc
