#include "skelgen/render.h"
#include "support/files.h"
#include "tests/unit/btfgen/clang.h"
#include "tests/unit/skelgen/objects.h"
#include "tests/unit/skelgen/other_compilers.h"

#include <cstdlib>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Renderer renderer(ECC_SOURCE_DIR "/templates");

/// ECC_UPDATE_GOLDEN=1 writes the files instead of comparing.
void expect_golden(const Result<RenderedFile>& file) {
    ASSERT_TRUE(file) << file.error().what;
    if (const char* update = std::getenv("ECC_UPDATE_GOLDEN"); update != nullptr && *update != '\0') {
        ASSERT_TRUE(
            write_file(std::string(ECC_SOURCE_DIR "/tests/golden/") + file->name, as_bytes(file->text)));
        return;
    }
    EXPECT_EQ(file->text, golden_text(file->name)) << "ECC_UPDATE_GOLDEN=1 accepts the new text";
}

Annotations annotations_of(const std::string& stem) {
    Annotations annotations;
    if (stem == "events") {
        annotations.records["events"] = {{"event", {}}, {"message_t", {}}};
        annotations.docs[""] = "Shows \"opens\".";
        annotations.flags["verbose"] = {"", "v", "Say more."};
    } else if (stem == "names") {
        annotations.records["template"] = {{"class", {}}};
    }
    return annotations;
}

BindingModel model(const std::string& stem) {
    return golden_model(stem, annotations_of(stem));
}

const std::string host_headers =
    "-isystem " ECC_LIBBPF_INCLUDE " -idirafter /usr/include -idirafter /usr/include/" ECC_HOST_TRIPLE;
const std::string wasm_headers =
    "-isystem " ECC_SOURCE_DIR "/guest/c/include -isystem /usr/include/wasm32-wasi "
    "-idirafter /usr/include -idirafter /usr/include/" ECC_HOST_TRIPLE;

const std::string wasm_cpp_headers =
    "-isystem /usr/include/wasm32-wasi/c++/v1 -isystem /usr/include/wasm32-wasi";
const std::string host_cpp_headers = "-stdlib++-isystem /usr/include/wasm32-wasi/c++/v1 " + host_headers;

/// What a header may leave unused, in a main file clang would tell.
const std::string strict = " -Wall -Wextra -Wpadded -Werror -Wno-unused-function";

void expect_compiles(const std::string& text) {
    for (const char* language : {"c", "c++ -std=c++17"}) {
        const auto host = compile(text, language, ECC_HOST_TRIPLE, host_headers + strict);
        EXPECT_EQ(host.status, 0) << language << " on the host\n" << host.messages;
        const auto wasm = compile(text, language, "wasm32-wasip1", wasm_headers + strict);
        EXPECT_EQ(wasm.status, 0) << language << " on wasm32\n" << wasm.messages;
    }
}

/// With std::expected and without; on the host, where <ecc/...> is no system header, the warnings are its
/// too.
void expect_compiles_as_cpp(const std::string& text) {
    const std::string host = "-stdlib++-isystem /usr/include/c++/" + std::to_string(__GNUC__) +
                             " -isystem /usr/include/" ECC_HOST_TRIPLE "/c++/" + std::to_string(__GNUC__) +
                             ' ' + host_headers + " -I " ECC_INTERFACE_INCLUDE;
    const std::string wasm = "-isystem /usr/include/wasm32-wasi/c++/v1 " + wasm_headers;
    for (const auto& [target, headers] : {std::pair(ECC_HOST_TRIPLE, host), std::pair("wasm32-wasip1", wasm)})
        for (const char* language : {"c++ -std=c++20", "c++ -std=c++23"}) {
            const auto result = compile(text, language, target,
                                        headers + strict +
                                            " -Wno-unused-command-line-argument -fsyntax-only "
                                            "-fno-exceptions -fno-rtti -Wno-pragma-once-outside-header");
            EXPECT_EQ(result.status, 0) << target << ' ' << language << '\n' << result.messages;
        }
}

class Golden : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Programs, Golden, ::testing::Values("minimal", "events", "names", "statics"),
                         [](const auto& program) { return std::string(program.param); });

TEST_P(Golden, skeleton) {
    expect_golden(renderer.skeleton(model(GetParam()), Language::c));
}

TEST_P(Golden, types) {
    expect_golden(renderer.types(model(GetParam()), Language::c, {.assertions = true}));
}

TEST_P(Golden, types_in_cpp) {
    expect_golden(renderer.types(model(GetParam()), Language::cpp, {.assertions = true}));
}

