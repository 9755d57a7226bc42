// The kernel part stays an ordinary BPF object: bpftool, with the libbpf of its distribution, loads what
// `ecc --save-temps` leaves, and makes its own skeleton of it.
#include "tests/kernel/kernel_test.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

std::string identifier(std::string name) {
    std::ranges::replace(name, '-', '_');
    return name;
}

class ObjectTest : public KernelTest, public testing::WithParamInterface<std::string> {
protected:
    fs::path object() {
        const std::string name = GetParam();
        const Output built = run({ecc(), "--save-temps", source("examples/" + name + "/" + name + ".bpf.c"),
                                  "-o", folder() / (name + ".wasm")});
        EXPECT_EQ(built.status, 0) << built.err;
        return folder() / (name + ".temps") / (name + ".bpf.o");
    }
};

TEST_P(ObjectTest, is_loaded_by_bpftool) {
    // The bpf file system is in a mount namespace of its own: the pins end with it.
    const Output loaded = run({"unshare", "--mount", "--propagation", "unchanged", "sh", "-ec",
                               "mount --make-rprivate /sys; mount -t bpf bpf /sys/fs/bpf\n"
                               "bpftool prog loadall \"$1\" /sys/fs/bpf/programs; ls /sys/fs/bpf/programs",
                               "sh", object()});
    EXPECT_EQ(loaded.status, 0) << loaded.err;
    EXPECT_NE(loaded.out, "");
}

TEST_P(ObjectTest, gives_a_skeleton_of_bpftools) {
    const Output skeleton = run({"bpftool", "gen", "skeleton", object()});
    EXPECT_EQ(skeleton.status, 0) << skeleton.err;
    EXPECT_THAT(skeleton.out, HasSubstr("struct " + identifier(GetParam()) + "_bpf {"));
}

INSTANTIATE_TEST_SUITE_P(Examples, ObjectTest, testing::Values("opensnoop", "bootstrap", "xdp-count"),
                         [](const auto& example) { return identifier(example.param); });

} // namespace
} // namespace ecc::test
