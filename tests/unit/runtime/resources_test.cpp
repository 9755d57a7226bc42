// ecc-run where the process may have little of something: every limit ends in a running guest or in a
// message.
#include "tests/unit/runtime/guest_process.h"

#include "support/files.h"

#include <gmock/gmock.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string plain = guest_path("plain.wasm");

void expect_run_or_message(const Ended& ended, const std::string& message) {
    EXPECT_THAT(ended.err, Not(HasSubstr("panicked")));
    if (ended.status == 0)
        return;
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr(message));
    EXPECT_THAT(ended.err, HasSubstr("try: "));
}

TEST(Resources, every_limit_of_files_ends_in_a_run_or_a_message) {
    for (int limit = 0; limit <= 40; ++limit) {
        SCOPED_TRACE(limit);
        const auto ended = run({"--limit", "files=" + std::to_string(limit), plain, "--", "short-sleep"});
        expect_run_or_message(ended, "files");
        EXPECT_TRUE(limit < 5 ? ended.status == 125 : limit < 20 || ended.status == 0) << ended.err;
    }
}

TEST(Resources, a_limit_of_files_holds_for_the_guest_alone) {
    const auto dir = TempDir::make().value();
    const auto name = (dir.path() / "file").string();
    write_file(name, as_bytes("content\n")).value();
    const auto limited = [&](const std::string& limit) {
        return run({"--limit", "files=" + limit, "--allow", "files=" + dir.path().string(), plain, "--",
                    "print-file", name});
    };
    EXPECT_EQ(limited("20").out, "content\n\n");
    int status = 125;
    for (int limit = 5; limit < 20 && status == 125; ++limit)
        status = limited(std::to_string(limit)).status;
    EXPECT_EQ(status, 1) << "the least with which it begins leaves its fopen none";
}

TEST(Resources, every_limit_of_the_shell_on_files_ends_in_a_run_or_a_message) {
    for (rlim_t limit = 4; limit <= 24; ++limit) { // 3 are for the dynamic linker
        SCOPED_TRACE(limit);
        const auto ended = run({plain, "--", "short-sleep"}, [&] {
            const rlimit files{limit, limit};
            ::setrlimit(RLIMIT_NOFILE, &files);
        });
        expect_run_or_message(ended, "Too many open files");
        EXPECT_TRUE(limit < 20 || ended.status == 0) << ended.err;
    }
}

TEST(Resources, every_limit_of_threads_ends_in_a_run_or_a_message) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root";
    for (rlim_t limit = 1; limit <= 5; ++limit) {
        SCOPED_TRACE(limit);
        const auto ended = run({"--no-cache", plain, "--", "short-sleep"}, [&] {
            const rlimit threads{limit, limit};
            ::setrlimit(RLIMIT_NPROC, &threads);
            // What exempts root from it.
            ::prctl(PR_CAPBSET_DROP, CAP_SYS_RESOURCE);
            ::prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN);
            [[maybe_unused]] const int changed = ::setresuid(64999, 0, 0);
        });
        expect_run_or_message(ended, "Resource temporarily unavailable");
        EXPECT_EQ(ended.status == 0, limit > 2) << ended.err;
    }
}

} // namespace
} // namespace ecc::test