TEST_P(Golden, skeleton_in_cpp) {
    const auto skeleton = renderer.skeleton(model(GetParam()), Language::cpp, {.assertions = true});
    expect_golden(skeleton);
    const std::string stem = GetParam();
    expect_compiles_as_cpp(skeleton->text + "int main() { auto skel = " + stem +
                           "::skeleton::open_and_load(); return skel && skel->attach() ? 0 : 1; }\n");
}

TEST_P(Golden, skeleton_in_rust) {
    const auto skeleton = renderer.skeleton(model(GetParam()), Language::rust, {.assertions = true});
    expect_golden(skeleton);
    const auto result = check_rust_skeleton(skeleton->text);
    EXPECT_EQ(result.status, 0) << result.messages;
}

TEST_P(Golden, skeleton_in_go) {
    const auto skeleton = renderer.skeleton(model(GetParam()), Language::go, {.assertions = true});
    expect_golden(skeleton);
    for (const char* target : {"linux/amd64", "wasip1/wasm"}) {
        const auto result = check_go(skeleton->text, target);
        EXPECT_EQ(result.status, 0) << target << '\n' << result.messages;
    }
}

TEST_P(Golden, bindings_are_the_files_that_a_user_part_needs) {
    for (const auto& [language, count] : {std::pair(Language::c, 2u), std::pair(Language::cpp, 1u),
                                          std::pair(Language::rust, 1u), std::pair(Language::go, 1u)}) {
        const auto files = renderer.bindings(model(GetParam()), language, {});
        ASSERT_TRUE(files);
        EXPECT_EQ(files->size(), count);
        EXPECT_EQ(files->front().package.empty(), language != Language::go);
    }
}

TEST_P(Golden, types_in_cpp_compile_for_wasm32_and_the_host) {
    const auto types = renderer.types(model(GetParam()), Language::cpp, {.assertions = true});
    ASSERT_TRUE(types);
    for (const auto& [target, headers] :
         {std::pair(ECC_HOST_TRIPLE, host_cpp_headers), std::pair("wasm32-wasip1", wasm_cpp_headers)}) {
        const auto result = compile(types->text, "c++ -std=c++20", target,
                                    headers + strict + " -Wno-pragma-once-outside-header");
        EXPECT_EQ(result.status, 0) << target << '\n' << result.messages;
    }
}

TEST(Types, have_assertions_that_notice_a_misplaced_bitfield_where_the_compiler_optimizes) {
    for (const auto& [language, name] :
         {std::pair(Language::c, "c"), std::pair(Language::cpp, "c++ -std=c++20")}) {
        const auto types = renderer.types(model("events"), language, {.assertions = true});
        ASSERT_TRUE(types);
        const std::string headers = language == Language::c ? wasm_headers : wasm_cpp_headers;
        std::string text = types->text;
        EXPECT_EQ(compile(text, name, "wasm32-wasip1", headers + " -Os").status, 0);
        const std::string bits = ", 0xfffULL, bytes[64] == 0xf0";
        ASSERT_NE(text.find(bits), std::string::npos) << text;
        text.replace(text.find(bits), bits.size(), ", 0xfffULL, bytes[64] == 0xe0");
        EXPECT_THAT(compile(text, name, "wasm32-wasip1", headers + " -Os").messages,
                    HasSubstr("struct event: bits of high"));
    }
}

TEST_P(Golden, default_program) {
    expect_golden(renderer.default_program(model(GetParam())));
}

TEST_P(Golden, skeleton_and_types_compile_together_for_wasm32_and_the_host) {
    const BindingModel binding = model(GetParam());
    for (bool assertions : {false, true}) {
        const auto types = renderer.types(binding, Language::c, {.assertions = assertions});
        const auto skeleton = renderer.skeleton(binding, Language::c);
        ASSERT_TRUE(types && skeleton);
        expect_compiles(types->text + skeleton->text + "int main(void) { return 0; }\n");
    }
}

TEST_P(Golden, default_program_compiles) {
    const auto file = renderer.default_program(model(GetParam()));
    ASSERT_TRUE(file);
    const auto result = compile(file->text, "c", "wasm32-wasip1", wasm_headers + strict);
    EXPECT_EQ(result.status, 0) << result.messages;
}

TEST(Skeleton, is_used_as_bpftools) {
    const auto skeleton = renderer.skeleton(model("events"), Language::c);
    const auto types = renderer.types(model("events"), Language::c, {});
    ASSERT_TRUE(skeleton && types);
    expect_compiles(types->text + skeleton->text + R"(
int main(void) {
    struct events_bpf *skel = events_bpf__open();
    if (!skel)
        return 1;
    skel->rodata->min_duration_ns = 5;
    skel->rodata->verbose = true;
    bpf_map__set_max_entries(skel->maps.places, 8);
    if (events_bpf__load(skel) || events_bpf__attach(skel))
        return 1;
    bpf_link__destroy(skel->links.handle_open);
    struct bpf_program *program = skel->progs.handle_exit;
    (void)program;
    events_bpf__detach(skel);
    events_bpf__destroy(skel);
    return skel->bss->total == 0;
}
#ifdef __cplusplus
events_bpf *other() { return events_bpf::open_and_load(); }
#endif
)");
}

