// A header that both sides include, with members whose bytes differ on wasm32: what its author is told, and
// that the advice is right.
#include "tests/kernel/kernel_test.h"

#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class SharedHeaderTest : public KernelTest {
protected:
    /// The program with `member` of its header declared as `declaration`.
    Output build_with(const std::string& member, const std::string& declaration) {
        for (const char* file : {"shared.h", "shared.bpf.c", "shared.c"})
            fs::copy(source("tests/kernel/programs") / file, folder() / file,
                     fs::copy_options::overwrite_existing);
        std::ostringstream text;
        text << std::ifstream(folder() / "shared.h").rdbuf();
        std::string header = text.str();
        header.replace(header.find(member), member.size(), declaration);
        std::ofstream(folder() / "shared.h") << header;
        return run({ecc(), folder() / "shared.bpf.c", folder() / "shared.c", "-o", package()});
    }

    fs::path package() const { return folder() / "shared.wasm"; }
};

TEST_F(SharedHeaderTest, with_a_long_fails_with_the_member_and_its_replacement) {
    const Output built = build_with("long long number", "long number");
    EXPECT_EQ(built.status, 1);
    EXPECT_THAT(built.err, AllOf(HasSubstr("shared.h"), HasSubstr("number"), HasSubstr("use '__s64'")));
    EXPECT_FALSE(fs::exists(package()));
}

TEST_F(SharedHeaderTest, with_a_pointer_fails_with_the_member_and_its_replacement) {
    const Output built = build_with("unsigned long long place", "void *place");
    EXPECT_EQ(built.status, 1);
    EXPECT_THAT(built.err, AllOf(HasSubstr("shared.h"), HasSubstr("place"), HasSubstr("use '__u64'")));
    EXPECT_FALSE(fs::exists(package()));
}

TEST_F(SharedHeaderTest, as_it_was_told_to_be_arrives_with_the_values_of_the_kernel_part) {
    const Output built = build_with("long long number", "long long number");
    ASSERT_EQ(built.status, 0) << built.err;
    const Output output = start(package()).wait();
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_EQ(output.out, "32 bytes: 1 -20015998343868 ffff888000001000 z\n");
}

} // namespace
} // namespace ecc::test
