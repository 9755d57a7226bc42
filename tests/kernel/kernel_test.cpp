#include "tests/kernel/kernel_test.h"

#include <bpf/bpf.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <sys/mount.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ecc::test {
namespace {

constexpr const char* tracefs = "/sys/kernel/tracing";

bool is_tracefs_mounted() {
    return fs::exists(fs::path(tracefs) / "events");
}

/// In a mount namespace of our own, so that the machine stays as it is.
bool mount_tracefs() {
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/sys", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tracefs", tracefs, "tracefs", 0, nullptr) == 0;
}

using OpenById = int (*)(std::uint32_t);

bool exists(OpenById open_by_id, std::uint32_t id) {
    const int fd = open_by_id(id);
    if (fd < 0)
        return false;
    ::close(fd);
    return true;
}

/// A program's maps stay until a grace period of RCU is over, which a busy machine delays.
void expect_none(const char* what, OpenById open_by_id, const std::vector<std::uint32_t>& ids) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (const std::uint32_t id : ids) {
        while (exists(open_by_id, id) && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        EXPECT_FALSE(exists(open_by_id, id)) << what << " " << id << " is still in the kernel";
    }
}

} // namespace

void KernelTest::SetUp() {
    ASSERT_EQ(::geteuid(), 0U) << "these tests load BPF programs: run them as root";
    ASSERT_TRUE(fs::exists("/sys/kernel/btf/vmlinux")) << "this kernel has no BTF (CONFIG_DEBUG_INFO_BTF)";
    ASSERT_TRUE(is_tracefs_mounted() || mount_tracefs())
        << "tracefs cannot be mounted on " << tracefs << ": " << std::strerror(errno);
    std::string pattern = (fs::temp_directory_path() / "ecc-kernel-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr) << pattern;
    folder_ = pattern;
}

void KernelTest::TearDown() {
    if (!folder_.empty())
        fs::remove_all(folder_);
}

std::string KernelTest::unique_name(const std::string& purpose) {
    return (purpose + std::to_string(::getpid()) + "-" + std::to_string(names_++)).substr(0, 15);
}

fs::path KernelTest::build(const std::vector<std::string>& sources) {
    const fs::path package = folder_ / "package.wasm";
    Command command{ecc().string()};
    for (const std::string& name : sources)
        command.push_back(source(name).string());
    command.insert(command.end(), {"-o", package.string()});
    const Output output = run(command);
    EXPECT_EQ(output.status, 0) << output.out << output.err;
    EXPECT_TRUE(fs::exists(package));
    return package;
}

Process KernelTest::start(const fs::path& package, const Command& arguments, const Command& options) {
    Command command{ecc_run().string()};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {package.string(), "--"});
    command.insert(command.end(), arguments.begin(), arguments.end());
    return Process::start(command);
}

KernelObjects KernelTest::objects_of(pid_t pid) {
    KernelObjects objects;
    for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(pid) + "/fdinfo")) {
        std::ifstream file(entry.path());
        std::string key;
        std::uint32_t id = 0;
        for (std::string line; std::getline(file, line);) {
            std::istringstream words(line);
            if (!(words >> key >> id))
                continue;
            if (key == "prog_id:")
                objects.programs.push_back(id);
            else if (key == "map_id:")
                objects.maps.push_back(id);
            else if (key == "link_id:")
                objects.links.push_back(id);
        }
    }
    return objects;
}

void KernelTest::expect_gone(const KernelObjects& objects) {
    expect_none("program", bpf_prog_get_fd_by_id, objects.programs);
    expect_none("map", bpf_map_get_fd_by_id, objects.maps);
    expect_none("link", bpf_link_get_fd_by_id, objects.links);
}

int open_and_close(const fs::path& path, int flags) {
    const int fd = ::openat(AT_FDCWD, path.c_str(), flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return -errno;
    ::close(fd);
    return fd;
}

int wait_for_exit(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace ecc::test
