// One command builds for several architectures, each with the types of its own kernel.

#include "tests/workflow/project.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* source = "#include \"vmlinux.h\"\n"
                               "#include <bpf/bpf_helpers.h>\n"
                               "const volatile __u32 wanted = 0;\n"
                               "SEC(\"tp_btf/sched_process_exit\")\n"
                               "int on_exit(__u64 *ctx)\n"
                               "{\n"
                               "\tstruct task_struct *task = (void *)ctx[0];\n"
                               "\treturn __builtin_preserve_access_index(&task->pid) && wanted;\n"
                               "}\n"
                               "char LICENSE[] SEC(\"license\") = \"GPL\";\n";

class Architectures : public testing::Test {
protected:
    Architectures() {
        project_.write("two.bpf.c", source);
        fs::copy_file("/sys/kernel/btf/vmlinux", project_.path("arm.btf"));
    }
    Output build(const std::string& btf) const {
        return project_.run({"ecc", "two.bpf.c", "--arch", "x86,arm64", "--btf", btf, "-o", "two.wasm"});
    }

    Project project_;
};

TEST_F(Architectures, have_the_btf_that_is_given_for_each) {
    const Output built = build("arm64=arm.btf");
    ASSERT_EQ(built.status, 0) << built.err;
    EXPECT_THAT(project_.run({"ecc", "inspect", "two.wasm", "--json"}).out,
                AllOf(HasSubstr("\"x86\""), HasSubstr("\"arm64\"")));
}

TEST_F(Architectures, read_no_btf_but_their_own) {
    project_.write("arm.btf", "no types");
    const Output built = build("arm64=arm.btf");
    EXPECT_EQ(built.status, 1);
    EXPECT_THAT(built.err, HasSubstr("arm.btf"));
    const Output other = project_.run({"ecc", "two.bpf.c", "--arch", "x86", "-o", "two.wasm"});
    EXPECT_EQ(other.status, 0) << other.err;
}

} // namespace
} // namespace ecc::test
