// Kernel symbols by <ecc/ksyms.h>, as a tool with stack traces looks them up.
#include "tests/kernel/kernel_test.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

class KsymsTest : public KernelTest {
protected:
    fs::path package() {
        return build({"tests/kernel/programs/maps.bpf.c", "tests/kernel/programs/ksyms.c"});
    }
};

TEST_F(KsymsTest, functions_are_found_by_name_and_by_address) {
    const Output output = run({ecc_run(), "--allow", "symbols", package()});
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_EQ(output.out, "schedule same\nnone\n");
}

TEST_F(KsymsTest, loading_fails_if_that_is_not_allowed) {
    const Output output = run({ecc_run(), package()});
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("--allow symbols"));
    EXPECT_THAT(output.err, HasSubstr("ksyms: Operation not permitted"));
}

} // namespace
} // namespace ecc::test
