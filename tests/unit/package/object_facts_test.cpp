// What an object is and does, by its ELF; and manifests that say something else.
#include "packager/package/manifest_check.h"

#include "tests/unit/btfgen/clang.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <span>
#include <string_view>

namespace ecc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::string_view_literals;

ObjectFacts facts(const std::string& source) {
    auto read = read_object_facts(testing::compile_bpf(source), "test");
    EXPECT_TRUE(read) << read.error().what;
    return read ? *std::move(read) : ObjectFacts{};
}

constexpr const char* observer = R"(
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, u32); __type(value, u64); __uint(max_entries, 16);
         __uint(pinning, 1 /* LIBBPF_PIN_BY_NAME */); } table SEC(".maps");
SEC("tp/sched/sched_switch") int on_switch(void* ctx) { u32 key = 0; return bpf_map_lookup_elem(&table, &key) != 0; }
SEC("?kprobe/do_exit") int on_exit(void* ctx) { return 0; })";

/// What a build would write for these objects.
Manifest manifest_of(const ObjectFacts& object) {
    Manifest manifest;
    for (const auto& program : object.programs)
        manifest.programs.push_back({program.name, program.section, program.type_name, ""});
    for (const auto& map : object.maps)
        manifest.maps.push_back(
            {map.name, map.type_name, map.key_size, map.value_size, map.max_entries, map.flags, "", "", {}});
    manifest.permissions = {"observe"};
    return manifest;
}

std::string complaint(const Manifest& manifest, const ObjectFacts& object) {
    const auto checked = check_manifest(manifest, {&object, 1}, "tool.wasm");
    return checked ? "" : checked.error().what;
}

TEST(ObjectFacts, name_programs_maps_and_what_wants_to_be_pinned) {
    const auto object = facts(observer);
    ASSERT_EQ(object.programs.size(), 2U);
    EXPECT_EQ(object.programs[0].section, "tp/sched/sched_switch");
    EXPECT_EQ(object.programs[0].type_name, "tracepoint");
    EXPECT_EQ(object.programs[1].section, "kprobe/do_exit") << "which is not loaded by itself";
    ASSERT_EQ(object.maps.size(), 1U);
    EXPECT_EQ(object.maps[0].value_size, 8U);
    EXPECT_TRUE(object.maps[0].pinned_by_name);
}

TEST(ObjectFacts, name_kernel_functions_and_symbols) {
    const auto object = facts(R"(
extern int bpf_task_acquire_but_new(void) __attribute__((section(".ksyms"), weak));
extern const void init_task __attribute__((section(".ksyms")));
SEC("tp/sched/sched_switch") int on_switch(void* ctx) {
    return bpf_task_acquire_but_new() + (&init_task != (void*)1); })");
    EXPECT_THAT(object.kernel_functions, ElementsAre("bpf_task_acquire_but_new"));
    EXPECT_THAT(object.kernel_symbols, ElementsAre("init_task"));
    EXPECT_THAT(acting_reasons(object), ElementsAre("it calls the kernel function bpf_task_acquire_but_new"));
}

TEST(ObjectFacts, refuse_maps_whose_names_are_paths) {
    auto elf = testing::compile_bpf(observer);
    for (auto rest = std::span(elf); !rest.empty();) {
        const auto found = std::ranges::search(rest, "table\0"sv);
        std::ranges::copy(found.empty() ? "" : "../ab"sv, found.begin());
        rest = {found.end(), rest.end()};
    }
    const auto read = read_object_facts(elf, "tool");
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().what, HasSubstr("'../ab' is no name of a map"));
}

TEST(ActingReasons, are_program_types_that_do_more_than_look) {
    struct Case {
        const char* section;
        bool acts;
    };
    for (const Case& test : {Case{"kprobe/do_exit", false}, Case{"tp/a/b", false}, Case{"perf_event", false},
                             Case{"fentry/do_exit", false}, Case{"fmod_ret/do_exit", true}, Case{"xdp", true},
                             Case{"tc", true}, Case{"lsm/file_open", true}, Case{"cgroup_skb/egress", true},
                             Case{"socket", false}, Case{"sk_msg", true}, Case{"freplace/x", true},
                             Case{"struct_ops/x", true}, Case{"raw_tp.w/x", true}, Case{"syscall", true}}) {
        const auto object =
            facts(std::string("SEC(\"") + test.section + "\") int f(void* ctx) { return 0; }");
        EXPECT_EQ(!acting_reasons(object).empty(), test.acts) << test.section;
    }
}

TEST(ActingReasons, are_maps_that_redirect) {
    struct Case {
        bpf_map_type type;
        bool acts;
    };
    for (const Case& test : {Case{BPF_MAP_TYPE_SOCKMAP, true}, Case{BPF_MAP_TYPE_SOCKHASH, true},
                             Case{BPF_MAP_TYPE_DEVMAP, true}, Case{BPF_MAP_TYPE_DEVMAP_HASH, true},
                             Case{BPF_MAP_TYPE_XSKMAP, true}, Case{BPF_MAP_TYPE_CPUMAP, false},
                             Case{BPF_MAP_TYPE_PROG_ARRAY, false}, Case{BPF_MAP_TYPE_SK_STORAGE, false}}) {
        const auto object = facts(
            "struct { __uint(type, " + std::to_string(test.type) +
            "); __type(key, u32); __type(value, u32); __uint(max_entries, 16); } table SEC(\".maps\");");
        ASSERT_EQ(object.maps.size(), 1U) << test.type;
        EXPECT_EQ(!acting_reasons(object).empty(), test.acts) << object.maps.front().type_name;
    }
}