TEST(Skeleton, in_c_has_the_comments_of_maps_programs_and_globals) {
    BindingModel binding = golden_model("events");
    binding.annotations.docs = {{"places", "Where they are. */"},
                                {"handle_open", "At every open."},
                                {"total", "Of all."},
                                {"rodata", "No map of the source."}};
    const auto skeleton = renderer.skeleton(binding, Language::c);
    ASSERT_TRUE(skeleton);
    for (const char* text : {"\t\t/** Where they are. * / */\n\t\tstruct bpf_map *places;\n",
                             "\t\t/** At every open. */\n\t\tstruct bpf_program *handle_open;\n",
                             "\t\t/** Of all. */\n\t\tunsigned long long total;\n"})
        EXPECT_THAT(skeleton->text, HasSubstr(text));
    EXPECT_THAT(skeleton->text, Not(HasSubstr("No map")));
}

TEST(Skeleton, in_cpp_gives_maps_globals_programs_and_records_by_their_types) {
    const auto skeleton = renderer.skeleton(model("events"), Language::cpp, {});
    ASSERT_TRUE(skeleton);
    expect_compiles_as_cpp(skeleton->text + R"(
#include <concepts>
#include <ranges>
using events::skeleton;
static_assert(std::movable<skeleton> && !std::copyable<skeleton>);
static_assert(std::ranges::input_range<decltype(skeleton::maps.places.keys())>);
static_assert(std::ranges::input_range<ecc::ring_reader<events::events_record>>);

int main() {
    auto skel = skeleton::open();
    if (!skel)
        return skel.error().code;
    skel->rodata().verbose = true;
    skel->rodata().only = events::FAILED;
    if (!skel->progs.handle_exit.set_autoload(true) || !skel->maps.places.set_max_entries(8) || !skel->load())
        return 1;
    if (auto link = skel->progs.handle_open.attach_tracepoint("syscalls", "sys_enter_openat"))
        skel->links.handle_open.keep(std::move(*link));
    if (!skel->attach())
        return 1;
    for (std::uint32_t key : skel->maps.places.keys())
        if (std::optional<events::place> place = skel->maps.places.lookup(key); place && place->line == 0)
            (void)skel->maps.places.erase(key).has_value();
    if (!skel->maps.places.update(1, {.line = 2, .column = 3, .__pad0 = {}}, BPF_NOEXIST))
        return 1;
    auto ring = skel->maps.events.read();
    std::uint64_t seen = 0;
    while (ring && ring->wait(100).has_value())
        for (const events::events_record &record : *ring)
            if (auto event = record.as_event()) // a copy: it holds an __int128
                seen += event->pid;
            else if (const auto message = record.as_message_t())
                seen += message->length + message.tail().size();
    skel->detach();
    return seen == skel->bss().total;
}
)");
}

TEST(Skeleton, in_cpp_has_per_cpu_values_as_spans_and_elements_without_types_as_bytes) {
    const auto binding = model_of(
        "struct value { u64 sum; u32 count; }; struct sample { u32 a; }; struct sample* s;\n"
        "struct { __uint(type, 5); __uint(max_entries, 8); __type(key, u32); "
        "__type(value, struct value); } sums SEC(\".maps\");\n"
        "struct { __uint(type, 5); __uint(max_entries, 8); __type(key, u32); "
        "__type(value, u32); } counts SEC(\".maps\");\n"
        "struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __uint(key_size, 6); "
        "__type(value, u16[3][2]); } raw SEC(\".maps\");\n"
        "struct { __uint(type, 4); __uint(key_size, 4); __uint(value_size, 4); } samples SEC(\".maps\");\n"
        "SEC(\"xdp\") int pass(void* ctx) { u32 key = 1; return !bpf_map_lookup_elem(&sums, &key) + s->a + "
        "!bpf_map_lookup_elem(&counts, &key) + !bpf_map_lookup_elem(&raw, &key) + "
        "!bpf_map_lookup_elem(&samples, &key); }",
        {.records = {{"samples", {{"sample", {}}}}},
         .keys = {},
         .values = {},
         .docs = {{"sums", "All sums. */"}},
         .flags = {}});
    ASSERT_TRUE(binding) << binding.error().what;
    const auto skeleton = renderer.skeleton(*binding, Language::cpp, {.module = "bytes"});
    ASSERT_TRUE(skeleton);
    for (const char* text :
         {"\t\t/** All sums. * / */\n\t\t::ecc::per_cpu_map_of<std::uint32_t, struct value> sums;",
          "::ecc::map_of<::std::array<::std::byte, 6>, ::std::array<::std::array<std::uint16_t, 2>, 3>> raw;",
          "::ecc::perf_of<struct sample> samples;"})
        EXPECT_THAT(skeleton->text, HasSubstr(text));
    expect_compiles_as_cpp(skeleton->text + R"(
int main() {
    auto skel = bytes::skeleton::open_and_load();
    if (!skel)
        return 1;
    bytes::value values[64]{};
    std::uint32_t counts[64]{};
    if (!skel->maps.sums.lookup(1, std::span(values).first(2)) || !skel->maps.sums.update(1, std::span(values)))
        return 1;
    if (!skel->maps.counts.lookup(1, std::span(counts)) || !skel->maps.counts.update(1, std::span(counts)))
        return 1;
    auto perf = skel->maps.samples.read(
        8, [&](int cpu, const bytes::sample &sample) { counts[cpu] += sample.a; },
        [&](int cpu, std::uint64_t lost) { counts[cpu] += lost; });
    while (perf && perf->poll().has_value()) {
    }
    return counts[0] != 0;
}
)");
}

