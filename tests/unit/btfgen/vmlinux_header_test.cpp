#include "btfgen/vmlinux_header.h"
#include "support/digest.h"
#include "tests/unit/btfgen/btf_builder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <random>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;
using ::testing::Not;

/// A small kernel: a task points to its memory map and to another task, and contains a list head.
Bytes kernel_blob() {
    BtfBuilder builder;
    btf* types = builder.get();
    const int u32 = builder.u32();
    const int u32_alias = btf__add_typedef(types, "__u32", u32);
    const int file = builder.record("file", 4, {{"mode", u32, 0}});
    const int file_pointer = btf__add_ptr(types, file);
    const int memory = builder.record("mm_struct", 8, {{"exe_file", file_pointer, 0}});
    const int memory_pointer = btf__add_ptr(types, memory);
    const int list = builder.record("list_head", 4, {{"n", u32_alias, 0}});
    builder.record("task_struct", 16, {{"mm", memory_pointer, 0}, {"list", list, 64}});
    btf__add_enum(types, "", 4);
    btf__add_enum_value(types, "PF_ONE", 1);
    builder.record("unrelated", 4, {{"x", u32, 0}});
    const int prototype = btf__add_func_proto(types, file_pointer);
    btf__add_func_param(types, "id", u32);
    const int function = btf__add_func(types, "bpf_get_file", BTF_FUNC_STATIC, prototype);
    btf__add_decl_tag(types, "bpf_kfunc", function, -1);
    btf__add_func(types, "not_exported", BTF_FUNC_STATIC, prototype);
    return builder.blob();
}

std::string cut(const Bytes& blob, const std::unordered_set<std::string>& names) {
    auto types = VmlinuxBtf::parse(blob, "test.btf");
    if (!types)
        return "error: " + types.error().what;
    auto header = types->cut_header(names);
    return header ? *header : "error: " + header.error().what;
}

std::string full(const Bytes& blob) {
    auto types = VmlinuxBtf::parse(blob, "test.btf");
    if (!types)
        return "error: " + types.error().what;
    auto header = types->full_header();
    return header ? *header : "error: " + header.error().what;
}

TEST(VmlinuxHeader, prints_everything_in_bpftools_frame) {
    const std::string text = full(kernel_blob());
    EXPECT_TRUE(text.starts_with("#ifndef __VMLINUX_H__\n#define __VMLINUX_H__\n"));
    EXPECT_TRUE(text.ends_with("#endif /* __VMLINUX_H__ */\n"));
    EXPECT_THAT(text, HasSubstr("#pragma clang attribute push (__attribute__((preserve_access_index))"));
    EXPECT_THAT(text, HasSubstr("struct unrelated {\n\tunsigned int x;\n};"));
    EXPECT_THAT(text, HasSubstr("extern struct file *bpf_get_file(unsigned int id) __weak __ksym;"));
    EXPECT_THAT(text, Not(HasSubstr("not_exported")));
}

TEST(VmlinuxHeader, cut_holds_what_is_named_and_what_that_contains) {
    const std::string text = cut(kernel_blob(), {"task_struct"});
    EXPECT_THAT(text, HasSubstr("struct task_struct {"));
    EXPECT_THAT(text, HasSubstr("struct list_head {"));
    EXPECT_THAT(text, HasSubstr("struct mm_struct;"));
    EXPECT_THAT(text, Not(HasSubstr("struct mm_struct {")));
    EXPECT_THAT(text, Not(HasSubstr("unrelated")));
    EXPECT_THAT(text, Not(HasSubstr("bpf_get_file")));
}

TEST(VmlinuxHeader, cut_follows_pointers_of_members_that_are_named) {
    const std::string text = cut(kernel_blob(), {"task_struct", "mm", "exe_file"});
    EXPECT_THAT(text, HasSubstr("struct mm_struct {"));
    EXPECT_THAT(text, HasSubstr("struct file {"));
}

TEST(VmlinuxHeader, cut_finds_enumerations_by_enumerator_and_kfuncs_by_name) {
    const std::string text = cut(kernel_blob(), {"PF_ONE", "bpf_get_file"});
    EXPECT_THAT(text, HasSubstr("PF_ONE = 1"));
    EXPECT_THAT(text, HasSubstr("extern struct file *bpf_get_file(unsigned int id) __weak __ksym;"));
    EXPECT_THAT(text, HasSubstr("struct file {")); // what it returns is likely looked into
}

TEST(VmlinuxHeader, cut_to_nothing_still_has_the_integers_that_helpers_are_declared_with) {
    EXPECT_THAT(cut(kernel_blob(), {}), HasSubstr("typedef unsigned int __u32;"));
}

TEST(VmlinuxHeader, digest_is_that_of_the_blob) {
    const Bytes blob = kernel_blob();
    EXPECT_EQ(VmlinuxBtf::parse(blob, "test.btf")->digest(), sha256_digest(blob));
}

TEST(VmlinuxHeader, refuses_what_is_no_btf) {
    EXPECT_THAT(full({}), HasSubstr("too few for a BTF header"));
    EXPECT_THAT(full(Bytes(100, 0x7f)), HasSubstr("not BTF"));
    Bytes big_endian = kernel_blob();
    std::swap(big_endian[0], big_endian[1]);
    EXPECT_THAT(full(big_endian), HasSubstr("big-endian"));
    Bytes newer = kernel_blob();
    newer[2] = 9;
    EXPECT_THAT(full(newer), HasSubstr("BTF version 9, expected 1"));
}

