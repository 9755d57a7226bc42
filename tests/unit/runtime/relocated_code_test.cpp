#include "runtime-min/relocated_code.h"

#include "packager/package/owned_object.h"
#include "tests/unit/runtime/guest_process.h"

#include <bpf/libbpf.h>
#include <gmock/gmock.h>
#include <linux/bpf.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

/// The object of calling.bpf.c as libbpf prepares it for this kernel, and what its ELF shows.
class RelocatedCode : public testing::Test {
protected:
    Bytes elf_ = guest_bytes("calling.bpf.o");
    ObjectFacts facts_ = read_object_facts(elf_, "calling").value();
    OwnedObject object_{bpf_object__open_mem(elf_.data(), elf_.size(), nullptr)};

    void SetUp() override { ASSERT_EQ(bpf_object__prepare(object_.get()), 0); }

    /// Writes over an instruction, as a crafted relocation could.
    void change(std::size_t at, const bpf_insn& instruction) {
        const auto* program = bpf_object__next_program(object_.get(), nullptr);
        const_cast<bpf_insn*>(bpf_program__insns(program))[at] = instruction;
    }

    std::string complaint() const {
        const auto checked = check_relocated_code(object_.get(), facts_);
        return checked ? "" : checked.error().what;
    }
};

TEST_F(RelocatedCode, may_be_those_that_the_elf_shows) {
    EXPECT_EQ(complaint(), "");
}

TEST_F(RelocatedCode, may_be_no_other_helper) {
    ASSERT_EQ(facts_.helpers.erase(BPF_FUNC_get_smp_processor_id), 1u);
    EXPECT_THAT(complaint(), HasSubstr("'on_enter' calls helper 8 "));
}

TEST_F(RelocatedCode, may_be_no_other_function_of_the_kernel) {
    ASSERT_EQ(std::erase(facts_.kernel_functions, "bpf_rcu_read_unlock"), 1u);
    EXPECT_THAT(complaint(), HasSubstr("'bpf_rcu_read_unlock'"));
}

TEST_F(RelocatedCode, names_maps_of_its_own_object_alone) {
    const int own = bpf_map__fd(bpf_object__next_map(object_.get(), nullptr));
    for (const std::uint8_t form : {BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_VALUE}) {
        change(0, {.code = BPF_LD | BPF_IMM | BPF_DW, .src_reg = form, .imm = own});
        EXPECT_EQ(complaint(), "");
        change(0, {.code = BPF_LD | BPF_IMM | BPF_DW, .src_reg = form, .imm = own + 1000});
        EXPECT_THAT(complaint(), HasSubstr("names a map that is not its object's"));
    }
    for (const std::uint8_t form : {BPF_PSEUDO_MAP_IDX, BPF_PSEUDO_MAP_IDX_VALUE}) {
        change(0, {.code = BPF_LD | BPF_IMM | BPF_DW, .src_reg = form, .imm = 0});
        EXPECT_THAT(complaint(), HasSubstr("names a map in a way"));
    }
}

TEST_F(RelocatedCode, reads_no_variable_of_the_kernel_that_the_elf_does_not_show) {
    change(0, {.code = BPF_LD | BPF_IMM | BPF_DW, .src_reg = BPF_PSEUDO_BTF_ID, .imm = 1});
    change(1, {});
    EXPECT_THAT(complaint(), HasSubstr("reads the kernel's"));
}

TEST_F(RelocatedCode, go_by_names_without_flavor) {
    std::erase(facts_.kernel_functions, "bpf_rcu_read_lock");
    EXPECT_EQ(complaint(), "");
    std::erase(facts_.kernel_functions, "bpf_rcu_read_lock___other");
    EXPECT_THAT(complaint(), HasSubstr("'bpf_rcu_read_lock'"));
}

} // namespace
} // namespace ecc::test