TEST(ActingReasons, are_helpers_that_write_or_signal) {
    const auto direct = facts("static long (*send_signal)(u32) = (void*)109;\n"
                              "SEC(\"kprobe/do_exit\") int f(void* ctx) { return send_signal(9); }");
    EXPECT_THAT(acting_reasons(direct), ElementsAre("it calls bpf_send_signal"));
    const auto through_function =
        facts("static long (*write_user)(void*, void*, u32) = (void*)36;\n"
              "__attribute__((noinline)) int helper(void* p) { return write_user(p, p, 1); }\n"
              "SEC(\"kprobe/do_exit\") int f(void* ctx) { return helper(ctx); }");
    EXPECT_THAT(acting_reasons(through_function), ElementsAre("it calls bpf_probe_write_user"));
}

TEST(ActingReasons, are_helpers_that_nobody_has_classified) {
    const auto sets = facts("static long (*setsockopt)(void*, int, int, void*, int) = (void*)49;\n"
                            "SEC(\"iter/tcp\") int f(void* ctx) { return setsockopt(ctx, 1, 9, ctx, 4); }");
    EXPECT_THAT(acting_reasons(sets), ElementsAre("it calls bpf_setsockopt"));
    const auto newer = facts("static long (*newer)(void*) = (void*)9999;\n"
                             "SEC(\"iter/tcp\") int f(void* ctx) { return newer(ctx); }");
    EXPECT_THAT(acting_reasons(newer), ElementsAre("it calls helper 9999"));
}

TEST(ManifestCheck, accepts_what_a_build_writes) {
    const auto object = facts(observer);
    EXPECT_EQ(complaint(manifest_of(object), object), "");
}

TEST(ManifestCheck, accepts_data_sections_under_another_name_of_the_object) {
    const auto object = facts("const volatile u32 setting = 1;\n"
                              "SEC(\"kprobe/do_exit\") int f(void* ctx) { return setting; }");
    auto manifest = manifest_of(object);
    ASSERT_EQ(manifest.maps.size(), 1U);
    manifest.maps[0].name = "other.rodata";
    EXPECT_EQ(complaint(manifest, object), "");
}

TEST(ManifestCheck, names_what_the_manifest_leaves_out) {
    const auto object = facts(observer);
    auto manifest = manifest_of(object);
    manifest.programs.pop_back();
    manifest.maps.clear();
    EXPECT_THAT(complaint(manifest, object),
                HasSubstr("does not declare program 'on_exit' (kprobe, section"));
    EXPECT_THAT(complaint(manifest, object), HasSubstr("does not declare map 'table' (hash"));
}

TEST(ManifestCheck, names_what_the_manifest_invents) {
    const auto object = facts(observer);
    auto manifest = manifest_of(object);
    manifest.programs.push_back({"ghost", "xdp", "xdp", ""});
    EXPECT_THAT(complaint(manifest, object), HasSubstr("no object has, program 'ghost'"));
}

TEST(ManifestCheck, names_a_program_that_the_manifest_calls_something_harmless) {
    const auto object = facts("SEC(\"xdp\") int f(void* ctx) { return 2; }");
    auto manifest = manifest_of(object);
    manifest.programs[0].type = "socket_filter";
    EXPECT_THAT(complaint(manifest, object), HasSubstr("does not declare program 'f' (xdp"));
}

TEST(ManifestCheck, names_a_map_of_another_size) {
    const auto object = facts(observer);
    auto manifest = manifest_of(object);
    manifest.maps[0].max_entries = 1 << 20;
    EXPECT_THAT(complaint(manifest, object), HasSubstr("16 entries"));
}

TEST(ManifestCheck, refuses_names_of_maps_that_are_paths) {
    const auto object = facts("const volatile u32 setting = 1;\n"
                              "SEC(\"kprobe/do_exit\") int f(void* ctx) { return setting; }");
    auto manifest = manifest_of(object);
    manifest.maps[0].name = "/etc/x.rodata";
    EXPECT_THAT(complaint(manifest, object), HasSubstr("map '/etc/x.rodata', which is no name of a map"));
}

TEST(ManifestCheck, wants_the_permissions_that_a_build_derives) {
    const auto object = facts(observer);
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{"act", "observe"}, "asks for \"act\", and its objects only observe"},
        {{}, "does not ask for \"observe\""},
        {{"observe", "OBSERVE"}, "asks for \"OBSERVE\", which is no permission"},
        {{"observe", ""}, "asks for \"\", which is no permission"},
    };
    for (const auto& [permissions, expected] : cases) {
        auto manifest = manifest_of(object);
        manifest.permissions = permissions;
        EXPECT_THAT(complaint(manifest, object), HasSubstr(expected));
    }
}

TEST(ManifestCheck, wants_acting_to_be_declared) {
    const auto object = facts("SEC(\"xdp\") int f(void* ctx) { return 2; }");
    auto manifest = manifest_of(object);
    EXPECT_THAT(complaint(manifest, object), HasSubstr("does not ask for \"act\", but program 'f'"));
    manifest.permissions.push_back("act");
    EXPECT_EQ(complaint(manifest, object), "");
}

TEST(ManifestCheck, lists_only_the_first_of_many_differences) {
    const auto object = facts("SEC(\"kprobe/do_exit\") int f(void* ctx) { return 0; }");
    auto manifest = manifest_of(object);
    for (int i = 0; i < 1000; ++i)
        manifest.programs.push_back({"ghost" + std::to_string(i), "xdp", "xdp", ""});
    EXPECT_THAT(complaint(manifest, object), HasSubstr("and 995 more"));
}

} // namespace
} // namespace ecc
