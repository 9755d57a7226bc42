#include "tests/workflow/container.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ecc::test {

using nlohmann::json;

namespace {

bool is_root_a_mount() {
    struct statx root = {};
    return ::statx(AT_FDCWD, "/", 0, 0, &root) == 0 && (root.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/// Container engines set how mounts below / spread, which fails in a chroot, where / is no mount. It becomes
/// one for this test's processes, at a place in sysfs, which is a mount everywhere and can be made private
/// first.
bool make_root_a_mount() {
    constexpr const char* place = "/sys/kernel";
    return ::unshare(CLONE_NEWNS) == 0 &&
           ::mount("none", "/sys", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("/", place, nullptr, MS_BIND | MS_REC, nullptr) == 0 && ::chroot(place) == 0 &&
           ::chdir("/") == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

} // namespace

void ContainerTest::SetUp() {
    ASSERT_TRUE(is_root_a_mount() || make_root_a_mount()) << std::strerror(errno);
    KernelTest::SetUp();
    if (HasFatalFailure())
        return;
    podman_ = std::make_unique<Podman>(folder() / "podman");
    package_ = build({"examples/opensnoop/opensnoop.bpf.c"});
    const Output pushed =
        run({ecc(), "push", package_, "oci-archive:" + archive().string() + ":1", "--format", "container"},
            std::chrono::minutes(2));
    ASSERT_EQ(pushed.status, 0) << pushed.err;
}

void ContainerTest::TearDown() {
    podman_.reset();
    KernelTest::TearDown();
}

bool ContainerTest::prints_live_events(Process& container) {
    const std::string name = missing_file();
    const auto reports_it = [&](const std::string& line) {
        const json event = json::parse(line, nullptr, false);
        return event.is_object() && event.value("fname", "") == name && event.value("pid", 0) == ::getpid();
    };
    return container.wait_for_line(reports_it, [&] { open_and_close(name, O_RDONLY); }).has_value();
}

} // namespace ecc::test
