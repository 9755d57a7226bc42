#include "compiler/build.h"

#include "packager/package/package.h"
#include "tests/unit/compiler/workspace.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* events = R"(// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
struct event { long when; void *where; char comm[16]; int pids[2][3]; };
const volatile int target_pid = 7;
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return 0;
	event->pids[0][0] = target_pid;
	bpf_ringbuf_submit(event, 0);
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
)";

class BuildTest : public ::testing::Test {
protected:
    BuildTest() { options_.output = workspace_.path("out/events.wasm"); }

    Result<void> run(const std::vector<std::filesystem::path>& sources) {
        std::filesystem::create_directories(workspace_.path("out"));
        options_.sources = sources;
        const Diagnostics diagnostics(
            [this](const Diagnostic& told) { told_ += fmt::format("{}: {}\n", told.level, told.what); });
        return build(options_, log_.log(), diagnostics);
    }
    Package package() const { return read_package(read_file(*options_.output).value(), "test").value(); }

    Workspace workspace_;
    CapturedLog log_;
    std::string told_;
    BuildOptions options_;
};

TEST_F(BuildTest, makes_a_package_of_a_kernel_part_alone) {
    const auto result = run({workspace_.write("events.bpf.c", events)});
    ASSERT_TRUE(result) << result.error().what << log_.text();
    const Package made = package();
    EXPECT_EQ(made.manifest.name, "events");
    EXPECT_EQ(made.manifest.license, "GPL");
    EXPECT_EQ(made.manifest.build.btf_digest, "");
    ASSERT_EQ(made.objects.size(), 1u);
    EXPECT_EQ(made.objects[0].name, "events_bpf");
    EXPECT_EQ(made.objects[0].architecture, host_architecture().name);
    ASSERT_EQ(made.manifest.programs.size(), 1u);
    EXPECT_EQ(made.manifest.programs[0].target, "syscalls/sys_enter_openat");
    EXPECT_THAT(made.manifest.permissions, ElementsAre("observe"));
}

TEST_F(BuildTest, spells_types_in_the_manifest_with_fixed_widths) {
    ASSERT_TRUE(run({workspace_.write("events.bpf.c", events)}));
    const Manifest manifest = package().manifest;
    const auto type = std::ranges::find(manifest.types, "struct event", &ManifestType::name);
    ASSERT_NE(type, manifest.types.end());
    std::vector<std::string> spellings;
    for (const ManifestMember& member : type->members)
        spellings.push_back(member.type);
    EXPECT_THAT(spellings, ElementsAre("int64_t", "uint64_t", "char[16]", "int32_t[2][3]"));
    const auto map = std::ranges::find(manifest.maps, "events", &ManifestMap::name);
    ASSERT_NE(map, manifest.maps.end());
    EXPECT_THAT(map->records, ElementsAre("struct event"));
}

TEST_F(BuildTest, gives_the_same_bytes_again) {
    const auto source = workspace_.write("events.bpf.c", events);
    ASSERT_TRUE(run({source}));
    const Bytes first = read_file(*options_.output).value();
    ASSERT_TRUE(run({source}));
    EXPECT_EQ(read_file(*options_.output).value(), first);
}

TEST_F(BuildTest, gives_a_user_part_skeleton_and_types) {
    const auto user = workspace_.write("main.c", "#include \"events.skel.h\"\n#include \"events.types.h\"\n"
                                                 "int main(void) {\n"
                                                 "    struct events_bpf *skel = events_bpf__open();\n"
                                                 "    events_bpf__destroy(skel);\n"
                                                 "    return sizeof(struct event) != 56;\n}\n");
    const auto result = run({workspace_.write("events.bpf.c", events), user});
    EXPECT_TRUE(result) << result.error().what << log_.text();
}

TEST_F(BuildTest, prints_records_with_floating_point) {
    const std::string floats =
        std::string(events).replace(std::string(events).find("long when"), 9, "double when");
    const auto result = run({workspace_.write("events.bpf.c", floats)});
    EXPECT_TRUE(result) << result.error().what << log_.text();
}

TEST_F(BuildTest, keeps_types_apart_from_those_of_libc) {
    std::string text = events;
    text.replace(text.find("struct event {"), 14,
                 "struct timespec { long s, n; }; struct event { struct timespec at;");
    const auto user = workspace_.write(
        "main.c", "#include <time.h>\n#include \"events.types.h\"\n"
                  "int main(void) { return sizeof(((struct event *)0)->at) + sizeof(struct timespec_); }\n");
    const auto result = run({workspace_.write("events.bpf.c", text), user});
    EXPECT_TRUE(result) << result.error().what << log_.text();
}

