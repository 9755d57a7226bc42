#include "skelgen/bpf_object.h"
#include "tests/unit/btfgen/clang.h"
#include "tests/unit/skelgen/objects.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

constexpr const char* program = "SEC(\"xdp\") int pass(void* ctx) { return 2; }\n";

std::string error_of(const Bytes& elf) {
    const auto object = read_bpf_object("test_bpf", elf, "test.bpf.o");
    return object ? "no error" : object.error().what;
}

const BpfMap& map_named(const BpfObject& object, const std::string& ident) {
    return *std::ranges::find(object.maps, ident, &BpfMap::ident);
}

const DataSection& section_named(const BpfObject& object, const std::string& name) {
    return *std::ranges::find(object.data_sections, name, &DataSection::name);
}

TEST(SkeletonName, is_what_bpftool_makes_of_a_file_name) {
    EXPECT_EQ(skeleton_name("bootstrap.bpf.o"), "bootstrap_bpf");
    EXPECT_EQ(skeleton_name("some/folder/xdp-count.bpf.o"), "xdp_count_bpf");
    EXPECT_EQ(skeleton_name("plain"), "plain");
}

TEST(SkeletonName, is_always_an_identifier) {
    EXPECT_EQ(skeleton_name("9p.bpf.o"), "_9p_bpf");
    EXPECT_EQ(skeleton_name(".o"), "_");
    EXPECT_EQ(skeleton_name("new.o"), "new_");
}

TEST(BpfObject, lists_programs_with_section_type_and_target) {
    const BpfObject object = golden_object("events");
    ASSERT_EQ(object.programs.size(), 2u);
    const BpfProgram& open = object.programs[0];
    EXPECT_EQ(open.name, "handle_open");
    EXPECT_EQ(open.section, "tracepoint/syscalls/sys_enter_openat");
    EXPECT_EQ(open.type, "tracepoint");
    EXPECT_EQ(open.target, "syscalls/sys_enter_openat");
    EXPECT_TRUE(open.is_loaded);
    EXPECT_FALSE(object.programs[1].is_loaded) << "'?' means that it is not even loaded";
    EXPECT_EQ(object.license, "Dual BSD/GPL");
}

TEST(BpfObject, lists_maps_with_their_types_and_identifiers) {
    const BpfObject object = golden_object("events");
    const BpfMap& places = map_named(object, "places");
    EXPECT_EQ(places.type, "hash");
    EXPECT_EQ(places.key_size, 4u);
    EXPECT_EQ(places.value_size, 8u);
    EXPECT_EQ(places.max_entries, 64u);
    EXPECT_EQ(object.layouts.graph.at(places.value_type).name, "place");
    EXPECT_FALSE(places.mmapable);
    EXPECT_EQ(map_named(object, "events").type, "ringbuf");
    const BpfMap& rodata = map_named(object, "rodata");
    EXPECT_EQ(rodata.name, "events_b.rodata");
    EXPECT_TRUE(rodata.mmapable);
    EXPECT_EQ(map_named(object, "data_custom").name, ".data.custom");
}

TEST(BpfObject, reads_data_sections_with_offsets_and_initial_values) {
    const BpfObject object = golden_object("events");
    const DataSection& data = section_named(object, ".data");
    ASSERT_EQ(data.variables.size(), 1u);
    EXPECT_EQ(data.variables[0].name, "many");
    EXPECT_EQ(data.map_name, "events_b.data");
    ASSERT_EQ(data.initial.size(), 16u);
    EXPECT_EQ(data.initial[0], 1);
    EXPECT_EQ(data.initial[8], 2);
    const DataSection& rodata = section_named(object, ".rodata");
    const auto& offset_by = *std::ranges::find(rodata.variables, "offset_by", &GlobalVariable::name);
    EXPECT_TRUE(offset_by.is_const);
    EXPECT_EQ(rodata.initial[offset_by.offset], 0xff);
    const DataSection& bss = section_named(object, ".bss");
    EXPECT_TRUE(std::ranges::find(bss.variables, "seen", &GlobalVariable::name)->is_static);
    EXPECT_FALSE(std::ranges::find(bss.variables, "total", &GlobalVariable::name)->is_static);
    EXPECT_TRUE(std::ranges::is_sorted(bss.variables, {}, &GlobalVariable::offset));
}

TEST(BpfObject, gives_no_two_variables_of_a_section_the_same_identifier_and_globals_their_own) {
    const BpfObject object = golden_object("statics");
    std::vector<std::string> names;
    for (const GlobalVariable& variable : section_named(object, ".data").variables)
        names.push_back(variable.name + " as " + variable.ident);
    EXPECT_THAT(names,
                UnorderedElementsAre("on_enter_calls as on_enter_calls",
                                     AllOf(StartsWith("on_enter.calls"), EndsWith("on_enter_calls_1"))));
}

