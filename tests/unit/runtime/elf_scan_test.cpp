#include "packager/package/elf_scan.h"

#include "tests/unit/runtime/guest_process.h"

#include <cstring>
#include <elf.h>
#include <functional>
#include <gtest/gtest.h>
#include <linux/bpf.h>

namespace ecc {
namespace {

using test::guest_bytes;

template <class T> T at(const Bytes& elf, std::size_t offset) {
    T value;
    std::memcpy(&value, elf.data() + offset, sizeof value);
    return value;
}

/// Changes the headers of all sections.
void change_sections(Bytes& elf, const std::function<void(Elf64_Shdr&, const char* name)>& change) {
    const auto header = at<Elf64_Ehdr>(elf, 0);
    const auto place = [&](std::size_t i) { return header.e_shoff + i * sizeof(Elf64_Shdr); };
    const auto names = at<Elf64_Shdr>(elf, place(header.e_shstrndx)).sh_offset;
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        auto section = at<Elf64_Shdr>(elf, place(i));
        change(section, reinterpret_cast<const char*>(elf.data() + names + section.sh_name));
        std::memcpy(elf.data() + place(i), &section, sizeof section);
    }
}

TEST(ElfScan, finds_the_helpers_that_programs_call) {
    const auto scan = scan_elf(guest_bytes("events.bpf.o"), "events").value();
    EXPECT_TRUE(scan.helpers.contains(BPF_FUNC_ringbuf_output));
    EXPECT_FALSE(scan.helpers.contains(BPF_FUNC_send_signal));
}

TEST(ElfScan, finds_a_helper_that_only_a_subprogram_calls) {
    const auto scan = scan_elf(guest_bytes("signalling.bpf.o"), "signalling").value();
    EXPECT_TRUE(scan.helpers.contains(BPF_FUNC_send_signal));
}

TEST(ElfScan, finds_the_undefined_symbols_that_are_called) {
    const auto scan = scan_elf(guest_bytes("calling.bpf.o"), "calling").value();
    EXPECT_EQ(scan.called_externs,
              (std::set<std::string, std::less<>>{"bpf_rcu_read_lock", "bpf_rcu_read_unlock",
                                                  "bpf_rcu_read_lock___other"}));
    EXPECT_TRUE(scan_elf(guest_bytes("unresolved.bpf.o"), "unresolved").value().called_externs.empty());
}

// libbpf goes by the name, and takes them for types all the same.
TEST(ElfScan, sees_types_in_sections_that_say_they_are_code) {
    auto elf = guest_bytes("fitted.bpf.o");
    const auto plain = scan_elf(elf, "plain").value();
    change_sections(elf, [](Elf64_Shdr& section, std::string_view name) {
        if (name.starts_with(".BTF"))
            section.sh_flags |= SHF_EXECINSTR;
    });
    const auto scan = scan_elf(elf, "disguised").value();
    EXPECT_EQ(scan.btf.size(), 1u);
    EXPECT_EQ(scan.btf_ext.size(), 1u);
    EXPECT_TRUE(plain.relocates_types && scan.relocates_types);
}

TEST(ElfScan, finds_functions_and_what_is_undefined) {
    const auto elf = guest_bytes("signalling.bpf.o");
    const auto scan = scan_elf(elf, "signalling").value();
    EXPECT_GE(scan.functions.size(), 2u);
    for (const ByteView function : scan.functions)
        EXPECT_EQ(function[function.size() - sizeof(bpf_insn)], BPF_JMP | BPF_EXIT);
    EXPECT_EQ(scan.externs, 1u); // the first symbol of every table
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
