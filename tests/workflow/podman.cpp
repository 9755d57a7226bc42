#include "tests/workflow/podman.h"

#include "support/files.h"

#include <gtest/gtest.h>

namespace ecc::test {
namespace {

// runc: Debian's crun refuses machines with both versions of cgroups. Limits:
// who may not raise them may still lower them.
constexpr const char* settings = R"([engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
runtime = "runc"
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
)";

constexpr auto deadline = std::chrono::minutes(2);

} // namespace

Podman::Podman(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder);
    EXPECT_TRUE(write_file(folder / "containers.conf", as_bytes(settings)));
}

Podman::~Podman() {
    run(command({"rm", "--all", "--force", "--time", "0"}), deadline);
}

Command Podman::command(const Command& words) const {
    const auto in_folder = [&](const char* name) { return (folder_ / name).string(); };
    Command whole = {"env",
                     "HOME=" + folder_.string(),
                     "CONTAINERS_CONF=" + in_folder("containers.conf"),
                     "podman",
                     "--root=" + in_folder("root"),
                     "--runroot=" + in_folder("runroot"),
                     "--tmpdir=" + in_folder("tmp"),
                     "--storage-driver=vfs",
                     "--runtime-flag=root=" + in_folder("runc")};
    whole.insert(whole.end(), words.begin(), words.end());
    return whole;
}

std::string Podman::load(const std::filesystem::path& archive) const {
    const Output pulled = run(command({"pull", "--quiet", "oci-archive:" + archive.string()}), deadline);
    EXPECT_EQ(pulled.status, 0) << "are the Debian packages podman and runc installed?\n" << pulled.err;
    return pulled.out.substr(0, pulled.out.find('\n'));
}

} // namespace ecc::test
