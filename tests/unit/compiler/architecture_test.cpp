#include "compiler/architecture.h"

#include "compiler/build.h"
#include "packager/package/package.h"
#include "tests/unit/compiler/workspace.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Architecture, is_found_by_the_kernels_unames_and_ocis_name) {
    for (const char* name : {"x86", "x86_64", "amd64"})
        EXPECT_EQ((*find_architecture(name))->name, "x86");
    EXPECT_EQ((*find_architecture("aarch64"))->name, "arm64");
    EXPECT_EQ((*find_architecture("riscv64"))->name, "riscv");
}

TEST(Architecture, that_is_big_endian_is_refused_with_that_reason) {
    const auto found = find_architecture("s390x");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().fault, Fault::usage);
    EXPECT_THAT(found.error().what, HasSubstr("big-endian"));
}

TEST(Architecture, of_32_bits_is_refused_with_that_reason) {
    for (const char* name : {"arm", "armv7l", "i686", "mipsel", "riscv32"}) {
        const auto found = find_architecture(name);
        ASSERT_FALSE(found) << name;
        EXPECT_EQ(found.error().fault, Fault::usage);
        EXPECT_THAT(found.error().what, AllOf(HasSubstr(name), HasSubstr("32 bits"))) << name;
    }
}

TEST(Architecture, that_is_unknown_is_refused_with_those_there_are) {
    const auto found = find_architecture("z80");
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().what, HasSubstr("z80"));
    EXPECT_THAT(found.error().hint, AllOf(HasSubstr("x86"), HasSubstr("arm64"), HasSubstr("riscv")));
}

constexpr const char* return_values = R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct event { u64 value; u64 place; };
SEC("kretprobe/vfs_read") int seen(struct pt_regs *ctx)
{
	struct event event = { .value = PT_REGS_RC(ctx), .place = PT_REGS_IP(ctx) };
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return PT_REGS_PARM3(ctx);
}
char LICENSE[] SEC("license") = "GPL";
)";

class Architectures : public ::testing::Test {
protected:
    Result<void> run(const std::string& source, const std::vector<std::string>& names,
                     const std::optional<std::filesystem::path>& btf_of_last = {}) {
        options_.sources = {workspace_.write("test.bpf.c", source)};
        options_.output = workspace_.path("test.wasm");
        options_.targets.clear();
        for (const std::string& name : names)
            options_.targets.push_back({*find_architecture(name), {}});
        options_.targets.back().btf = btf_of_last;
        return build(options_, log_.log(), Diagnostics("ecc", stderr));
    }

    Workspace workspace_;
    CapturedLog log_;
    BuildOptions options_;
};

TEST_F(Architectures, have_an_object_each_in_one_package_with_their_own_registers) {
    const auto built = run(return_values, {"x86", "arm64", "riscv", "loongarch", "powerpc"});
    ASSERT_TRUE(built) << built.error().what << log_.text();
    const Package package = read_package(read_file(*options_.output).value(), "test").value();
    std::vector<std::string> names;
    std::set<Bytes> different;
    for (const EmbeddedObject& object : package.objects) {
        EXPECT_EQ(object.name, "test_bpf");
        names.push_back(object.architecture);
        different.insert(object.elf);
    }
    EXPECT_THAT(names, ElementsAre("x86", "arm64", "riscv", "loongarch", "powerpc"));
    EXPECT_EQ(different.size(), names.size()) << "registers are at other places";
}

TEST_F(Architectures, whose_records_differ_are_refused_with_the_member) {
    std::string source = return_values;
    source.replace(source.find("u64 value;"), 10,
                   "\n#ifdef __TARGET_ARCH_arm64\nu32 early;\n#endif\nu64 value;");
    const auto built = run(source, {"x86", "arm64"});
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().fault, Fault::input);
    EXPECT_THAT(built.error().what,
                AllOf(HasSubstr("x86 and arm64"), HasSubstr("events"), HasSubstr("early")))
        << log_.text();
    EXPECT_FALSE(workspace_.has("test.wasm"));
}

TEST_F(Architectures, have_the_types_of_the_kernel_whose_btf_is_given_for_each) {
    const std::string source = R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct event { struct timespec64 at; };
SEC("raw_tp/sys_enter") int seen(void *ctx)
{
	struct event event = {};
	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
)";
    std::string btf(as_text(read_file("/sys/kernel/btf/vmlinux").value()));
    EXPECT_TRUE(run(source, {"x86", "arm64"}, workspace_.write("same.btf", btf))) << log_.text();
    const std::string name("\0tv_nsec\0", 9);
    ASSERT_NE(btf.find(name), btf.npos);
    btf.replace(btf.find(name), name.size(), std::string("\0tv_nano\0", 9));
    const auto built = run(source, {"x86", "arm64"}, workspace_.write("other.btf", btf));
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().what,
                AllOf(HasSubstr("x86 and arm64"), HasSubstr("'tv_nsec' of struct timespec64"),
                      HasSubstr("'tv_nano'")))
        << log_.text();
}

TEST_F(Architectures, whose_registers_the_given_btf_lacks_are_refused_with_the_one_that_it_is_of) {
    const std::string other = host_architecture().name == "arm64" ? "riscv" : "arm64";
    const auto built = run(return_values, {other}, "/sys/kernel/btf/vmlinux");
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().hint,
                AllOf(HasSubstr("/sys/kernel/btf/vmlinux"), HasSubstr(host_architecture().name),
                      HasSubstr("--btf " + other + "=FILE")))
        << log_.text();
}

TEST_F(Architectures, are_no_guess_about_a_program_that_is_wrong) {
    const auto built = run("#include \"vmlinux.h\"\nint f(void) { return missing; }\n",
                           {std::string(host_architecture().name)}, "/sys/kernel/btf/vmlinux");
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().hint, "");
}

TEST_F(Architectures, that_lack_a_program_are_refused_with_its_name) {
    const auto built =
        run(std::string(return_values) + "\n#ifdef __TARGET_ARCH_x86\nSEC(\"kprobe/vfs_open\") int more(void "
                                         "*ctx) { return 0; }\n#endif\n",
            {"x86", "riscv"});
    ASSERT_FALSE(built);
    EXPECT_THAT(built.error().what, HasSubstr("program 'more' is missing for riscv")) << log_.text();
}

TEST_F(Architectures, leave_an_object_each_if_asked) {
    options_.save_temps = true;
    ASSERT_TRUE(run(return_values, {"x86", "arm64"})) << log_.text();
    EXPECT_TRUE(workspace_.has("test.temps/test.x86.bpf.o"));
    EXPECT_TRUE(workspace_.has("test.temps/test.arm64.bpf.o"));
}

} // namespace
