#include "runtime-min/address_space.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#ifndef __SANITIZE_ADDRESS__ // whose own map of memory fits no limit
namespace ecc::test {
namespace {

using testing::HasSubstr;

class AddressLimit : public testing::Test {
protected:
    void SetUp() override { ASSERT_EQ(::getrlimit(RLIMIT_AS, &before_), 0); }
    void TearDown() override { ::setrlimit(RLIMIT_AS, &before_); }
    void set(rlim_t mebibytes) const {
        const rlimit limit{mebibytes << 20, before_.rlim_max};
        ASSERT_EQ(::setrlimit(RLIMIT_AS, &limit), 0);
    }

private:
    rlimit before_{};
};

TEST_F(AddressLimit, is_enough_from_the_size_on_that_the_message_names) {
    set(4607);
    const auto lacks = check_address_space("tool.wasm");
    ASSERT_FALSE(lacks);
    EXPECT_EQ(lacks.error().where, "tool.wasm");
    EXPECT_THAT(lacks.error().what, HasSubstr("needs 4608 MiB of address space"));
    EXPECT_THAT(lacks.error().what, HasSubstr("limited to 4607 MiB of it"));
    set(4608);
    EXPECT_TRUE(check_address_space("tool.wasm"));
}

TEST_F(AddressLimit, is_not_called_too_low_where_it_was_used_up) {
    set(4608);
    EXPECT_THAT(address_space_error("tool.wasm").what,
                HasSubstr("compiling it took too much of the 4608 MiB that this process is limited to"));
}

} // namespace
} // namespace ecc::test
#endif
