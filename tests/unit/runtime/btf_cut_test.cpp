// A cut of the kernel's BTF leads to the instructions to which the whole leads, or there is none.
#include "runtime-min/btf_cut.h"

#include "packager/package/elf_scan.h"
#include "packager/package/owned_btf.h"
#include "packager/package/owned_object.h"
#include "runtime-min/btf_cut_cache.h"
#include "runtime-min/libbpf_log.h"
#include "support/files.h"
#include "support/type_relocations.h"
#include "tests/unit/runtime/guest_process.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <cstring>
#include <gmock/gmock.h>

namespace ecc::test {
namespace {

constexpr const char* kernel_btf = "/sys/kernel/btf/vmlinux";

/// Each program's instructions as they would be loaded, without the numbers of maps, which are this process'
/// descriptors.
std::vector<std::vector<std::uint64_t>> relocated(ByteView elf, const std::string& btf_path) {
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "relocated");
    options.btf_custom_path = btf_path.empty() ? nullptr : btf_path.c_str();
    const OwnedObject object(bpf_object__open_mem(elf.data(), elf.size(), &options));
    std::vector<std::vector<std::uint64_t>> programs;
    EXPECT_EQ(bpf_object__prepare(object.get()), 0);
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object.get()) {
        auto& code = programs.emplace_back();
        const bpf_insn* instructions = bpf_program__insns(program);
        for (std::size_t i = 0; i < bpf_program__insn_cnt(program); ++i) {
            bpf_insn instruction = instructions[i];
            if (instruction.code == (BPF_LD | BPF_IMM | BPF_DW) && instruction.src_reg != 0)
                instruction.imm = 0;
            std::memcpy(&code.emplace_back(), &instruction, sizeof instruction);
        }
    }
    return programs;
}

std::optional<Bytes> cut_for(const std::string& guest) {
    const auto elf = guest_bytes(guest);
    const auto scan = scan_elf(elf, guest).value();
    const OwnedBtf kernel(btf__parse(kernel_btf, nullptr));
    return cut_btf(kernel.get(), scan.btf.at(0), scan.btf_ext.at(0));
}

class BtfCutTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::geteuid(), 0U) << "these tests create maps: run them as root";
        ASSERT_EQ(::access(kernel_btf, R_OK), 0) << "this kernel has no BTF";
    }
    LibbpfLog log_;
    LibbpfLogScope scope_{log_};
};

class FittedObjects : public BtfCutTest, public testing::WithParamInterface<const char*> {};

TEST_P(FittedObjects, get_the_same_instructions_from_the_cut_as_from_all_types) {
    const auto elf = guest_bytes(GetParam());
    const auto cut = cut_for(GetParam());
    ASSERT_TRUE(cut);
    const auto source = btf_in_memory(*cut).value();
    const auto whole = relocated(elf, "");
    ASSERT_FALSE(whole.empty());
    EXPECT_EQ(relocated(elf, source.path), whole) << log_.text();
}

TEST_P(FittedObjects, need_a_hundredth_of_the_types) {
    const auto cut = cut_for(GetParam());
    ASSERT_TRUE(cut);
    EXPECT_LT(cut->size(), std::filesystem::file_size(kernel_btf) / 100);
}

INSTANTIATE_TEST_SUITE_P(Guests, FittedObjects, testing::Values("relocated.bpf.o", "fitted.bpf.o"),
                         [](const auto& guest) {
                             const std::string name = guest.param;
                             return name.substr(0, name.find('.'));
                         });

TEST_F(BtfCutTest, the_cut_for_another_object_leads_to_other_instructions) {
    const auto elf = guest_bytes("fitted.bpf.o");
    const auto source = btf_in_memory(cut_for("relocated.bpf.o").value()).value();
    EXPECT_NE(relocated(elf, source.path), relocated(elf, ""));
}

TEST_F(BtfCutTest, an_object_that_needs_the_whole_gets_no_cut) {
    for (const auto* guest : {"numbered.bpf.o", "matched.bpf.o", "absent.bpf.o", "pointing.bpf.o"})
        EXPECT_FALSE(cut_for(guest)) << guest;
}

