#include "skelgen/generated_program.h"
#include "tests/unit/skelgen/objects.h"

#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::UnorderedElementsAre;

TEST(GeneratedProgram, has_no_flag_for_constants_that_no_command_line_says) {
    const auto model =
        model_of("struct range { int from, to; };\n"
                 "const volatile struct range range = {};\n"
                 "const volatile int levels[4] = {};\n"
                 "const volatile char names[2][8] = {};\n"
                 "const volatile char name[8] = {};\n"
                 "const volatile int level = 1;\n"
                 "volatile int counters[4];\n"
                 "SEC(\"xdp\") int pass(void* ctx) {"
                 " return range.to + levels[1] + names[1][1] + name[1] + level + counters[1]; }\n");
    ASSERT_TRUE(model) << model.error().what;
    EXPECT_THAT(fixed_constants(*model), UnorderedElementsAre("range", "levels", "names"));
}

TEST(GeneratedProgram, reads_iterators) {
    const auto object = object_of("SEC(\"iter/task\") int dump(void* ctx) { return 0; }\n"
                                  "SEC(\"iter.s/task\") int sleeps(void* ctx) { return 0; }\n"
                                  "SEC(\"fentry/vfs_open\") int traced(void* ctx) { return 0; }\n");
    ASSERT_TRUE(object) << object.error().what;
    for (const BpfProgram& program : object->programs)
        EXPECT_EQ(is_iterator(program), program.name != "traced") << program.name;
}

} // namespace
