#include "tests/workflow/containerd.h"

#include "support/files.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ecc::test {
namespace {

// The plugin opt makes /opt/containerd.
constexpr const char* settings = R"(version = 2
root = "{0}/root"
state = "{0}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
address = "{0}/socket"
[ttrpc]
address = "{0}/socket.ttrpc"
)";

constexpr const char* image_name = "example.org/image";

} // namespace

Containerd::Containerd(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder);
    const std::filesystem::path file = folder / "config.toml";
    EXPECT_TRUE(write_file(file, as_bytes(fmt::format(settings, folder.string()))));
    server_ = std::make_unique<Process>(Process::start({"containerd", "--config", file}));
    const auto is_ready = [](const std::string& line) {
        return line.find("successfully booted") != line.npos;
    };
    EXPECT_TRUE(server_->wait_for_error_line(is_ready)) << "is the Debian package containerd installed?\n"
                                                        << server_->describe();
}

Command Containerd::command(const Command& words) const {
    Command whole = {"ctr", "--address", folder_ / "socket"};
    whole.insert(whole.end(), words.begin(), words.end());
    return whole;
}

std::string Containerd::load(const std::filesystem::path& archive) const {
    const Output imported = run(
        command({"image", "import", "--snapshotter", "native", "--base-name", image_name, archive.string()}));
    EXPECT_EQ(imported.status, 0) << imported.err;
    return std::string(image_name) + ":1";
}

} // namespace ecc::test