TEST_F(BuildTest, prints_what_has_no_known_type_as_bytes) {
    options_.save_temps = true;
    const auto result = run({workspace_.write("raw.bpf.c", R"(#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
SEC("tp/x") int seen(void *ctx) { unsigned char raw[3] = {}; return bpf_ringbuf_output(&events, raw, 3, 0); }
)")});
    ASSERT_TRUE(result) << result.error().what << log_.text();
    const Bytes program = read_file(workspace_.path("out/raw.temps/raw.main.c")).value();
    EXPECT_THAT(as_text(program), HasSubstr(".kind = ECC_UI_BYTES"));
    EXPECT_THAT(as_text(program), HasSubstr(".records = stream_0_records"));
}

TEST_F(BuildTest, takes_files_with_statics_of_one_name) {
    const auto counter = [](const char* name) {
        return fmt::format("#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\nstatic int calls;\n"
                           "SEC(\"xdp\") int {}(void *ctx) {{ return calls++; }}\n",
                           name);
    };
    const auto result =
        run({workspace_.write("one.bpf.c", counter("one")), workspace_.write("two.bpf.c", counter("two"))});
    EXPECT_TRUE(result) << result.error().what << log_.text();
}

TEST_F(BuildTest, takes_a_source_whose_name_begins_with_a_dash) {
    const auto result = run({workspace_.write("-dash.bpf.c", events)});
    EXPECT_TRUE(result) << result.error().what << log_.text();
}

TEST_F(BuildTest, names_the_member_of_a_global_with_another_layout) {
    workspace_.write("conf.h", "struct conf { long limit; int pid; };\n");
    const auto kernel =
        workspace_.write("g.bpf.c", "#include \"conf.h\"\nconst volatile struct conf conf;\n" +
                                        tracepoint_program("f", "return conf.pid;"));
    const auto user =
        workspace_.write("g.c", "#include \"conf.h\"\n#include \"g.skel.h\"\nint main(void) { return 0; }\n");
    EXPECT_FALSE(run({kernel, user}));
    EXPECT_THAT(log_.text(),
                HasSubstr("member 'limit' of 'struct conf' has offset 0, size 8 in the BPF program"));
    EXPECT_THAT(log_.text(), HasSubstr("use '__s64'"));
}

TEST_F(BuildTest, notes_constants_that_have_no_flag_if_flags_are_all_there_is) {
    const auto kernel = workspace_.write("k.bpf.c", "const volatile int levels[4] = {1};\n" +
                                                        tracepoint_program("f", "return levels[1];"));
    ASSERT_TRUE(run({kernel}));
    EXPECT_THAT(told_, HasSubstr("'levels' is const volatile"));
    told_.clear();
    ASSERT_TRUE(run({kernel, workspace_.write("k.c", "int main(void) { return 0; }\n")}));
    EXPECT_EQ(told_, "");
}

TEST_F(BuildTest, takes_a_kernel_part_with_an_unknown_section_for_a_user_part_that_may_leave_it_out) {
    const auto kernel =
        workspace_.write("k.bpf.c", "__attribute__((section(\"foo/bar\"), used)) int f(void *ctx) "
                                    "{ return 0; }\n");
    ASSERT_TRUE(run({kernel, workspace_.write("k.c", "int main(void) { return 0; }\n")}));
    EXPECT_THAT(told_, HasSubstr("warning: program 'f' has the section \"foo/bar\""));
}

TEST_F(BuildTest, leaves_the_intermediate_files_in_a_folder_beside_the_output_if_asked) {
    options_.save_temps = true;
    ASSERT_TRUE(run({workspace_.write("events.bpf.c", events)}));
    for (const char* name : {"events.bpf.o", "events.skel.h", "events.types.h", "events.main.c"})
        EXPECT_TRUE(workspace_.has(std::string("out/events.temps/") + name)) << name;
}

TEST_F(BuildTest, leaves_files_of_the_same_names_beside_the_output_alone) {
    options_.save_temps = true;
    for (const char* name : {"out/events.bpf.o", "out/events.skel.h", "out/events.main.c"})
        workspace_.write(name, "by hand");
    ASSERT_TRUE(run({workspace_.write("events.bpf.c", events)}));
    for (const char* name : {"out/events.bpf.o", "out/events.skel.h", "out/events.main.c"})
        EXPECT_EQ(as_text(read_file(workspace_.path(name)).value()), "by hand");
}

TEST_F(BuildTest, says_why_the_folder_of_intermediate_files_cannot_be_made) {
    options_.save_temps = true;
    workspace_.write("out/events.temps", "a file");
    const auto result = run({workspace_.write("events.bpf.c", events)});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault, Fault::environment);
    EXPECT_THAT(result.error().where, HasSubstr("events.temps"));
    EXPECT_FALSE(std::filesystem::exists(*options_.output));
}

TEST_F(BuildTest, leaves_nothing_if_a_part_fails) {
    EXPECT_FALSE(run(
        {workspace_.write("events.bpf.c", events), workspace_.write("main.c", "int main(void) { oops }")}));
    EXPECT_TRUE(std::filesystem::is_empty(workspace_.path("out")));
}

TEST_F(BuildTest, refuses_a_file_without_a_program) {
    const auto result = run({workspace_.write("none.bpf.c", "int counter;\n")});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault, Fault::input);
    EXPECT_THAT(result.error().what, HasSubstr("no BPF program"));
    EXPECT_FALSE(std::filesystem::exists(*options_.output));
}

} // namespace