TEST(Skeleton, in_cpp_keeps_its_names_apart_from_the_programs) {
    const auto binding = model_of(
        "struct skeleton { u32 as; }; struct rodata_variables { u32 x; }; enum maps_of_skeleton { a };\n"
        "struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __type(key, struct skeleton); "
        "__type(value, enum maps_of_skeleton); } skeleton SEC(\".maps\");\n"
        "const volatile struct rodata_variables open;\n"
        "SEC(\"xdp\") int programs_of_skeleton(void* ctx) { u32 key = open.x; "
        "return !bpf_map_lookup_elem(&skeleton, &key); }");
    ASSERT_TRUE(binding) << binding.error().what;
    const auto skeleton = renderer.skeleton(*binding, Language::cpp, {.assertions = true});
    ASSERT_TRUE(skeleton);
    expect_compiles_as_cpp(skeleton->text + "int main() { return 0; }\n");
}

TEST(Skeleton, in_cpp_lets_no_name_out_of_its_place) {
    BindingModel binding = model("events");
    binding.object.programs[0].name = "x; } evil; /* \" */\n#include \"/etc/passwd\"";
    binding.annotations.docs["events"] = "*/ evil /*";
    const auto skeleton = renderer.skeleton(binding, Language::cpp);
    ASSERT_TRUE(skeleton);
    EXPECT_THAT(skeleton->text, Not(HasSubstr("\n#include \"/etc")));
    expect_compiles_as_cpp(skeleton->text + "int main() { return 0; }\n");
}

TEST(Skeleton, refuses_a_users_type_that_has_other_bytes_on_wasm32) {
    const auto skeleton =
        renderer.skeleton(*model_of("struct stamp { long when; u32 who; }; struct stamp last;\n"
                                    "SEC(\"xdp\") int pass(void* ctx) { return last.who; }"),
                          Language::c);
    ASSERT_TRUE(skeleton);
    const std::string text = "struct stamp { long when; unsigned int who; };\n" + skeleton->text;
    EXPECT_EQ(compile(text, "c", ECC_HOST_TRIPLE, host_headers).status, 0);
    const auto wasm = compile(text, "c", "wasm32-wasip1", wasm_headers);
    EXPECT_NE(wasm.status, 0);
    EXPECT_THAT(wasm.messages, HasSubstr("unexpected size of 'last'"));
}

TEST(Skeleton, needs_no_header_for_the_types_of_statics) {
    const auto skeleton = renderer.skeleton(model("statics"), Language::c);
    ASSERT_TRUE(skeleton);
    expect_compiles(
        "struct known { unsigned int id; unsigned char __pad0[4]; unsigned long long since; };\n" +
        skeleton->text);
}

constexpr const char* regular_source = R"(#include "tests/golden/bpf_base.h"
typedef enum { PROTO_TCP = 6, PROTO_UDP = 17 } proto_t;
struct test { proto_t proto; };
struct test last;
struct { __uint(type, 7); __uint(max_entries, 8); __uint(key_size, 4); __uint(value_size, 1016); } stacks SEC(".maps");
SEC("xdp") int ____pass(void* ctx) { static u32 calls; return calls++ + last.proto; }
)";

TEST(Skeleton, in_go_has_names_that_do_not_depend_on_each_other) {
    const auto skeleton = renderer.skeleton(*model_of(regular_source), Language::go);
    ASSERT_TRUE(skeleton);
    for (const char* name : {"ProtoTcp ProtoT = 6", "ProtoUdp ProtoT = 17", "type Test struct",
                             "type TestObject struct", "func OpenTest()", "PassCalls "})
        EXPECT_THAT(skeleton->text, HasSubstr(name));
}

