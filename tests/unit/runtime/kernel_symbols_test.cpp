#include "runtime-min/kernel_symbols.h"

#include <gtest/gtest.h>
#include <sstream>

namespace ecc {
namespace {

OrErrno<KernelSymbols> read(const std::string& text) {
    std::istringstream lines(text);
    return KernelSymbols::read(lines);
}

constexpr const char* sample = "0000000000001000 A percpu\n"
                               "ffffffff81000100 T second\n"
                               "ffffffff81000000 T first\n"
                               "ffffffff81000000 t alias\n"
                               "ffffffff81000180 D data\n"
                               "ffffffffc0000000 t of_module\t[nf_nat]\n";

TEST(KernelSymbols, find_the_function_that_an_address_lies_in) {
    const auto symbols = read(sample).value();
    EXPECT_EQ(symbols.at(0xffffffff81000000)->name, "first");
    EXPECT_EQ(symbols.at(0xffffffff810000ff)->name, "first");
    EXPECT_EQ(symbols.at(0xffffffff810001ff)->name, "second") << "data is no function";
    EXPECT_EQ(symbols.at(0xffffffffc0000010)->name, "of_module");
    EXPECT_EQ(symbols.at(0xffffffffc0000010)->start, 0xffffffffc0000000);
}

TEST(KernelSymbols, find_nothing_where_no_function_can_reach) {
    const auto symbols = read(sample).value();
    for (const std::uint64_t address : {0ULL, 0x1000ULL, 0x7fff00000000ULL, ~0ULL})
        EXPECT_FALSE(symbols.at(address)) << address;
    EXPECT_FALSE(symbols.find("data"));
    EXPECT_FALSE(symbols.find(""));
}

TEST(KernelSymbols, find_functions_by_name) {
    const auto symbols = read(sample).value();
    EXPECT_EQ(symbols.find("second")->start, 0xffffffff81000100);
    EXPECT_EQ(symbols.find("alias")->start, 0xffffffff81000000);
    EXPECT_EQ(symbols.find("of_module")->name, "of_module");
}

TEST(KernelSymbols, are_not_permitted_where_the_kernel_hides_addresses) {
    EXPECT_EQ(read("0000000000000000 T first\n0000000000000000 T second\n").error(), -EPERM);
    EXPECT_EQ(read("").error(), -EPERM);
}

TEST(KernelSymbols, skip_lines_of_another_form) {
    const auto symbols = read("ffffffff81000000\nT\nffffffff81000000 T\nffffffff81000000 T \n"
                              "xyz T name\nffffffff81000010 T right\nffffffff81000020 T " +
                              std::string(10000, 'x') + "\n")
                             .value();
    EXPECT_EQ(symbols.at(0xffffffff81000030)->name, "right");
}

} // namespace
} // namespace ecc
