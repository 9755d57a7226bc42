#include "packager/package/elf_scan.h"

#include "tests/unit/runtime/guest_process.h"

#include <gtest/gtest.h>
#include <linux/bpf.h>

namespace ecc {
namespace {

using test::guest_bytes;

TEST(ElfScan, finds_the_helpers_that_programs_call) {
    const auto scan = scan_elf(guest_bytes("events.bpf.o"), "events").value();
    EXPECT_TRUE(scan.helpers.contains(BPF_FUNC_ringbuf_output));
    EXPECT_FALSE(scan.helpers.contains(BPF_FUNC_send_signal));
}

TEST(ElfScan, finds_a_helper_that_only_a_subprogram_calls) {
    const auto scan = scan_elf(guest_bytes("signalling.bpf.o"), "signalling").value();
    EXPECT_TRUE(scan.helpers.contains(BPF_FUNC_send_signal));
}

TEST(ElfScan, refuses_what_is_no_bpf_object) {
    EXPECT_FALSE(scan_elf({}, "empty"));
    EXPECT_FALSE(scan_elf(as_bytes("no ELF at all"), "text"));
    auto other_machine = guest_bytes("tiny.bpf.o");
    other_machine[18] = 62;
    EXPECT_FALSE(scan_elf(other_machine, "x86"));
}

TEST(ElfScan, survives_an_object_cut_anywhere) {
    const auto whole = guest_bytes("tiny.bpf.o");
    for (std::size_t length = 0; length < whole.size(); length += 7)
        std::ignore = scan_elf(ByteView(whole).first(length), "cut");
}

TEST(ElfScan, survives_any_byte_of_the_headers_being_wrong) {
    const auto whole = guest_bytes("tiny.bpf.o");
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto damaged = whole;
        damaged[i] ^= 0xff;
        std::ignore = scan_elf(damaged, "damaged");
    }
}

} // namespace
} // namespace ecc
