#include "compiler/review.h"

#include <bpf/libbpf.h>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Review : public ::testing::Test {
protected:
    Review() {
        BpfMap ring;
        ring.type_number = BPF_MAP_TYPE_RINGBUF;
        ring.max_entries = 4096;
        model_.object.maps.push_back(ring);
    }

    void add_program(const std::string& section, bool is_known, bool is_loaded = true) {
        BpfProgram program;
        program.name = "seen";
        program.section = section;
        program.type = is_known ? "tracepoint" : "unspec";
        program.is_loaded = is_loaded;
        model_.object.programs.push_back(program);
    }

    Result<void> run(UserPartOrigin user_part) {
        const Diagnostics diagnostics([&](const Diagnostic& told) {
            told_.push_back(std::string(told.level) + ": " + std::string(told.where) + ": " +
                            std::string(told.what));
        });
        return review_kernel_part(model_, user_part, "a.bpf.c", diagnostics);
    }

    BindingModel model_;
    std::vector<std::string> told_;
};

TEST_F(Review, refuses_an_unknown_section_that_a_generated_user_part_would_load) {
    add_program("tracepoints/a/b", false);
    const auto result = run(UserPartOrigin::generated);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault, Fault::input);
    EXPECT_EQ(result.error().where, "a.bpf.c");
    EXPECT_THAT(result.error().what, AllOf(HasSubstr("'seen'"), HasSubstr("\"tracepoints/a/b\"")));
    EXPECT_EQ(result.error().hint, "SEC(\"tracepoint/a/b\")");
}

TEST_F(Review, shows_where_sections_are_listed_if_none_is_alike) {
    add_program("foo/bar", false);
    const auto result = run(UserPartOrigin::generated);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().hint, HasSubstr("docs.kernel.org"));
}

TEST_F(Review, refuses_a_map_that_no_kernel_creates) {
    BpfMap counts;
    counts.name = "counts";
    counts.type = "hash";
    counts.type_number = BPF_MAP_TYPE_HASH;
    counts.key_size = counts.value_size = 4;
    model_.object.maps.push_back(counts);
    const auto result = run(UserPartOrigin::generated);
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().what, AllOf(HasSubstr("'counts' (hash)"), HasSubstr("max_entries is 0")));
    EXPECT_THAT(result.error().hint, HasSubstr("definition of the map"));
    EXPECT_TRUE(run(UserPartOrigin::written)) << "which may set it before the load";
}

TEST_F(Review, warns_of_an_unknown_section_that_a_user_part_may_leave_out) {
    add_program("kprob/x", false);
    ASSERT_TRUE(run(UserPartOrigin::written));
    EXPECT_THAT(told_, ElementsAre(AllOf(HasSubstr("warning: a.bpf.c: "), HasSubstr("kprob/x"),
                                         HasSubstr("SEC(\"kprobe/x\")"))));
}

TEST_F(Review, warns_of_an_unknown_section_that_is_optional) {
    add_program("kprob/x", false, false);
    ASSERT_TRUE(run(UserPartOrigin::generated));
    EXPECT_THAT(told_, ElementsAre(HasSubstr("warning")));
}

TEST_F(Review, has_nothing_to_say_of_known_sections) {
    add_program("tracepoint/a/b", true);
    add_program("kprobe/x", true, false);
    ASSERT_TRUE(run(UserPartOrigin::generated));
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(Review, notes_that_a_generated_program_prints_nothing) {
    model_.object.maps.clear();
    ASSERT_TRUE(run(UserPartOrigin::generated));
    EXPECT_THAT(told_, ElementsAre(AllOf(HasSubstr("note"), HasSubstr("prints nothing"))));
    told_.clear();
    ASSERT_TRUE(run(UserPartOrigin::written));
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(Review, takes_an_iterator_for_output) {
    model_.object.maps.clear();
    add_program("iter/task", true);
    ASSERT_TRUE(run(UserPartOrigin::generated));
    EXPECT_THAT(told_, IsEmpty());
}

} // namespace