TEST(VmlinuxHeader, refuses_every_truncation) {
    const Bytes blob = kernel_blob();
    for (std::size_t size = 0; size < blob.size(); size++)
        EXPECT_THAT(full(Bytes(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size))),
                    HasSubstr("error:"));
}

TEST(VmlinuxHeader, refuses_names_that_would_become_other_c_text) {
    BtfBuilder builder;
    builder.record("a;\n#include \"/etc/passwd\"\n", 0, {});
    EXPECT_THAT(full(builder.blob()), HasSubstr("corrupt BTF: a name contains the byte"));
}

TEST(VmlinuxHeader, accepts_strings_that_name_nothing) {
    BtfBuilder builder;
    builder.record("event", 4, {{"pid", builder.u32(), 0}});
    btf__add_str(builder.get(), "\tbpf_printk(\"a line of the source, as .BTF.ext has it\");");
    const auto header = VmlinuxBtf::parse(builder.blob(), "test.btf");
    ASSERT_TRUE(header) << header.error().what;
    EXPECT_THAT(header->full_header().value(), HasSubstr("struct event {"));
}

TEST(VmlinuxHeader, refuses_a_prototype_whose_result_is_out_of_range) {
    BtfBuilder builder;
    btf__add_func_proto(builder.get(), 0);
    Bytes blob = builder.blob();
    patch_u32(blob, first_type + 8, 1000);
    EXPECT_THAT(full(blob), HasSubstr("returns type 1000"));
}

TEST(VmlinuxHeader, refuses_types_that_contain_themselves) {
    BtfBuilder typedefs;
    btf__add_typedef(typedefs.get(), "a", 2);
    btf__add_typedef(typedefs.get(), "b", 1);
    EXPECT_THAT(full(typedefs.blob()), HasSubstr("'a' contains itself"));
    EXPECT_THAT(cut(typedefs.blob(), {"a"}), HasSubstr("contains itself"));

    BtfBuilder records;
    records.record("loop", 4, {{"self", 1, 0}});
    EXPECT_THAT(full(records.blob()), HasSubstr("'loop' contains itself"));

    BtfBuilder pointers;
    btf__add_ptr(pointers.get(), 2);
    btf__add_ptr(pointers.get(), 1);
    EXPECT_THAT(full(pointers.blob()), HasSubstr("contains itself"));
}

TEST(VmlinuxHeader, accepts_a_struct_that_points_to_itself) {
    BtfBuilder builder;
    btf__add_ptr(builder.get(), 2);
    builder.record("node", 8, {{"next", 1, 0}});
    EXPECT_THAT(full(builder.blob()), HasSubstr("struct node *next;"));
}

TEST(VmlinuxHeader, refuses_nesting_that_would_exhaust_the_stack) {
    BtfBuilder builder;
    int type = builder.u32();
    for (int i = 0; i < 100000; i++)
        type = btf__add_const(builder.get(), type);
    EXPECT_THAT(full(builder.blob()), HasSubstr("levels deep"));
}

TEST(VmlinuxHeader, refuses_types_that_double_at_each_level) {
    BtfBuilder builder;
    int type = builder.record("", 1, {});
    for (int i = 0; i < 60; i++)
        type = builder.record("", 1, {{fmt::format("a{}", i), type, 0}, {fmt::format("b{}", i), type, 0}});
    builder.record("bomb", 1, {{"all", type, 0}});
    EXPECT_THAT(full(builder.blob()), HasSubstr("expands to more than"));
    EXPECT_THAT(cut(builder.blob(), {"bomb"}), HasSubstr("expands to more than"));
}

TEST(VmlinuxHeader, refuses_members_that_are_no_objects_inside_their_struct) {
    BtfBuilder outside;
    outside.record("short_one", 2, {{"wide", outside.u32(), 0}});
    EXPECT_THAT(full(outside.blob()), HasSubstr("member 1 of type 'short_one' is no object inside it"));

    BtfBuilder incomplete; // libbpf would divide by its alignment
    const int forward = btf__add_fwd(incomplete.get(), "later", BTF_FWD_STRUCT);
    incomplete.record("holder", 8, {{"whole", forward, 0}});
    EXPECT_THAT(full(incomplete.blob()), HasSubstr("member 1 of type 'holder' is no object inside it"));
}

TEST(VmlinuxHeader, refuses_padding_and_names_that_would_become_endless_text) {
    BtfBuilder padding;
    padding.record("hollow", 0x0fffffff, {});
    EXPECT_THAT(full(padding.blob()), HasSubstr("'hollow' expands to more than"));

    BtfBuilder large;
    large.record("large", 0x7fffffff, {});
    EXPECT_THAT(full(large.blob()), HasSubstr("'large' has 2147483647 bytes"));

    BtfBuilder repeated;
    for (int i = 0; i < 1000; i++)
        repeated.record(fmt::format("hollow{}", i).c_str(), 1 << 20, {});
    EXPECT_THAT(full(repeated.blob()), HasSubstr("expand to"));

    BtfBuilder name;
    name.record(std::string(5000, 'a').c_str(), 0, {});
    EXPECT_THAT(full(name.blob()), HasSubstr("a name is longer than 1024 bytes"));
}

TEST(VmlinuxHeader, survives_corruption_anywhere) {
    const Bytes good = kernel_blob();
    std::mt19937 random(1);
    for (int round = 0; round < 5000; round++) {
        Bytes blob = good;
        for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; changes--)
            blob[random() % blob.size()] = static_cast<std::uint8_t>(random());
        full(blob);
        cut(blob, {"task_struct", "mm", "bpf_get_file", "PF_ONE"});
    }
}

} // namespace