TEST(Skeleton, knows_what_stack_traces_are_without_their_types) {
    const auto model = model_of(regular_source);
    ASSERT_TRUE(model);
    EXPECT_THAT(renderer.skeleton(*model, Language::go)->text, HasSubstr("TypedMap[uint32, [127]uint64]"));
    EXPECT_THAT(renderer.skeleton(*model, Language::rust)->text, HasSubstr("TypedMap<u32, [u64; 127]>"));
    EXPECT_THAT(renderer.skeleton(*model, Language::cpp)->text,
                HasSubstr("map_of<std::uint32_t, ::std::array<std::uint64_t, 127>>"));
}

TEST(Skeleton, shows_no_static_that_a_macro_made) {
    for (const Language language : {Language::c, Language::cpp, Language::rust, Language::go}) {
        const auto skeleton = renderer.skeleton(model("statics"), language);
        ASSERT_TRUE(skeleton);
        EXPECT_THAT(skeleton->text, AllOf(Not(HasSubstr("____fmt")), Not(HasSubstr("OnEnterFmt"))));
    }
}

TEST(Skeleton, refuses_globals_that_overlap) {
    BindingModel binding = model("events");
    for (DataSection& section : binding.object.data_sections)
        for (GlobalVariable& variable : section.variables)
            variable.offset = 0;
    const auto skeleton = renderer.skeleton(binding, Language::c);
    ASSERT_FALSE(skeleton);
    EXPECT_THAT(skeleton.error().what, HasSubstr("overlaps"));
}

TEST(Skeleton, lets_no_name_out_of_its_place) {
    BindingModel binding = model("minimal");
    binding.object.programs[0].name = "x; } evil; /* \" */\n#include \"/etc/passwd\"";
    const auto skeleton = renderer.skeleton(binding, Language::c);
    ASSERT_TRUE(skeleton);
    EXPECT_THAT(skeleton->text, Not(HasSubstr("\n#include \"/etc")));
    expect_compiles(skeleton->text + "int main(void) { return 0; }\n");
}

TEST(Skeleton, types_maps_and_sections_in_rust_and_go) {
    BindingModel binding = *model_of(
        "struct value { u64 sum; u32 count; };\n"
        "struct { __uint(type, 5); __uint(max_entries, 8); __type(key, u32); "
        "__type(value, struct value); } sums SEC(\".maps\");\n"
        "struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 8); __uint(key_size, 6); "
        "__uint(value_size, 4); } raw SEC(\".maps\");\n"
        "const volatile u32 limit = 1; u64 total; u32 special SEC(\".data.special\") = 2;\n"
        "SEC(\"xdp\") int pass(void* ctx) { u32 key = limit; return !bpf_map_lookup_elem(&sums, &key) + "
        "total++ + special + "
        "!bpf_map_lookup_elem(&raw, &key); }");
    const auto rust = renderer.skeleton(binding, Language::rust);
    const auto go = renderer.skeleton(binding, Language::go);
    ASSERT_TRUE(rust && go);
    for (const char* text :
         {"sums: ecc_guest::PerCpuMap<u32, types::Value>", "raw: ecc_guest::TypedMap<[u8; 6], [u8; 4]>",
          "rodata: ecc_guest::Initial<types::Rodata>", "bss: ecc_guest::Globals<types::Bss>",
          "data_special: ecc_guest::Globals<types::DataSpecial>", "progs.pass"})
        EXPECT_THAT(rust->text, HasSubstr(text));
    EXPECT_THAT(rust->text, Not(HasSubstr("Globals<types::Rodata>")));
    for (const char* text : {"Sums *guest.PerCPUMap[uint32, Value]", "Raw  *guest.TypedMap[[6]byte, [4]byte]",
                             "Rodata *guest.Initial[Rodata]", "Bss *guest.Globals[Bss]",
                             "DataSpecial *guest.Globals[DataSpecial]", "Programs.Pass"})
        EXPECT_THAT(go->text, HasSubstr(text));
    EXPECT_EQ(check_rust_skeleton(rust->text).messages, "");
    EXPECT_EQ(check_go(go->text, "wasip1/wasm").messages, "");
}

