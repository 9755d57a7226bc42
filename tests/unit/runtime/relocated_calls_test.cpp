#include "runtime-min/relocated_calls.h"

#include "tests/unit/runtime/guest_process.h"

#include <bpf/libbpf.h>
#include <gmock/gmock.h>
#include <memory>

namespace ecc::test {
namespace {

using testing::HasSubstr;

struct CloseObject {
    void operator()(bpf_object* object) const { bpf_object__close(object); }
};

/// The object of calling.bpf.c as libbpf prepares it for this kernel, and what its ELF shows.
class RelocatedCalls : public testing::Test {
protected:
    Bytes elf_ = guest_bytes("calling.bpf.o");
    ObjectFacts facts_ = read_object_facts(elf_, "calling").value();
    std::unique_ptr<bpf_object, CloseObject> object_{bpf_object__open_mem(elf_.data(), elf_.size(), nullptr)};

    void SetUp() override { ASSERT_EQ(bpf_object__prepare(object_.get()), 0); }

    std::string complaint() const {
        const auto checked = check_relocated_calls(object_.get(), facts_);
        return checked ? "" : checked.error().what;
    }
};

TEST_F(RelocatedCalls, may_be_those_that_the_elf_shows) {
    EXPECT_EQ(complaint(), "");
}

TEST_F(RelocatedCalls, may_be_no_other_helper) {
    ASSERT_EQ(facts_.helpers.erase(BPF_FUNC_get_smp_processor_id), 1u);
    EXPECT_THAT(complaint(), HasSubstr("'on_enter' calls helper 8 "));
}

TEST_F(RelocatedCalls, may_be_no_other_function_of_the_kernel) {
    ASSERT_EQ(std::erase(facts_.kernel_functions, "bpf_rcu_read_unlock"), 1u);
    EXPECT_THAT(complaint(), HasSubstr("'bpf_rcu_read_unlock'"));
}

TEST_F(RelocatedCalls, go_by_names_without_flavor) {
    std::erase(facts_.kernel_functions, "bpf_rcu_read_lock");
    EXPECT_EQ(complaint(), "");
    std::erase(facts_.kernel_functions, "bpf_rcu_read_lock___other");
    EXPECT_THAT(complaint(), HasSubstr("'bpf_rcu_read_lock'"));
}

} // namespace
} // namespace ecc::test
