#include "runtime-min/process_maps.h"

#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace ecc {
namespace {

OrErrno<ProcessMapping> find(const std::string& text, std::uint64_t address) {
    std::istringstream lines(text);
    return find_mapping(lines, address);
}

const std::string sample =
    "55d000000000-55d000002000 r--p 00000000 fe:01 1234                       /usr/bin/tool\n"
    "55d000002000-55d000005000 r-xp 00001000 fe:01 1234                       /usr/bin/tool\n"
    "7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n"
    "7f0000002000-7f0000003000 r-xp 0000a000 fe:01 99     /a b/lib (deleted)\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0      [vsyscall]\n";

TEST(ProcessMaps, say_which_file_lies_at_an_address) {
    const auto found = find(sample, 0x55d000002010).value();
    EXPECT_EQ(found.name, "/usr/bin/tool");
    EXPECT_EQ(found.start, 0x55d000002000);
    EXPECT_EQ(found.end, 0x55d000005000);
    EXPECT_EQ(found.offset, 0x1000);
    EXPECT_EQ(find(sample, 0x7f0000002000)->name, "/a b/lib (deleted)");
    EXPECT_EQ(find(sample, 0xffffffffff600fff)->name, "[vsyscall]");
}

TEST(ProcessMaps, have_no_name_for_anonymous_memory) {
    EXPECT_EQ(find(sample, 0x7f0000000fff)->name, "");
    EXPECT_EQ(find("1000-2000 rw-p 00000000 00:00 0\n", 0x1000)->name, "");
}

TEST(ProcessMaps, have_nothing_between_mappings_and_outside_of_them) {
    for (const std::uint64_t address : {0ULL, 0x55cfffffffffULL, 0x55d000005000ULL, 0x7f0000001000ULL, ~0ULL})
        EXPECT_EQ(find(sample, address).error(), -ENOENT) << address;
}

TEST(ProcessMaps, of_a_process_without_memory_are_those_of_none) {
    EXPECT_EQ(find("", 0x1000).error(), -ESRCH);
}

TEST(ProcessMaps, skip_lines_of_another_form) {
    const auto text =
        "\n1000\n1000-\n1000-3000\n1000-3000 \n1000-3000 r-xp\n1000-3000 r-xp \n1000-3000 r-xp 0\n"
        "x-3000 r-xp 0 0:0 0 a\n10000000000000000-3000 r-xp 0 0:0 0 b\n1000-3000 r-xp x 0:0 0 c\n" +
        std::string(100000, 'f') + "\n2000-3000 r-xp 00000000 00:00 0 right\n";
    EXPECT_EQ(find(text, 0x2000)->name, "right");
    EXPECT_EQ(find("2000-3000 r-xp 00000000 \n", 0x2000)->name, "") << "cut off behind the offset";
}

TEST(ProcessMaps, are_asked_for_from_the_kernel) {
    EXPECT_EQ(process_mapping_at(0, 0x1000).error(), -ESRCH);
    EXPECT_EQ(process_mapping_at(-1, 0x1000).error(), -ESRCH);
    EXPECT_EQ(process_mapping_at(INT32_MIN, 0x1000).error(), -ESRCH);
    EXPECT_EQ(process_mapping_at(INT32_MAX, 0x1000).error(), -ESRCH) << "beyond the kernel's largest number";
    EXPECT_EQ(process_mapping_at(::getpid(), 0).error(), -ENOENT);
    const int local = 0;
    EXPECT_EQ(process_mapping_at(::getpid(), reinterpret_cast<std::uintptr_t>(&local))->name, "[stack]");
}

} // namespace
} // namespace ecc