TEST(Skeleton, copies_records_that_are_aligned_to_more_than_the_kernel_keeps_in_rust) {
    Annotations annotations;
    annotations.records = {{"one", {{"wide", {}}}}, {"two", {{"wide", {}}, {"small", {}}}}};
    const auto binding = model_of(
        "struct wide { unsigned __int128 a; }; struct small { u32 a; }; struct wide* w; struct small* s;\n"
        "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } one SEC(\".maps\");\n"
        "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } two SEC(\".maps\");\n"
        "SEC(\"xdp\") int pass(void* ctx) { u32 key = 0; return !bpf_map_lookup_elem(&one, &key) + "
        "!bpf_map_lookup_elem(&two, &key) + w->a + s->a; }",
        annotations);
    ASSERT_TRUE(binding) << binding.error().what;
    const auto rust = renderer.skeleton(*binding, Language::rust);
    ASSERT_TRUE(rust);
    for (const char* text :
         {"RingBuffer<ecc_guest::Copied<types::Wide>>", "as_wide(self) -> Option<types::Wide>",
          "types::Wide::copy_from_bytes(self.0)", "as_small(self) -> Option<&'a types::Small>"})
        EXPECT_THAT(rust->text, HasSubstr(text));
    EXPECT_EQ(check_rust_skeleton(rust->text).messages, "");
}

TEST(Skeleton, offers_the_bytes_of_records_whose_types_or_lengths_are_not_all_known) {
    const std::string source =
        "struct first { u32 a; }; struct first* f;\n"
        "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(\".maps\");\n"
        "SEC(\"xdp\") int pass(void* ctx) { u32 key = 0; return !bpf_map_lookup_elem(&ring, &key) + f->a; }";
    for (const bool is_untyped : {true, false}) {
        Annotations annotations;
        annotations.records = {{"ring", {{"first", {}}}}};
        (is_untyped ? annotations.untyped : annotations.varying).insert("ring");
        const auto binding = model_of(source, annotations);
        ASSERT_TRUE(binding) << binding.error().what;
        const auto cpp = renderer.skeleton(*binding, Language::cpp);
        const auto rust = renderer.skeleton(*binding, Language::rust);
        const auto go = renderer.skeleton(*binding, Language::go);
        ASSERT_TRUE(cpp && rust && go);
        EXPECT_THAT(cpp->text, HasSubstr("as_first() const"));
        EXPECT_THAT(rust->text, HasSubstr("as_first(self)"));
        EXPECT_THAT(go->text, HasSubstr(") First() *First"));
        EXPECT_EQ(check_rust_skeleton(rust->text).messages, "");
        EXPECT_EQ(check_go(go->text, "wasip1/wasm").messages, "");
    }
}

TEST(Skeleton, reads_ring_and_perf_buffers_with_one_or_several_types_in_rust_and_go) {
    Annotations annotations;
    annotations.records = {{"ring", {{"first", {}}, {"second", {}}}},
                           {"one", {{"first", {}}}},
                           {"many", {{"first", {}}, {"second", {}}}}};
    const auto binding = model_of(
        "struct first { u32 a; }; struct second { u64 a; u32 b; }; struct first* f; struct second* s;\n"
        "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } ring SEC(\".maps\");\n"
        "struct { __uint(type, 4); __uint(key_size, 4); __uint(value_size, 4); } one SEC(\".maps\");\n"
        "struct { __uint(type, 4); __uint(key_size, 4); __uint(value_size, 4); } many SEC(\".maps\");\n"
        "SEC(\"xdp\") int pass(void* ctx) { u32 key = 0; return !bpf_map_lookup_elem(&ring, &key) + "
        "!bpf_map_lookup_elem(&one, &key) + !bpf_map_lookup_elem(&many, &key) + f->a + s->b; }",
        annotations);
    ASSERT_TRUE(binding) << binding.error().what;
    const auto rust = renderer.skeleton(*binding, Language::rust);
    const auto go = renderer.skeleton(*binding, Language::go);
    ASSERT_TRUE(rust && go);
    for (const char* text :
         {"read_ring(&self) -> ecc_guest::Result<ecc_guest::RingBuffer<RingView>>",
          "read_one(&self, pages: u32) -> ecc_guest::Result<ecc_guest::PerfBuffer<types::First>>",
          "read_many(&self, pages: u32) -> ecc_guest::Result<ecc_guest::PerfBuffer<ManyView>>",
          "self.0.len() == core::mem::size_of::<types::First>()",
          "self.0.len() < core::mem::size_of::<types::First>() + 8"})
        EXPECT_THAT(rust->text, HasSubstr(text));
    for (const char* text :
         {"ReadRing() (*guest.RingBuffer[RingRecord], error)",
          "ReadOne(pages int) (*guest.PerfBuffer[*First], error)",
          "ReadMany(pages int) (*guest.PerfBuffer[ManyRecord], error)", "len(r) != 4", "len(r) >= 12"})
        EXPECT_THAT(go->text, HasSubstr(text));
    EXPECT_EQ(check_rust_skeleton(rust->text).messages, "");
    EXPECT_EQ(check_go(go->text, "wasip1/wasm").messages, "");
}

