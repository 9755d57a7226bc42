#include "support/diagnostics.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace ecc {
namespace {

std::string printed(const Error& error) {
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* tmp = std::tmpfile();
    Diagnostics("ecc", tmp).error(error);
    std::rewind(tmp);
    std::string result;
    while (::getline(&text, &size, tmp) >= 0)
        result += text;
    std::free(text);
    std::fclose(tmp);
    return result;
}

TEST(Diagnostics, NamesProgramPlaceFaultAndWayOut) {
    EXPECT_EQ(printed({Fault::input, "a.bpf.c", "no BPF program in this file", "put SEC(\"...\") before a function"}),
              "ecc: error: a.bpf.c: no BPF program in this file\n  try: put SEC(\"...\") before a function\n");
}

TEST(Diagnostics, LeavesOutWhatThereIsNot) {
    EXPECT_EQ(printed({Fault::usage, "", "unknown option", ""}), "ecc: error: unknown option\n");
}

TEST(Diagnostics, UsesNoColourInAFile) {
    EXPECT_EQ(printed({Fault::input, "x", "y", "z"}).find('\033'), std::string::npos);
}

TEST(Printable, MakesTerminalControlsVisible) {
    EXPECT_EQ(printable("a\033[2Jb\x7f"), "a\\x1b[2Jb\\x7f");
    EXPECT_EQ(printable("two\nlines\tand a tab"), "two\nlines\tand a tab");
}

} // namespace
} // namespace ecc
