#include "tests/unit/runtime/held_record.h"

#include "tests/unit/runtime/guest_process.h"

#include <bpf/bpf.h>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ecc::test {

namespace {

constexpr std::size_t page_size = 4096;

/// What a test cannot do without.
void require(bool condition, const char* what) {
    if (condition)
        return;
    std::perror(what);
    std::abort();
}

/// Of the map behind a descriptor of another process; 0 if that is none.
std::uint32_t map_id_in(const std::filesystem::path& description) {
    std::ifstream file(description);
    std::uint32_t id = 0;
    for (std::string word; file >> word;) {
        if (word == "map_id:")
            file >> id;
    }
    return id;
}

std::string name_of(int map_fd) {
    bpf_map_info info{};
    auto size = static_cast<std::uint32_t>(sizeof info);
    require(bpf_map_get_info_by_fd(map_fd, &info, &size) == 0, "map info");
    return info.name;
}

/// A descriptor that tells of every access to this page.
FileDescriptor faults_at(void* page) {
    FileDescriptor faults(static_cast<int>(::syscall(SYS_userfaultfd, O_CLOEXEC)));
    uffdio_api api{.api = UFFD_API, .features = 0, .ioctls = 0};
    uffdio_register range{.range = {reinterpret_cast<std::uintptr_t>(page), page_size},
                          .mode = UFFDIO_REGISTER_MODE_MISSING,
                          .ioctls = 0};
    require(faults && ::ioctl(faults.get(), UFFDIO_API, &api) == 0 &&
                ::ioctl(faults.get(), UFFDIO_REGISTER, &range) == 0,
            "userfaultfd");
    return faults;
}

} // namespace

FileDescriptor map_of_process(pid_t pid, const std::string& name) {
    for (const auto& entry :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fdinfo")) {
        const auto id = map_id_in(entry.path());
        FileDescriptor fd(id == 0 ? -1 : bpf_map_get_fd_by_id(id));
        if (fd && name_of(fd.get()) == name)
            return fd;
    }
    require(false, ("no map " + name).c_str());
    return FileDescriptor(-1);
}

RecordWriter::RecordWriter(int ring_fd) {
    const auto elf = guest_bytes("held.bpf.o");
    object_.reset(bpf_object__open_mem(elf.data(), elf.size(), nullptr));
    require(object_ != nullptr, "held.bpf.o");
    auto* events = bpf_object__find_map_by_name(object_.get(), "events");
    require(bpf_map__reuse_fd(events, ring_fd) == 0 && bpf_object__load(object_.get()) == 0, "held.bpf.o");
}

bool RecordWriter::run(const char* program, std::uint64_t number, std::uint64_t address) const {
    const int fd = bpf_program__fd(bpf_object__find_program_by_name(object_.get(), program));
    const std::uint64_t context[]{number, address};
    LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = context, .ctx_size_in = sizeof context);
    require(bpf_prog_test_run_opts(fd, &options) == 0, program);
    return options.retval == 0;
}

void RecordWriter::hold(std::uint64_t number) {
    page_ = ::mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(page_ != MAP_FAILED, "mmap");
    faults_ = faults_at(page_);
    holder_ =
        std::thread([this, number] { run("hold_record", number, reinterpret_cast<std::uintptr_t>(page_)); });
    uffd_msg message{};
    require(::read(faults_.get(), &message, sizeof message) == sizeof message, "userfaultfd");
}

void RecordWriter::finish() {
    uffdio_zeropage page{.range = {reinterpret_cast<std::uintptr_t>(page_), page_size}};
    require(::ioctl(faults_.get(), UFFDIO_ZEROPAGE, &page) == 0, "userfaultfd");
    holder_.join();
    faults_ = FileDescriptor();
    ::munmap(page_, page_size);
}

RecordWriter::~RecordWriter() {
    if (holder_.joinable())
        finish();
}

} // namespace ecc::test
