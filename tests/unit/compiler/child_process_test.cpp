#include "compiler/child_process.h"

#include <cerrno>
#include <cstdlib>
#include <gmock/gmock.h>
#include <system_error>

namespace {

using namespace ecc;
using ::testing::HasSubstr;

Error error_of(const std::function<Bytes()>& work) {
    const auto result = run_in_child("a.bpf.c", "clang gave up", work);
    return result ? Error{} : result.error();
}

TEST(ChildProcess, returns_what_the_work_makes) {
    const auto result = run_in_child("a.bpf.c", "clang gave up", [] { return Bytes{1, 2, 3}; });
    ASSERT_TRUE(result);
    EXPECT_EQ(*result, (Bytes{1, 2, 3}));
}

TEST(ChildProcess, that_dies_is_an_error_of_the_input) {
    const Error error = error_of([]() -> Bytes { std::abort(); });
    EXPECT_EQ(error.fault, Fault::input);
    EXPECT_EQ(error.what, "clang gave up");
}

TEST(ChildProcess, without_memory_or_threads_says_so_and_names_the_limit) {
    const Error memory = error_of([]() -> Bytes { throw std::bad_alloc(); });
    EXPECT_EQ(memory.fault, Fault::environment);
    EXPECT_THAT(memory.what, HasSubstr("memory"));
    EXPECT_THAT(memory.hint, HasSubstr("ulimit -v"));
    const Error threads =
        error_of([]() -> Bytes { throw std::system_error(EAGAIN, std::generic_category()); });
    EXPECT_EQ(threads.fault, Fault::environment);
    EXPECT_THAT(threads.what, HasSubstr("threads"));
}

} // namespace
