#include "runtime-min/libbpf_log.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

TEST(LibbpfLog, keeps_its_end_when_it_grows_too_long) {
    LibbpfLog log;
    log.append(std::string(LibbpfLog::limit, 'a'));
    log.append("the end");
    EXPECT_EQ(log.text().size(), LibbpfLog::limit);
    EXPECT_TRUE(log.text().ends_with("the end"));
}

TEST(LibbpfLog, tells_the_rejected_program_and_the_verifiers_reason) {
    const auto failure =
        explain_load_failure("libbpf: prog 'careless': BPF program load failed: Permission denied\n"
                             "libbpf: prog 'careless': -- BEGIN PROG LOAD LOG --\n"
                             "0: (b7) r1 = 0\n"
                             "R0 invalid mem access 'map_value_or_null'\n"
                             "processed 9 insns (limit 1000000)\n"
                             "-- END PROG LOAD LOG --\n"
                             "libbpf: failed to load object 'x'\n");
    EXPECT_EQ(failure.program, "careless");
    EXPECT_EQ(failure.reason, "R0 invalid mem access 'map_value_or_null'");
    EXPECT_EQ(failure.details, "0: (b7) r1 = 0\n"
                               "R0 invalid mem access 'map_value_or_null'\n"
                               "processed 9 insns (limit 1000000)");
}

TEST(LibbpfLog, shows_libbpfs_own_words_when_no_program_was_rejected) {
    const auto failure = explain_load_failure("libbpf: failed to create map\n");
    EXPECT_EQ(failure.program, "");
    EXPECT_EQ(failure.details, "libbpf: failed to create map");
}

TEST(LibbpfLog, tells_the_map_that_could_not_be_created) {
    const auto failure =
        explain_load_failure("libbpf: Error in bpf_create_map_xattr(counts): -EINVAL. Retrying without BTF.\n"
                             "libbpf: map 'counts': failed to create: -EINVAL\n"
                             "libbpf: failed to load object 'x'\n");
    EXPECT_EQ(failure.map, "counts");
    EXPECT_EQ(failure.program, "");
}

TEST(LibbpfLog, tells_what_the_kernel_does_not_have) {
    const auto failure =
        explain_load_failure("libbpf: prog 'a': failed to find kernel BTF type ID of 'nosuch': -3\n"
                             "libbpf: failed to load object 'x'\n");
    EXPECT_EQ(failure.missing, "nosuch");
}

TEST(LibbpfLog, shows_only_the_last_lines_of_a_long_log) {
    std::string log;
    for (int i = 0; i < 1000; ++i)
        log += "line " + std::to_string(i) + "\n";
    const auto failure = explain_load_failure(log);
    EXPECT_TRUE(failure.details.ends_with("line 999"));
    EXPECT_EQ(failure.details.find("line 500\n"), std::string::npos);
}

TEST(LibbpfLog, makes_something_of_nothing) {
    EXPECT_EQ(explain_load_failure("").details, "");
    EXPECT_EQ(explain_load_failure("").pin, "");
    EXPECT_EQ(explain_load_failure("': BPF program load failed").program, "");
}

} // namespace
} // namespace ecc
