#include "packager/package/object_rules.h"

#include "tests/unit/btfgen/btf_builder.h"

#include <gmock/gmock.h>
#include <linux/bpf.h>

namespace ecc {
namespace {

using ::testing::HasSubstr;

constexpr std::uint8_t load = BPF_LD | BPF_IMM | BPF_DW, leave = BPF_JMP | BPF_EXIT;

/// Instructions of which only these codes matter.
Bytes function_of(std::initializer_list<std::uint8_t> codes) {
    Bytes function;
    for (const std::uint8_t code : codes) {
        function.push_back(code);
        function.resize(function.size() + sizeof(bpf_insn) - 1);
    }
    return function;
}

std::string complaint(const ElfScan& scan) {
    const auto checked = check_object(scan, "object");
    return checked ? "" : checked.error().what;
}

std::string complaint_about(const Bytes& function) {
    const Bytes other = function_of({leave});
    return complaint({.functions = {other, function, other}});
}

TEST(ObjectRules, accept_functions_of_whole_instructions) {
    EXPECT_EQ(complaint_about(function_of({leave})), "");
    EXPECT_EQ(complaint_about(function_of({load, 0, leave})), "");
    EXPECT_EQ(complaint_about(function_of({load, 0})), "");
    EXPECT_EQ(complaint_about({}), "");
    EXPECT_EQ(complaint_about({load, 0, 0}), ""); // libbpf refuses a size that is no multiple
}

// libbpf writes the half of an address that is not there behind the function.
TEST(ObjectRules, refuse_functions_that_end_within_an_instruction) {
    EXPECT_THAT(complaint_about(function_of({load})), HasSubstr("ends within"));
    EXPECT_THAT(complaint_about(function_of({leave, load})), HasSubstr("ends within"));
    EXPECT_THAT(complaint_about(function_of({load, load})), HasSubstr("ends within"));
}

TEST(ObjectRules, refuse_more_undefined_symbols_than_any_object_needs) {
    EXPECT_EQ(complaint({.externs = 10'000}), "");
    EXPECT_THAT(complaint({.externs = 10'001}), HasSubstr("undefined symbols"));
}

TEST(ObjectRules, refuse_more_functions_or_code_than_any_kernel_takes) {
    const Bytes small = function_of({leave});
    Bytes large(128u << 10);
    EXPECT_EQ(complaint({.functions = std::vector<ByteView>(4096, small)}), "");
    EXPECT_THAT(complaint({.functions = std::vector<ByteView>(4097, small)}), HasSubstr("4097"));
    EXPECT_EQ(complaint({.functions = std::vector<ByteView>(64, large)}), "");
    EXPECT_THAT(complaint({.functions = std::vector<ByteView>(65, large)}), HasSubstr("more code"));
}

TEST(ObjectRules, refuse_jump_tables) {
    EXPECT_THAT(complaint({.has_jump_tables = true}), HasSubstr("jump tables"));
}

/// Of one CO-RE relocation with this access string: a section .BTF.ext as libbpf's btf.h describes it.
Bytes relocation_of(std::uint32_t access) {
    ByteWriter section;
    for (const std::uint32_t number : {0x0001eb9fu, 32u, 0u, 0u, 0u, 0u, 0u, 28u})
        section.u32(number);
    for (const std::uint32_t number : {16u, 0u, 1u}) // the size of a record, a section's name, their number
        section.u32(number);
    for (const std::uint32_t number : {0u, 1u, access, 0u})
        section.u32(number);
    return section.bytes();
}

std::string complaint_about_access(const char* text) {
    testing::BtfBuilder builder;
    builder.u32();
    const int access = btf__add_str(builder.get(), text);
    const Bytes types = builder.blob(), relocations = relocation_of(static_cast<std::uint32_t>(access));
    return complaint({.btf = {types}, .btf_ext = {relocations}});
}

TEST(ObjectRules, accept_relocations_whose_members_are_indexes) {
    for (const char* access : {"0", "0:1", "0:12:3:999999999"})
        EXPECT_EQ(complaint_about_access(access), "") << access;
}

// libbpf compares a signed number with how many members there are, and takes what stands before the first.
TEST(ObjectRules, refuse_relocations_whose_members_are_none) {
    for (const char* access :
         {"-1", "0:-170000000", "0:", ":0", "", "0::1", "+1", " 1", "0x1", "4294967295", "1000000000", "0:a"})
        EXPECT_THAT(complaint_about_access(access), HasSubstr("CO-RE")) << access;
}

TEST(ObjectRules, refuse_relocations_that_cannot_be_read) {
    testing::BtfBuilder builder;
    builder.u32();
    const Bytes types = builder.blob(), whole = relocation_of(0);
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_THAT(complaint({.btf = {types}, .btf_ext = {ByteView(whole).first(length)}}),
                    HasSubstr("CO-RE"))
            << length;
    Bytes swapped = whole;
    std::swap(swapped[0], swapped[1]);
    EXPECT_THAT(complaint({.btf = {types}, .btf_ext = {swapped}}), HasSubstr("CO-RE"));
}

// Of a variable in .kconfig, libbpf takes the place for the number of a kernel function.
TEST(ObjectRules, refuse_calls_of_variables) {
    testing::BtfBuilder builder;
    const auto number = builder.u32();
    btf__add_var(builder.get(), "CONFIG_HZ", BTF_VAR_GLOBAL_EXTERN, number);
    const Bytes types = builder.blob();
    EXPECT_EQ(complaint({.called_externs = {"bpf_rcu_read_lock"}, .btf = {types}}), "");
    EXPECT_THAT(complaint({.called_externs = {"CONFIG_HZ"}, .btf = {types}}), HasSubstr("'CONFIG_HZ'"));
}

TEST(ObjectRules, look_at_every_section_of_types) {
    const Bytes text = {'t', 'e', 'x', 't'};
    EXPECT_EQ(complaint({.btf = {text, ByteView{}}}), "");
}

} // namespace
} // namespace ecc
