#include "skelgen/ui_tables.h"
#include "tests/unit/skelgen/objects.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::ElementsAre;

/// The tables of `struct event`, which `source` defines.
struct Tables {
    BpfObject object;
    UiTables tables;
    std::size_t event;

    explicit Tables(const std::string& source)
        : object(object_of(source + "struct event event;\n"
                                    "SEC(\"xdp\") int pass(void* ctx) { return *(char*)&event; }\n")
                     .value()),
          tables(object.layouts, object.name),
          event(tables.add_record("event", object.layouts.graph.find(TypeKind::structure, "event")).value()) {
    }

    /// "name offset size kind" of each field.
    std::vector<std::string> fields(std::size_t record) const {
        std::vector<std::string> texts;
        for (const UiField& field : tables.records().at(record).fields)
            texts.push_back(
                fmt::format("{} {} {} {}", field.name, field.offset_bits, field.size_bits, field.kind));
        return texts;
    }
    std::size_t inner(std::size_t record, std::size_t field) const {
        return tables.records().at(record).fields.at(field).record;
    }
};

TEST(UiTables, show_every_member_of_a_named_union) {
    const Tables tables("union word { unsigned whole; unsigned short halves[2]; };\n"
                        "struct event { int before; union word w; union { char c; long l; } u[2]; };\n");
    EXPECT_THAT(tables.fields(tables.event),
                ElementsAre("before 0 32 ECC_UI_SIGNED", "w 32 32 ECC_UI_RECORD", "u 64 64 ECC_UI_RECORD"));
    EXPECT_THAT(tables.fields(tables.inner(tables.event, 1)),
                ElementsAre("whole 0 32 ECC_UI_UNSIGNED", "halves 0 16 ECC_UI_UNSIGNED"));
    EXPECT_THAT(tables.fields(tables.inner(tables.event, 2)),
                ElementsAre("c 0 8 ECC_UI_SIGNED", "l 0 64 ECC_UI_SIGNED"));
}

TEST(UiTables, show_the_members_of_unnamed_unions_beside_the_others) {
    const Tables tables("struct event { int before; union { int i; struct { short a, b; }; }; };\n");
    EXPECT_THAT(tables.fields(tables.event), ElementsAre("before 0 32 ECC_UI_SIGNED", "i 32 32 ECC_UI_SIGNED",
                                                         "a 32 16 ECC_UI_SIGNED", "b 48 16 ECC_UI_SIGNED"));
}

TEST(UiTables, show_as_many_elements_of_a_flexible_array_as_there_are) {
    const auto last_field = [](const std::string& member) {
        const Tables tables("struct pair { int a, b; }; enum e { one, two }; struct none {};\n"
                            "struct event { int count; " +
                            member + "; };\n");
        const UiField& field = tables.tables.records().at(tables.event).fields.back();
        return fmt::format("{} {} {:x}", field.size_bits, field.kind, field.count);
    };
    EXPECT_EQ(last_field("short numbers[]"), "16 ECC_UI_SIGNED ffffffff");
    EXPECT_EQ(last_field("unsigned long numbers[0]"), "64 ECC_UI_UNSIGNED ffffffff");
    EXPECT_EQ(last_field("int rows[][3]"), "32 ECC_UI_SIGNED ffffffff");
    EXPECT_EQ(last_field("struct pair pairs[]"), "64 ECC_UI_RECORD ffffffff");
    EXPECT_EQ(last_field("enum e choices[]"), "32 ECC_UI_ENUM ffffffff");
    EXPECT_EQ(last_field("void *stack[]"), "64 ECC_UI_ADDRESS ffffffff");
    EXPECT_EQ(last_field("char names[][16]"), "128 ECC_UI_TEXT ffffffff");
    EXPECT_EQ(last_field("char text[]"), "0 ECC_UI_TEXT 0");
    EXPECT_EQ(last_field("unsigned char bytes[]"), "0 ECC_UI_BYTES 0");
    EXPECT_EQ(last_field("struct none nothing[]"), "0 ECC_UI_BYTES 0");
}

TEST(UiTables, show_the_flexible_array_of_the_struct_at_the_end) {
    const Tables tables("struct line { int level; char text[]; };\n"
                        "struct event { struct line *first; struct line last; };\n");
    EXPECT_TRUE(tables.tables.records().at(tables.event).has_open_end);
    EXPECT_THAT(tables.fields(tables.inner(tables.event, 1)),
                ElementsAre("level 0 32 ECC_UI_SIGNED", "text 32 0 ECC_UI_TEXT"));
}

TEST(UiTables, show_unions_in_unions_once_for_each_type) {
    const Tables tables("union inner { int i; float f; };\n"
                        "union outer { union inner one, other; char text[8]; };\n"
                        "struct event { union outer a, b; };\n");
    EXPECT_EQ(tables.inner(tables.event, 0), tables.inner(tables.event, 1));
    EXPECT_EQ(tables.tables.records().size(), 3U);
    EXPECT_THAT(tables.fields(tables.inner(tables.event, 0)),
                ElementsAre("one 0 32 ECC_UI_RECORD", "other 0 32 ECC_UI_RECORD", "text 0 64 ECC_UI_TEXT"));
}

} // namespace