TEST(BpfObject, leaves_out_statics_that_the_compiler_made_smaller_than_their_type) {
    const auto object = object_of(
        "struct trio { u64 a, b, c; }; struct pair { unsigned char unused, level; };\n"
        "static int once; static struct trio trio; static struct pair pair; static u64 list[4]; static u64 "
        "whole;\n"
        "static volatile struct pair kept;\n"
        "SEC(\"xdp\") int pass(void* ctx) { if (!once) { once = 7; ++trio.b; ++trio.c; ++list[2]; }\n"
        "++pair.level; ++whole; ++kept.level; return once + trio.b + trio.c + pair.level + list[2] + whole; "
        "}\n");
    ASSERT_TRUE(object) << object.error().what;
    std::vector<std::string> names;
    for (const GlobalVariable& variable : section_named(*object, ".bss").variables)
        names.push_back(variable.ident);
    EXPECT_THAT(names, UnorderedElementsAre("whole", "kept"));
}

TEST(BpfObject, gives_no_two_maps_the_same_identifier) {
    const BpfObject object = golden_object("names");
    EXPECT_EQ(map_named(object, "bss").type, "hash");
    EXPECT_EQ(map_named(object, "bss___2").name, "names_bp.bss");
    EXPECT_EQ(section_named(object, ".bss").ident, "bss");
    EXPECT_EQ(map_named(object, "template_").name, "template");
}

TEST(BpfObject, refuses_files_that_are_no_bpf_objects) {
    EXPECT_THAT(error_of({}), HasSubstr("empty"));
    const auto text =
        as_bytes("#!/bin/sh\necho this is a script and long enough for an ELF header ................\n");
    EXPECT_THAT(error_of(Bytes(text.begin(), text.end())), HasSubstr("not an ELF file"));
    EXPECT_THAT(error_of(compile("int x;", "c", "x86_64-linux-gnu", "").object),
                HasSubstr("expected a relocatable BPF"));
    EXPECT_THAT(error_of(compile("int x;", "c", "bpfeb", "").object), HasSubstr("big-endian"));
}

TEST(BpfObject, refuses_objects_without_btf_and_says_how_to_get_it) {
    const auto object =
        read_bpf_object("test_bpf", compile("int f(void) { return 0; }", "c", "bpf", "").object, "x.o");
    ASSERT_FALSE(object);
    EXPECT_EQ(object.error().where, "x.o");
    EXPECT_THAT(object.error().what, HasSubstr("no BTF"));
    EXPECT_THAT(object.error().hint, HasSubstr("-g"));
}

TEST(BpfObject, refuses_objects_without_a_program) {
    const auto object = object_of("int x = 1;");
    ASSERT_FALSE(object);
    EXPECT_THAT(object.error().what, HasSubstr("no BPF program"));
    EXPECT_THAT(object.error().hint, HasSubstr("SEC("));
}

TEST(BpfObject, refuses_map_types_that_nobody_knows) {
    const auto object =
        object_of(std::string("struct { __uint(type, 9999); } odd SEC(\".maps\");\n") + program);
    ASSERT_FALSE(object);
    EXPECT_THAT(object.error().what, HasSubstr("'odd'"));
    EXPECT_THAT(object.error().what, HasSubstr("9999"));
}

TEST(BpfObject, passes_on_what_libbpf_says) {
    const auto object =
        object_of(std::string("struct { __uint(nonsense, 1); } odd SEC(\".maps\");\n") + program);
    ASSERT_FALSE(object);
    EXPECT_THAT(object.error().what, HasSubstr("nonsense"));
    EXPECT_THAT(object.error().what, ::testing::Not(HasSubstr("\n")));
}

TEST(BpfObject, refuses_malformed_btf_before_libbpf_sees_it) {
    Bytes elf = compile_bpf(program);
    const auto magic = as_text(elf).find("\x9f\xeb\x01");
    ASSERT_NE(magic, std::string_view::npos);
    elf[magic + 12] = 0xff; // the length of its type section
    elf[magic + 13] = 0xff;
    EXPECT_THAT(error_of(elf), HasSubstr("BTF"));
}

TEST(BpfObject, says_of_a_truncated_file_that_it_is_truncated) {
    const Bytes elf = compile_bpf(golden_text("minimal.bpf.c"));
    for (std::size_t size = 4; size < elf.size(); size += 7)
        EXPECT_THAT(error_of(Bytes(elf.begin(), elf.begin() + static_cast<std::ptrdiff_t>(size))),
                    HasSubstr("truncated or corrupt ELF"))
            << size;
}

TEST(BpfObject, says_of_other_files_that_they_are_no_objects) {
    EXPECT_THAT(error_of({0x7f, 'E', 'L'}), HasSubstr("not an ELF file"));
    Bytes elf = compile_bpf(program);
    std::fill_n(elf.begin() + 40, 8, 0); // e_shoff
    EXPECT_THAT(error_of(elf), HasSubstr("no sections"));
}

} // namespace
