#include "runtime-min/object_trial.h"

#include "tests/unit/runtime/guest_process.h"

#include <gmock/gmock.h>
#include <random>

namespace ecc::test {
namespace {

using testing::HasSubstr;

TEST(ObjectTrial, accepts_an_object) {
    EXPECT_TRUE(try_object(guest_bytes("events.bpf.o"), "events"));
}

TEST(ObjectTrial, refuses_what_is_no_object_with_a_reason) {
    for (const std::string_view text : {"", "\x7f",
                                        "\x7f"
                                        "ELF",
                                        "no object at all"}) {
        const auto tried = try_object(as_bytes(text), "thing");
        ASSERT_FALSE(tried);
        EXPECT_EQ(tried.error().where, "thing");
        EXPECT_THAT(tried.error().what, HasSubstr("ELF"));
    }
}

TEST(ObjectTrial, survives_objects_that_are_cut_off) {
    const auto whole = guest_bytes("events.bpf.o");
    for (std::size_t part = 1; part < 40; ++part)
        (void)try_object(ByteView(whole).first(whole.size() * part / 40), "cut");
}

TEST(ObjectTrial, survives_objects_with_damage_anywhere) {
    const auto whole = guest_bytes("events.bpf.o");
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        auto damaged = whole;
        for (int i = 0; i < 8; ++i)
            damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
        (void)try_object(damaged, "damaged");
    }
}

} // namespace
} // namespace ecc::test
