#include "runtime-min/object_trial.h"

#include "packager/package/owned_object.h"
#include "tests/unit/runtime/guest_process.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <functional>
#include <gmock/gmock.h>
#include <linux/bpf.h>
#include <random>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

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

TEST(ObjectTrial, refuses_calls_of_variables) {
    const auto tried = try_object(guest_bytes("variable.bpf.o"), "variable");
    ASSERT_FALSE(tried);
    EXPECT_THAT(tried.error().what, HasSubstr("calls 'CONFIG_CC_VERSION_TEXT', which is a variable"));
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

/// A libbpf handler for sections "tracepoinX", which the bytes of the object name by a letter changed: what
/// it does stands for what an object could make libbpf do while it loads.
class LoadTrial : public testing::Test {
protected:
    static inline std::function<int()> on_load;
    Bytes elf_ = guest_bytes("events.bpf.o");
    OwnedObject object_;
    int handler_ = -1;

    void SetUp() override {
        LIBBPF_OPTS(libbpf_prog_handler_opts, options);
        options.prog_prepare_load_fn = [](bpf_program*, bpf_prog_load_opts*, long) { return on_load(); };
        handler_ = libbpf_register_prog_handler("tracepoinX/", BPF_PROG_TYPE_TRACEPOINT, {}, &options);
        const std::string_view own = "tracepoint/";
        for (auto at = elf_.begin(); at != elf_.end(); ++at) {
            at = std::search(at, elf_.end(), own.begin(), own.end());
            if (at == elf_.end())
                break;
            at[9] = 'X';
        }
        object_.reset(bpf_object__open_mem(elf_.data(), elf_.size(), nullptr));
        ASSERT_TRUE(object_);
    }
    void TearDown() override { libbpf_unregister_prog_handler(handler_); }

    /// What is said of an object that makes libbpf do this; "0" if it may be loaded.
    std::string complaint(std::function<int()> work, const Confinement& limits = {}) {
        on_load = std::move(work);
        const auto tried = try_load(object_.get(), "events", -1, limits);
        return tried ? std::to_string(tried->error) : tried.error().what;
    }
};

TEST_F(LoadTrial, accepts_an_object_and_leaves_it_as_it_is) {
    EXPECT_EQ(complaint([] { return 0; }), "0");
    const bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object_.get()) EXPECT_EQ(bpf_map__autocreate(map), true);
    EXPECT_LT(bpf_program__fd(bpf_object__next_program(object_.get(), nullptr)), 0);
}

TEST_F(LoadTrial, comes_as_far_as_the_programs_without_asking_the_kernel) {
    EXPECT_THAT(complaint([]() -> int {
                    bpf_attr nonsense{};
                    const bool stands_in =
                        ::syscall(SYS_bpf, BPF_MAP_CREATE, &nonsense, sizeof nonsense) == 0 &&
                        ::syscall(SYS_bpf, BPF_PROG_LOAD, &nonsense, sizeof nonsense) == 0 &&
                        ::syscall(SYS_bpf, BPF_LINK_CREATE, &nonsense, sizeof nonsense) < 0;
                    ::raise(SIGILL); // is not allowed to
                    stands_in ? __builtin_trap() : ::_exit(0);
                }),
                HasSubstr("Illegal instruction"));
}

TEST_F(LoadTrial, can_read_and_write_no_file_but_read) {
    EXPECT_THAT(complaint([]() -> int {
                    const bool reads = ::access("/proc/self/stat", R_OK) == 0;
                    const bool writes = std::fopen("/dev/null", "w") != nullptr;
                    reads && !writes ? __builtin_trap() : ::_exit(0);
                }),
                HasSubstr("Illegal instruction"));
}

TEST_F(LoadTrial, refuses_objects_that_crash_libbpf) {
    EXPECT_THAT(complaint([]() -> int { __builtin_trap(); }), HasSubstr("fitting this object kills"));
}

TEST_F(LoadTrial, refuses_objects_that_keep_libbpf_busy) {
    EXPECT_THAT(complaint(
                    [] {
                        for (volatile bool forever = true; forever;) {
                        }
                        return 0;
                    },
                    {.cpu_seconds = 1}),
                HasSubstr("Killed"));
}

TEST_F(LoadTrial, refuses_objects_that_take_much_memory) {
    const auto allocate = [] {
        const void* much = ::mmap(nullptr, std::size_t{256} << 20, PROT_READ | PROT_WRITE,
                                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return much == MAP_FAILED ? -ENOMEM : 0;
    };
    EXPECT_EQ(complaint(allocate), "0");
    EXPECT_THAT(complaint(allocate, {.memory = std::size_t{64} << 20}), HasSubstr("more than 64 MiB"));
}

// Else an object that fails on purpose would not be tried any further.
TEST_F(LoadTrial, tells_what_fails_before_the_programs_in_libbpfs_words) {
    elf_ = guest_bytes("unresolved.bpf.o");
    object_.reset(bpf_object__open_mem(elf_.data(), elf_.size(), nullptr));
    ASSERT_TRUE(object_);
    const auto tried = try_load(object_.get(), "unresolved", -1);
    ASSERT_TRUE(tried);
    EXPECT_LT(tried->error, 0);
    EXPECT_THAT(tried->log, HasSubstr("ecc_nowhere"));
}

TEST_F(LoadTrial, takes_maps_that_are_pinned_by_name_for_new_ones) {
    bpf_map* map = bpf_object__find_map_by_name(object_.get(), "table");
    ASSERT_EQ(bpf_map__set_pin_path(map, "/sys/fs/bpf/of-nobody/table"), 0);
    EXPECT_THAT(complaint([]() -> int { __builtin_trap(); }), HasSubstr("kills"));
    EXPECT_STREQ(bpf_map__pin_path(map), "/sys/fs/bpf/of-nobody/table");
}

TEST_F(LoadTrial, leaves_other_failures_to_the_kernel) {
    EXPECT_EQ(complaint([] { return -EINVAL; }), "0");
}

} // namespace
} // namespace ecc::test
