// What libbpf does as root with an object that all rules accept: relocations, types, the kernel's
// configuration. No kernel is asked: its answers are those of one that takes everything, so that an object
// gets as far as it can.
#include "packager/package/object_facts.h"
#include "packager/package/owned_object.h"
#include "runtime-min/libbpf_log.h"
#include "runtime-min/map_memory.h"
#include "tests/fuzz/targets.h"

#include <algorithm>
#include <array>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstdarg>
#include <fcntl.h>
#include <numeric>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The linker's --wrap=syscall: libbpf has bpf(2) from syscall(2).
extern "C" long __real_syscall(long number, ...);
extern "C" long __wrap_syscall(long number, ...);

/// What libbpf forgets when it gives up ends with ecc-run.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:bpf_object__load\n";
}

namespace ecc::fuzz {

namespace {

constexpr std::uint64_t most_map_memory = 64u << 20;

long refused(int error) {
    errno = error;
    return -1;
}

long new_descriptor() {
    return ::open("/dev/null", O_RDWR | O_CLOEXEC);
}

/// libbpf maps the values of global variables. Two pages more, as an arena and ring buffers have.
long new_map(const bpf_attr& map) {
    const std::uint64_t size = std::uint64_t{map.value_size} * map.max_entries;
    if (size > most_map_memory)
        return refused(E2BIG);
    const int memory = ::memfd_create("map", MFD_CLOEXEC);
    const auto pages = static_cast<off_t>(size + 3 * static_cast<std::uint64_t>(::getpagesize()));
    return ::ftruncate(memory, pages) == 0 ? memory : -1;
}

long answer(long command, const bpf_attr& attributes) {
    switch (command) {
    case BPF_MAP_CREATE:
        return new_map(attributes);
    case BPF_BTF_LOAD:
    case BPF_PROG_LOAD:
        return new_descriptor();
    case BPF_OBJ_GET_INFO_BY_FD:
    case BPF_MAP_LOOKUP_ELEM:
    case BPF_MAP_UPDATE_ELEM:
    case BPF_MAP_FREEZE:
    case BPF_PROG_BIND_MAP:
        return 0;
    case BPF_OBJ_GET:
        return refused(ENOENT);
    default:
        return refused(EPERM);
    }
}

} // namespace

void load(ByteView elf) {
    LibbpfLog log;
    const LibbpfLogScope scope(log);
    const auto facts = read_object_facts(elf, "fuzz");
    if (!facts)
        return;
    const auto memory = std::accumulate(facts->maps.begin(), facts->maps.end(), std::uint64_t{0},
                                        [](std::uint64_t sum, const MapFacts& map) {
                                            return sum + std::min(map_memory(map), most_map_memory);
                                        });
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "fuzz");
    const OwnedObject object(bpf_object__open_mem(elf.data(), elf.size(), &options));
    if (object && memory <= most_map_memory)
        bpf_object__load(object.get());
}

} // namespace ecc::fuzz

long __wrap_syscall(long number, ...) {
    va_list list;
    va_start(list, number);
    std::array<long, 6> arguments{};
    for (long& argument : arguments)
        argument = va_arg(list, long);
    va_end(list);
    if (number == SYS_bpf)
        return ecc::fuzz::answer(arguments[0], *reinterpret_cast<const bpf_attr*>(arguments[1]));
    return __real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                          arguments[5]);
}
