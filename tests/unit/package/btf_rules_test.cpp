#include "packager/package/btf_rules.h"
#include "tests/unit/btfgen/btf_builder.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;

std::string complaint(const BtfBuilder& builder) {
    const Bytes blob = builder.blob();
    ElfScan scan;
    scan.btf = {blob};
    const auto checked = check_btf(scan, "object");
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

TEST(BtfRules, refuse_typedefs_in_a_circle) {
    BtfBuilder builder;
    const int first = btf__add_typedef(builder.get(), "first", 2);
    btf__add_const(builder.get(), first);
    EXPECT_THAT(complaint(builder), HasSubstr("type [1]"));
}

TEST(BtfRules, leave_what_is_no_btf_to_libbpf) {
    const Bytes text = {'t', 'e', 'x', 't'};
    ElfScan scan;
    scan.btf = {text, ByteView{}};
    EXPECT_TRUE(check_btf(scan, "object"));
}

} // namespace
