// argp of the guest library against glibc's, on the same program (argp/demo.c).
#include "tests/kernel/process.h"

#include <gtest/gtest.h>
#include <sstream>

namespace ecc::test {

namespace {

/// Blanks at the ends of lines do not count, nor a second empty line.
std::string trimmed(const std::string& text) {
    std::string result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        line.erase(line.find_last_not_of(' ') + 1);
        if (!line.empty() || !result.ends_with("\n\n"))
            result += line + '\n';
    }
    return result;
}

class ArgpTest : public testing::TestWithParam<Command> {};

} // namespace

TEST_P(ArgpTest, does_what_glibc_does) {
    Command ours{ECC_BINARY_DIR "/bin/argp_demo"}, glibc{ECC_BINARY_DIR "/bin/argp_demo_glibc"};
    ours.insert(ours.end(), GetParam().begin(), GetParam().end());
    glibc.insert(glibc.end(), GetParam().begin(), GetParam().end());
    const auto expected = run(glibc), actual = run(ours);
    EXPECT_EQ(actual.status, expected.status);
    EXPECT_EQ(trimmed(actual.out), trimmed(expected.out));
    EXPECT_EQ(trimmed(actual.err), trimmed(expected.err));
}

INSTANTIATE_TEST_SUITE_P(
    CommandLines, ArgpTest,
    testing::Values(Command{}, Command{"--help"}, Command{"-?"}, Command{"--usage"}, Command{"--version"},
                    Command{"-V"}, Command{"-v"}, Command{"-vj"}, Command{"-vp42"}, Command{"-p", "42"},
                    Command{"--pid=42"}, Command{"--pid", "42"}, Command{"--process=42"},
                    Command{"--proc=42"}, Command{"-p0"}, Command{"-p"}, Command{"--pid"},
                    Command{"--verb=3"}, Command{"--nope"}, Command{"-x"}, Command{"-c"}, Command{"-cred"},
                    Command{"-c", "red"}, Command{"--colour"}, Command{"--colour=red"}, Command{"-s"},
                    Command{"-D2"}, Command{"--depth=2"}, Command{"--a-very-long-name-of-an-option=1"},
                    Command{"one"}, Command{"one", "-v", "two"}, Command{"one", "--", "-v"},
                    Command{"--", "-v", "--pid"}, Command{"-", "-v"}, Command{"stop", "-v", "more"},
                    Command{"one", "stop", "more"}, Command{"bad"}, Command{"fail"},
                    Command{"1", "2", "3", "4"}, Command{"--pid=", "x"}, Command{""}));

} // namespace ecc::test
