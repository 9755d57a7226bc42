#include "runtime-min/bpf_objects.h"

#include "tests/unit/runtime/guest_process.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

// libbpf would map it there over what ecc-run has.
TEST(BpfObject, lets_no_object_choose_where_its_arena_is_mapped) {
    const Policy rules;
    const Diagnostics diagnostics([](auto&&...) {});
    const BpfPolicy policy{.rules = &rules, .diagnostics = &diagnostics};
    const auto elf = guest_bytes("arena.bpf.o");
    const auto object = BpfObject::open(policy, "arena", elf, 0);
    ASSERT_TRUE(object);
    EXPECT_EQ(bpf_map__map_extra(bpf_object__find_map_by_name((*object)->get(), "arena")), 0u);
}

} // namespace
} // namespace ecc::test
