#include "runtime-min/limits.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::HasSubstr;

std::uint64_t memory(const std::string& text) {
    Limits limits;
    const auto set = set_limit(limits, "memory=" + text);
    EXPECT_TRUE(set) << text;
    return limits.memory;
}

TEST(Limits, take_sizes_as_docker_writes_them) {
    EXPECT_EQ(memory("4096"), 4096U);
    EXPECT_EQ(memory("64k"), 64U << 10);
    EXPECT_EQ(memory("256M"), 256U << 20);
    EXPECT_EQ(memory("1.5 GiB"), 3U << 29);
    EXPECT_EQ(memory("0"), 0U);
    EXPECT_EQ(memory("none"), no_limit);
}

TEST(Limits, take_times_in_seconds) {
    Limits limits;
    for (const auto& [text, milliseconds] :
         {std::pair{"cpu=2", 2000U}, {"cpu=0.5", 500U}, {"cpu=20ms", 20U}, {"cpu=2m", 120'000U}}) {
        ASSERT_TRUE(set_limit(limits, text)) << text;
        EXPECT_EQ(limits.cpu, milliseconds) << text;
    }
}

TEST(Limits, refuse_anything_else_and_say_what_they_take) {
    Limits limits;
    for (const char* words : {"", "memory", "memory=", "memory=-1", "memory=1T", "memory=x", "memory=nan",
                              "memory=inf", "memory=1e300", "memory=1M1", "links=1.5", "memory=1.5",
                              "memory=1.5B", "links=1.5k", "links=1M", "speed=3", "=3", "MEMORY=3", "cpu=5G"})
        EXPECT_FALSE(set_limit(limits, words)) << words;
    EXPECT_THAT(set_limit(limits, "speed=3").error().hint, HasSubstr("one of memory, tables"));
    EXPECT_THAT(set_limit(limits, "linsk=3").error().hint, HasSubstr("\"links\"; known are memory, tables"));
    EXPECT_THAT(set_limit(limits, "memory=x").error().what, HasSubstr("a size such as 256M"));
    EXPECT_EQ(limits, Limits()) << "nothing was changed";
}

TEST(Limits, are_written_as_people_read_them) {
    const auto text = [](auto member, std::uint64_t value) { return limit_text(limit_kind(member), value); };
    EXPECT_EQ(text(&Limits::memory, 1u << 30), "1 GiB");
    EXPECT_EQ(text(&Limits::memory, 1536), "1536 bytes");
    EXPECT_EQ(text(&Limits::cpu, 1500), "1.5 s");
    EXPECT_EQ(text(&Limits::links, 7), "7");
    EXPECT_EQ(text(&Limits::output, no_limit), "none");
}

TEST(Limits, name_themselves_and_the_option_when_they_are_reached) {
    const auto error = limit_reached(limit_kind(&Limits::maps), 1 << 20, "tool.wasm");
    EXPECT_THAT(error.what,
                HasSubstr("\"maps\": memory of its BPF objects and their maps, when full, at most 1 MiB"));
    EXPECT_THAT(error.hint, HasSubstr("--limit maps="));
}

} // namespace
} // namespace ecc
