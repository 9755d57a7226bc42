#include "packager/package/btf_rules.h"
#include "tests/unit/btfgen/btf_builder.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;

std::string complaint(const BtfBuilder& builder) {
    const Bytes blob = builder.blob();
    const auto checked = check_btf(blob, "object");
    return checked ? "" : checked.error().what;
}

/// Of one struct of 16 bytes in that section.
struct StructOps {
    BtfBuilder builder;
    int number = builder.u64();
    int function = btf__add_func_proto(builder.get(), 0);
    int pointer = btf__add_ptr(builder.get(), function);

    std::string complaint(const std::vector<BtfMember>& members, const char* section = ".struct_ops.link") {
        const int type = builder.record("ops", 16, members);
        const int variable = btf__add_var(builder.get(), "mine", BTF_VAR_GLOBAL_ALLOCATED, type);
        btf__add_datasec(builder.get(), section, 0);
        btf__add_datasec_var_info(builder.get(), variable, 0, 16);
        return ::complaint(builder);
    }
};

TEST(BtfRules, accept_a_struct_ops_whose_members_lie_in_it) {
    StructOps ops;
    EXPECT_EQ(ops.complaint({{"call", ops.pointer, 0}, {"number", ops.number, 64}}), "");
}

TEST(BtfRules, refuse_members_beyond_the_end_in_every_section_for_them) {
    for (const char* section : {".struct_ops", ".struct_ops.link", "?.struct_ops", "?.struct_ops.link"}) {
        StructOps pointers, numbers, far;
        EXPECT_THAT(pointers.complaint({{"call", pointers.pointer, 128}}, section), HasSubstr("'call'"));
        EXPECT_THAT(numbers.complaint({{"number", numbers.number, 72}}, section), HasSubstr("'number'"));
        EXPECT_THAT(far.complaint({{"number", far.number, 0xfffffff8}}, section), HasSubstr("'number'"));
    }
}

TEST(BtfRules, refuse_what_libbpf_would_not_copy_as_it_is) {
    StructOps unaligned, bitfield;
    EXPECT_THAT(unaligned.complaint({{"call", unaligned.pointer, 32}}), HasSubstr("unaligned pointer"));
    EXPECT_THAT(bitfield.complaint({{"number", bitfield.number, 0, 3}}), HasSubstr("bitfield"));
}

TEST(BtfRules, refuse_pointers_that_a_long_of_four_bytes_makes_short) {
    StructOps ops;
    ops.builder.integer("long", 4, BTF_INT_SIGNED);
    EXPECT_THAT(ops.complaint({{"number", ops.number, 0}, {"call", ops.pointer, 96}}), HasSubstr("'call'"));
}

TEST(BtfRules, refuse_variables_that_are_no_structs_or_beyond_any_section) {
    BtfBuilder scalar;
    const int variable = btf__add_var(scalar.get(), "mine", BTF_VAR_GLOBAL_ALLOCATED, scalar.u64());
    btf__add_datasec(scalar.get(), ".struct_ops", 0);
    btf__add_datasec_var_info(scalar.get(), variable, 0, 8);
    EXPECT_THAT(complaint(scalar), HasSubstr("is no struct"));

    BtfBuilder far;
    const int type = far.record("ops", 16, {{"number", far.u64(), 0}});
    const int there = btf__add_var(far.get(), "mine", BTF_VAR_GLOBAL_ALLOCATED, type);
    btf__add_datasec(far.get(), ".struct_ops", 0);
    btf__add_datasec_var_info(far.get(), there, 0xfffffff8, 16);
    EXPECT_THAT(complaint(far), HasSubstr("outside section"));
}

TEST(BtfRules, leave_other_sections_and_structs_alone) {
    StructOps ops;
    EXPECT_EQ(ops.complaint({{"number", ops.number, 72}}, ".data"), "");
}

std::string complaint_about_bitfield(BtfBuilder& builder, int type) {
    builder.record("options", 16, {{"mode", type, 0, 3}});
    return complaint(builder);
}

TEST(BtfRules, accept_bitfields_of_integers_and_enums) {
    BtfBuilder builder;
    const int modes = btf__add_enum(builder.get(), "modes", 4);
    const int wide = btf__add_enum64(builder.get(), "wide", 8, false);
    const int named = btf__add_typedef(builder.get(), "flag", builder.u8());
    for (const int type : {modes, wide, named, builder.integer("__int128", 16)})
        EXPECT_EQ(complaint_about_bitfield(builder, type), "");
}