TEST(Skeleton, in_go_has_sections_that_end_as_go_ends_structs) {
    const auto binding = model_of("__int128 wide = -2; int narrow = 5;\n"
                                  "SEC(\"xdp\") int pass(void* ctx) { return wide + narrow; }");
    ASSERT_TRUE(binding) << binding.error().what;
    const auto go = renderer.skeleton(*binding, Language::go);
    ASSERT_TRUE(go);
    EXPECT_THAT(go->text, HasSubstr("\tNarrow int32\n\t_      [4]byte\n}")) << "24 bytes, 32 in C";
    EXPECT_EQ(check_go(go->text, "wasip1/wasm").messages, "");
}

TEST(Skeleton, sends_into_user_ring_buffers_by_type) {
    Annotations annotations;
    annotations.records = {{"one", {{"open", {}}}}, {"two", {{"open", {}}, {"shut", {}}}}};
    const auto binding =
        model_of("struct open { u64 a; }; struct shut { u32 a; }; struct open* o; struct shut* s;\n"
                 "struct { __uint(type, 31); __uint(max_entries, 4096); } one SEC(\".maps\"), "
                 "two SEC(\".maps\");\n"
                 "SEC(\"xdp\") int pass(void* ctx) { u32 key = 0; return !bpf_map_lookup_elem(&one, &key) + "
                 "!bpf_map_lookup_elem(&two, &key) + o->a + s->a; }",
                 annotations);
    ASSERT_TRUE(binding) << binding.error().what;
    const auto cpp = renderer.skeleton(*binding, Language::cpp);
    const auto rust = renderer.skeleton(*binding, Language::rust);
    const auto go = renderer.skeleton(*binding, Language::go);
    ASSERT_TRUE(cpp && rust && go);
    EXPECT_THAT(cpp->text, AllOf(HasSubstr("user_ring_of<struct open> one;"),
                                 HasSubstr("user_ring_of<struct open, struct shut> two;")));
    EXPECT_THAT(rust->text,
                AllOf(HasSubstr("one: ecc_guest::UserRingBuffer<types::Open>"), HasSubstr("two: TwoSenders"),
                      HasSubstr("pub shut: ecc_guest::UserRingBuffer<types::Shut>")));
    EXPECT_THAT(go->text, AllOf(HasSubstr("One *guest.UserRingBuffer[Open]"), HasSubstr("Two *TwoSenders"),
                                HasSubstr("Shut *guest.UserRingBuffer[Shut]")));
    EXPECT_EQ(check_rust_skeleton(rust->text).messages, "");
    EXPECT_EQ(check_go(go->text, "wasip1/wasm").messages, "");
}

TEST(Skeleton, shows_what_a_struct_ops_map_is_before_load) {
    const auto binding =
        model_of("struct tcp_congestion_ops { unsigned (*ssthresh)(void* sk); char name[16]; };\n"
                 "SEC(\"struct_ops\") int first(void* ctx) { return 2; }\n"
                 "SEC(\".struct_ops.link\") struct tcp_congestion_ops calm = "
                 "{ .ssthresh = (void*)first, .name = \"calm\" };\n");
    ASSERT_TRUE(binding) << binding.error().what;
    const auto c = renderer.skeleton(*binding, Language::c);
    const auto cpp = renderer.skeleton(*binding, Language::cpp);
    const auto rust = renderer.skeleton(*binding, Language::rust);
    const auto go = renderer.skeleton(*binding, Language::go);
    ASSERT_TRUE(c && cpp && rust && go);
    EXPECT_THAT(c->text,
                AllOf(HasSubstr("__calm__tcp_congestion_ops {\n"), HasSubstr("} *calm;\n\t} struct_ops;"),
                      HasSubstr("unsigned long long ssthresh;"),
                      HasSubstr("__typeof__(*s->struct_ops.calm), name) == 8")));
    EXPECT_THAT(cpp->text, HasSubstr("::ecc::struct_ops_of<struct tcp_congestion_ops> calm;"));
    EXPECT_THAT(rust->text, HasSubstr("pub struct_ops_calm: ecc_guest::Initial<types::TcpCongestionOps>"));
    EXPECT_THAT(go->text, HasSubstr("StructOpsCalm *guest.Initial[TcpCongestionOps]"));
    expect_compiles(c->text);
    EXPECT_EQ(check_rust_skeleton(rust->text).messages, "");
    EXPECT_EQ(check_go(go->text, "wasip1/wasm").messages, "");
}

TEST(Types, render_a_btf_blob_without_an_object) {
    const BpfObject object = golden_object("events");
    const auto types = renderer.types(object.layouts, "events", Language::c, {});
    ASSERT_TRUE(types) << types.error().what;
    EXPECT_EQ(types->name, "events.types.h");
    EXPECT_THAT(types->text, HasSubstr("struct event {"));
    EXPECT_THAT(types->text, HasSubstr("typedef struct message_t message_t;"));
    EXPECT_THAT(types->text, Not(HasSubstr("ECC_ASSERT")));
}