TEST_F(BtfCutTest, an_object_gets_the_same_instructions_from_types_kept_between_runs) {
    const auto root = TempDir::make().value();
    const auto folder = PrivateFolder::open(root.path() / "cache").value();
    const auto elf = guest_bytes("fitted.bpf.o");
    const auto scan = scan_elf(elf, "fitted").value();
    const BtfCutCache cache(&folder);
    const auto made = cache.find(elf, scan), kept = cache.find(elf, scan);
    ASSERT_TRUE(made && kept);
    EXPECT_EQ(relocated(elf, kept->path), relocated(elf, made->path));
    EXPECT_EQ(relocated(elf, kept->path), relocated(elf, ""));
}

TEST_F(BtfCutTest, that_an_object_needs_the_whole_is_kept_too) {
    const auto root = TempDir::make().value();
    const auto folder = PrivateFolder::open(root.path() / "cache").value();
    const auto elf = guest_bytes("numbered.bpf.o");
    const auto scan = scan_elf(elf, "numbered").value();
    const BtfCutCache cache(&folder);
    EXPECT_FALSE(cache.find(elf, scan));
    EXPECT_FALSE(cache.find(elf, scan));
    EXPECT_EQ(std::ranges::distance(std::filesystem::directory_iterator(root.path() / "cache")), 1);
}

TEST_F(BtfCutTest, without_a_folder_nothing_is_cut) {
    const auto elf = guest_bytes("fitted.bpf.o");
    EXPECT_FALSE(BtfCutCache(nullptr).find(elf, scan_elf(elf, "fitted").value()));
}

TEST_F(BtfCutTest, types_that_refer_to_none_or_to_each_other_are_survived) {
    const auto elf = guest_bytes("fitted.bpf.o");
    const auto scan = scan_elf(elf, "fitted").value();
    const Bytes types(scan.btf.at(0).begin(), scan.btf.at(0).end());
    const OwnedBtf small(btf__new_empty());
    for (std::size_t i = 24; i < types.size(); i += 4) {
        auto damaged = types;
        damaged[i] ^= 3;
        std::ignore = cut_btf(small.get(), damaged, scan.btf_ext.at(0));
    }
}

class TypeRelocations : public testing::Test {
protected:
    Bytes elf_ = guest_bytes("fitted.bpf.o");
    ByteView section_ = scan_elf(elf_, "fitted").value().btf_ext.at(0);
};

TEST_F(TypeRelocations, are_read_with_their_kinds) {
    const auto relocations = read_type_relocations(section_).value();
    std::set<int> kinds;
    for (const auto& relocation : relocations)
        kinds.insert(relocation.kind);
    EXPECT_THAT(kinds, testing::IsSupersetOf({int{BPF_CORE_FIELD_BYTE_OFFSET}, int{BPF_CORE_FIELD_BYTE_SIZE},
                                              int{BPF_CORE_FIELD_EXISTS}, int{BPF_CORE_FIELD_LSHIFT_U64},
                                              int{BPF_CORE_TYPE_ID_LOCAL}, int{BPF_CORE_TYPE_EXISTS},
                                              int{BPF_CORE_TYPE_SIZE}, int{BPF_CORE_ENUMVAL_EXISTS},
                                              int{BPF_CORE_ENUMVAL_VALUE}}));
}

TEST_F(TypeRelocations, of_a_section_cut_anywhere_are_none) {
    for (std::size_t length = 0; length < section_.size(); ++length)
        EXPECT_FALSE(read_type_relocations(section_.first(length))) << length;
}

TEST_F(TypeRelocations, survive_any_wrong_byte) {
    for (std::size_t i = 0; i < section_.size(); ++i) {
        Bytes damaged(section_.begin(), section_.end());
        damaged[i] ^= 0xff;
        std::ignore = read_type_relocations(damaged);
    }
}

TEST(KernelBuild, is_named_the_same_each_time) {
    const auto build = kernel_build();
    ASSERT_TRUE(build);
    EXPECT_EQ(build, kernel_build());
}

} // namespace
} // namespace ecc::test