TEST(BtfRules, refuse_bitfields_by_whose_size_libbpf_could_not_divide) {
    BtfBuilder pointer, record;
    EXPECT_THAT(complaint_about_bitfield(pointer, btf__add_ptr(pointer.get(), 0)), HasSubstr("'mode'"));
    EXPECT_THAT(complaint_about_bitfield(record, record.record("empty", 0, {})), HasSubstr("'mode'"));
    for (const std::uint32_t size : {0u, 3u, 32u}) {
        BtfBuilder builder;
        builder.record("options", 16, {{"mode", 2, 0, 3}});
        builder.u8();
        Bytes damaged = builder.blob();
        constexpr std::size_t record_size = sizeof(btf_type) + sizeof(btf_member);
        patch_u32(damaged, first_type + record_size + offsetof(btf_type, size), size);
        const auto checked = check_btf(damaged, "object");
        ASSERT_FALSE(checked) << size;
        EXPECT_THAT(checked.error().what, HasSubstr("'mode'"));
    }
}

/// Of a section that lists one variable of that type.
std::string complaint_about_variable(BtfBuilder& builder, const char* section, int type) {
    const int variable = btf__add_var(builder.get(), "value", BTF_VAR_GLOBAL_EXTERN, type);
    btf__add_datasec(builder.get(), section, 0);
    btf__add_datasec_var_info(builder.get(), variable, 0, 8);
    return complaint(builder);
}

TEST(BtfRules, accept_values_of_the_kernels_configuration) {
    BtfBuilder number, text;
    EXPECT_EQ(complaint_about_variable(number, ".kconfig", number.u64()), "");
    EXPECT_EQ(complaint_about_variable(text, ".kconfig", text.array(text.character(), 4096)), "");
}

TEST(BtfRules, refuse_values_whose_sizes_libbpf_could_not_add_up) {
    for (const std::uint32_t size : {4097u, 0x40000000u, 0x80000000u, 0xffffffffu}) {
        BtfBuilder text, data;
        EXPECT_THAT(complaint_about_variable(text, ".kconfig", text.array(text.character(), size)),
                    HasSubstr("'value' in .kconfig"));
        EXPECT_EQ(complaint_about_variable(data, ".data", data.array(data.character(), size)), "");
    }
}

TEST(BtfRules, refuse_sections_that_list_what_is_no_variable) {
    for (const char* section : {".kconfig", ".ksyms", ".data"}) {
        BtfBuilder builder;
        const int type = btf__add_fwd(builder.get(), "elsewhere", BTF_FWD_STRUCT);
        btf__add_datasec(builder.get(), section, 0);
        btf__add_datasec_var_info(builder.get(), type, 0, 8);
        EXPECT_THAT(complaint(builder), HasSubstr("'elsewhere'")) << section;
    }
}

TEST(BtfRules, accept_functions_among_the_kernels_symbols_alone) {
    for (const char* section : {".ksyms", ".data"}) {
        BtfBuilder builder;
        const int prototype = btf__add_func_proto(builder.get(), 0);
        btf__add_func(builder.get(), "bpf_task_release", BTF_FUNC_EXTERN, prototype);
        btf__add_datasec(builder.get(), section, 0);
        btf__add_datasec_var_info(builder.get(), 2, 0, 0);
        EXPECT_EQ(complaint(builder).empty(), std::string_view(section) == ".ksyms") << section;
    }
}

TEST(BtfRules, refuse_typedefs_in_a_circle) {
    BtfBuilder builder;
    const int first = btf__add_typedef(builder.get(), "first", 2);
    btf__add_const(builder.get(), first);
    EXPECT_THAT(complaint(builder), HasSubstr("type [1]"));
}

TEST(BtfRules, refuse_arrays_in_a_circle) {
    BtfBuilder builder;
    btf__add_array(builder.get(), 1, 2, 3);
    btf__add_array(builder.get(), 1, 1, 3);
    EXPECT_THAT(complaint(builder), HasSubstr("type [1]"));
}

TEST(BtfRules, leave_what_is_no_btf_to_libbpf) {
    const Bytes text = {'t', 'e', 'x', 't'};
    EXPECT_TRUE(check_btf(text, "object"));
    EXPECT_TRUE(check_btf({}, "object"));
}

} // namespace