TEST(Types, carry_the_comments_of_the_source) {
    BindingModel binding = model("events");
    binding.annotations.docs = {{"struct event", "One open. */"},
                                {"struct event.comm", "Who."},
                                {"struct event.minor_code", "Inside a union."},
                                {"struct event.detail.number", "Inside a member."},
                                {"struct event.low", "A bitfield."}};
    for (Language language : {Language::c, Language::cpp}) {
        const auto types = renderer.types(binding, language, {});
        ASSERT_TRUE(types);
        EXPECT_THAT(types->text, HasSubstr("/** One open. * / */\nstruct event {"));
        EXPECT_THAT(types->text, HasSubstr("\t/** Who. */\n\tchar comm[16];"));
        EXPECT_THAT(types->text, HasSubstr("\t\t\t/** Inside a union. */\n"));
        EXPECT_THAT(types->text, HasSubstr("\t\t/** Inside a member. */\n"));
        EXPECT_THAT(types->text, HasSubstr("\t/** A bitfield. */\n"));
    }
}

TEST(Types, are_in_the_cpp_namespace_that_is_asked_for) {
    const auto types = renderer.types(model("events"), Language::cpp, {.module = "trace"});
    ASSERT_TRUE(types);
    EXPECT_EQ(types->name, "events.types.hpp");
    EXPECT_THAT(types->text, HasSubstr("namespace trace {"));
}

TEST(Languages, are_found_by_name) {
    EXPECT_EQ(find_language("cpp"), Language::cpp);
    const auto unknown = find_language("cobol");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().fault, Fault::usage);
    EXPECT_THAT(unknown.error().hint, HasSubstr(language_choices()));
}

TEST(DefaultProgram, shows_members_of_anonymous_structs_at_the_outer_level) {
    const auto file = renderer.default_program(model("events"));
    ASSERT_TRUE(file);
    EXPECT_THAT(file->text, HasSubstr(".name = \"minor_code\""));
    EXPECT_THAT(file->text, HasSubstr(".name = \"major_code\""));
}

TEST(DefaultProgram, tells_the_maps_apart_that_carry_records_of_one_name) {
    const std::string source =
        "struct event { u32 pid; }; struct other { u64 at; } other; struct event keep;\n"
        "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(\".maps\");\n"
        "struct { __uint(type, 4 /* perf event array */); __uint(key_size, 4); __uint(value_size, 4); "
        "}\n"
        " pb SEC(\".maps\");\n"
        "SEC(\"xdp\") int pass(void* ctx) { return keep.pid + other.at; }";
    Annotations annotations;
    annotations.records["rb"] = {{"event", {}}, {"other", {}}};
    annotations.records["pb"] = {{"event", {}}};
    const auto binding = model_of(source, annotations);
    ASSERT_TRUE(binding) << binding.error().what;
    const auto file = renderer.default_program(*binding);
    ASSERT_TRUE(file);
    EXPECT_THAT(file->text, HasSubstr(".name = \"rb.event\""));
    EXPECT_THAT(file->text, HasSubstr(".name = \"pb.event\""));
    EXPECT_THAT(file->text, HasSubstr(".name = \"other\""));
}

TEST(DefaultProgram, refuses_records_with_more_members_than_anybody_can_print) {
    const std::string source =
        "#define A(n) struct { u8 n##0, n##1, n##2, n##3, n##4, n##5, n##6, n##7, n##8, n##9; };\n"
        "#define B(n) A(n##0) A(n##1) A(n##2) A(n##3) A(n##4) A(n##5) A(n##6) A(n##7) A(n##8) A(n##9)\n"
        "#define C(n) B(n##0) B(n##1) B(n##2) B(n##3) B(n##4) B(n##5) B(n##6) B(n##7) B(n##8) B(n##9)\n"
        "struct vast { C(a) C(b) C(c) C(d) C(e) C(f) C(g) C(h) C(i) C(j) } keep;\n"
        "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(\".maps\");\n"
        "SEC(\"xdp\") int pass(void* ctx) { return keep.a000; }";
    Annotations annotations;
    annotations.records["rb"] = {{"vast", {}}};
    const auto binding = model_of(source, annotations);
    ASSERT_TRUE(binding) << binding.error().what;
    const auto file = renderer.default_program(*binding);
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().what, HasSubstr("'vast'"));
}

TEST(Renderer, says_which_template_is_missing) {
    const auto file = Renderer("/nonexistent").skeleton(model("minimal"), Language::c);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().fault, Fault::environment);
    EXPECT_THAT(file.error().where, HasSubstr("/nonexistent/c/skeleton.h.mustache"));
}

} // namespace
