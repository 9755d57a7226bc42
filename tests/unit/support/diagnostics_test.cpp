#include "support/diagnostics.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <utility>

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
    EXPECT_EQ(
        printed(
            {Fault::input, "a.bpf.c", "no BPF program in this file", "put SEC(\"...\") before a function"}),
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
    EXPECT_EQ(printable("\u009b2J\u0080\u009f"), "\\u009b2J\\u0080\\u009f") << "one character for ESC [";
    EXPECT_EQ(printable("a\x9b"
                        "2J\x85"),
              "a\\x9b2J\\x85")
        << "the same where text is not UTF-8";
}

TEST(Printable, MakesTheOrderOfBidirectionalTextVisible) {
    for (const auto& [text, shown] : {std::pair("\u202a", "\\u202a"),
                                      {"\u202e", "\\u202e"},
                                      {"\u2066", "\\u2066"},
                                      {"\u2069", "\\u2069"},
                                      {"\u200e", "\\u200e"},
                                      {"\u200f", "\\u200f"},
                                      {"\u061c", "\\u061c"}})
        EXPECT_EQ(printable_line(std::string("a") + text + "b"), std::string("a") + shown + "b");
}

TEST(Printable, LeavesLettersOfEveryScriptAsTheyAre) {
    for (const std::string text : {"\u00a0\u00e9", "\u05d0\u0628", "\u200d\u2010\u2029\u202f\u2065\u206a",
                                   "\u65e5", "\U0001f600\U0001f5db", "\xe9t\xe9", "\xe2\xa0", "\xf0"})
        EXPECT_EQ(printable(text), text);
}

} // namespace
} // namespace ecc
