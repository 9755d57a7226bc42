// The format `container` as an ordinary image: podman, runc and containerd start it with no other software of
// ours.

#include "support/bytes.h"
#include "support/files.h"
#include "tests/workflow/container.h"
#include "tests/workflow/containerd.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// What a user downloads, with the runtime and its libraries.
constexpr std::uintmax_t size_limit = 15'000'000;

TEST_F(ContainerTest, has_at_most_15_megabytes_with_the_runtime) {
    const auto size = fs::file_size(archive());
    fmt::print("the image of examples/opensnoop has {:.1f} MB\n", static_cast<double>(size) / 1e6);
    EXPECT_LE(size, size_limit);
}

TEST_F(ContainerTest, is_run_by_podman_and_prints_live_events) {
    const std::string image = podman().load(archive());
    Process container = Process::start(
        podman().command({"run", "--rm", "--privileged", "--network=none", image, "--", "--json"}));
    EXPECT_TRUE(prints_live_events(container)) << container.describe();
    const Output output = container.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
}

TEST_F(ContainerTest, takes_options_of_the_runtime_and_returns_its_status) {
    const std::string image = podman().load(archive());
    const Command run_image = podman().command({"run", "--rm", "--network=none", image});
    const auto with = [&](std::initializer_list<std::string> words) {
        Command command = run_image;
        command.insert(command.end(), words);
        return run(command);
    };
    EXPECT_THAT(with({"--", "--help"}).out, HasSubstr("--targ-pid"));
    EXPECT_EQ(with({"--no-such-option"}).status, 125);
    EXPECT_EQ(with({"--", "--json"}).status, 1) << "without privileges";
}

/// What `runc` gets: umoci's unpacked image, whose process may use BPF and sees tracefs.
void write_bundle(const fs::path& bundle) {
    const fs::path file = bundle / "config.json";
    json config = json::parse(as_text(read_file(file).value_or(Bytes{})), nullptr, false);
    ASSERT_TRUE(config.is_object());
    json& process = config["process"];
    process["terminal"] = false;
    for (const char* word : {"--", "--json"})
        process["args"].push_back(word);
    for (json& set : process["capabilities"])
        set = {"CAP_BPF", "CAP_PERFMON"};
    config["mounts"].push_back({{"destination", "/sys/kernel/tracing"},
                                {"source", "/sys/kernel/tracing"},
                                {"type", "bind"},
                                {"options", {"rbind", "ro"}}});
    ASSERT_TRUE(write_file(file, as_bytes(config.dump())));
}

TEST_F(ContainerTest, is_run_by_runc_and_prints_live_events) {
    const fs::path bundle = folder() / "bundle";
    ASSERT_EQ(run({ecc(), "cp", "oci-archive:" + archive().string() + ":1",
                   "oci:" + (folder() / "layout").string() + ":1"})
                  .status,
              0);
    const Output unpacked =
        run({"umoci", "unpack", "--image", (folder() / "layout").string() + ":1", bundle});
    ASSERT_EQ(unpacked.status, 0) << unpacked.err;
    write_bundle(bundle);
    ASSERT_FALSE(HasFatalFailure());
    Process container =
        Process::start({"runc", "--root", folder() / "runc", "run", "--bundle", bundle, folder().filename()});
    EXPECT_TRUE(prints_live_events(container)) << container.describe();
    const Output output = container.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
}

TEST_F(ContainerTest, is_run_by_containerd_and_prints_live_events) {
    const Containerd containerd(folder() / "containerd");
    const std::string image = containerd.load(archive());
    // ctr, unlike the kubelet, takes a whole command line or none.
    Process container = Process::start(containerd.command(
        {"run", "--rm", "--snapshotter", "native", "--cap-add", "CAP_BPF", "--cap-add", "CAP_PERFMON",
         "--mount", "type=bind,src=/sys/kernel/tracing,dst=/sys/kernel/tracing,options=rbind:ro", image,
         folder().filename(), "/usr/bin/ecc-run", "/app.wasm", "--", "--json"}));
    EXPECT_TRUE(prints_live_events(container)) << container.describe();
    const Output output = container.interrupt();
    EXPECT_EQ(output.status, 0) << output.err;
}

TEST_F(ContainerTest, is_started_by_containerd_with_the_command_of_its_config) {
    const Containerd containerd(folder() / "containerd");
    const Output output = run(containerd.command(
        {"run", "--rm", "--snapshotter", "native", containerd.load(archive()), folder().filename()}));
    EXPECT_NE(output.status, 0);
    EXPECT_THAT(output.err, HasSubstr("CAP_BPF")) << "which it was not given";
}

} // namespace
} // namespace ecc::test
