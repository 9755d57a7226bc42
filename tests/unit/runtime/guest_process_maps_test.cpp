// What processes have mapped, as a guest asks for it after the runtime gave its capabilities up. The process
// asked for is this test, which keeps all of root's.
#include "runtime-min/privileges.h"

#include "tests/unit/runtime/guest_process.h"

#include <fmt/format.h>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
const auto file_offset = 2 * page;

/// The third page of a file in this process's memory, while it lasts.
class MappedFile {
public:
    MappedFile() : file_(Bytes(3 * page, 'x')) {
        std::FILE* opened = std::fopen(file_.path().c_str(), "r");
        place_ = ::mmap(nullptr, page, PROT_READ, MAP_PRIVATE, ::fileno(opened), file_offset);
        std::fclose(opened);
    }
    ~MappedFile() { ::munmap(place_, page); }
    MappedFile(const MappedFile&) = delete;

    std::uint64_t start() const { return reinterpret_cast<std::uintptr_t>(place_); }
    const std::string& path() const { return file_.path(); }

private:
    TemporaryFile file_;
    void* place_;
};

class GuestProcessMaps : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::geteuid(), 0U) << "these tests look at what root gives up: run them as root";
    }

    static std::vector<std::string> query(std::int64_t pid, std::uint64_t address, int room = 4096) {
        return {std::to_string(pid), fmt::format("{:x}", address), std::to_string(room)};
    }

    Ended ask(std::vector<std::string> options, const std::vector<std::string>& arguments) const {
        options.insert(options.end(), {guest_path("process_maps.wasm").string(), "--"});
        options.insert(options.end(), arguments.begin(), arguments.end());
        return run(options);
    }
    std::string answer(std::int64_t pid, std::uint64_t address, int room = 4096) const {
        const auto ended = ask({"--allow", "symbols"}, query(pid, address, room));
        EXPECT_EQ(ended.err, "");
        return ended.out;
    }

    MappedFile mapped;
};

TEST_F(GuestProcessMaps, name_the_file_its_place_in_memory_and_the_place_in_the_file) {
    EXPECT_EQ(answer(::getpid(), mapped.start() + 0x123),
              fmt::format("{} {:x} {:x} {}\n", mapped.path().size(), mapped.start(), file_offset + 0x123,
                          mapped.path()));
}

TEST_F(GuestProcessMaps, are_those_of_a_threads_process_too) {
    std::promise<pid_t> number;
    std::promise<void> asked;
    std::thread thread([&] {
        number.set_value(::gettid());
        asked.get_future().wait();
    });
    EXPECT_THAT(answer(number.get_future().get(), mapped.start()), HasSubstr(mapped.path()));
    asked.set_value();
    thread.join();
}

TEST_F(GuestProcessMaps, tell_the_length_of_a_name_that_does_not_fit) {
    const auto expected = [&](int room) {
        return fmt::format("{} {:x} {:x} {}\n", mapped.path().size(), mapped.start(), file_offset,
                           mapped.path().substr(0, room));
    };
    for (const int room : {0, 3})
        EXPECT_EQ(answer(::getpid(), mapped.start(), room), expected(room));
}

TEST_F(GuestProcessMaps, have_nothing_where_nothing_is_mapped) {
    for (const std::uint64_t address : {std::uint64_t{0}, std::uint64_t{page}, ~std::uint64_t{0}})
        EXPECT_EQ(answer(::getpid(), address), "-2 0 0 \n") << "ENOENT";
}

TEST_F(GuestProcessMaps, are_of_no_process_that_ended_or_never_was) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(0);
    siginfo_t ended{};
    ASSERT_EQ(::waitid(P_PID, child, &ended, WEXITED | WNOWAIT), 0);
    EXPECT_EQ(answer(child, mapped.start()), "-3 0 0 \n") << "not yet waited for";
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    for (const std::int64_t pid : {std::int64_t{child}, std::int64_t{0}, std::int64_t{-1},
                                   std::int64_t{INT32_MIN}, std::int64_t{INT32_MAX}})
        EXPECT_EQ(answer(pid, mapped.start()), "-3 0 0 \n") << pid;
}

TEST_F(GuestProcessMaps, are_refused_once_with_the_flag_that_allows_them) {
    auto arguments = query(::getpid(), mapped.start());
    arguments.insert(arguments.end(), {"1", "0", "0"});
    const auto ended = ask({}, arguments);
    EXPECT_EQ(ended.out, "-1 0 0 \n-1 0 0 \n") << "EPERM";
    EXPECT_THAT(ended.err, HasSubstr("--allow symbols"));
    EXPECT_EQ(ended.err.find("not allowed"), ended.err.rfind("not allowed")) << ended.err;
}

TEST_F(GuestProcessMaps, are_hidden_from_a_guest_that_gave_its_capabilities_up_first) {
    auto arguments = query(::getpid(), mapped.start());
    arguments.insert(arguments.begin(), "seal");
    const auto ended = ask({"--allow", "symbols"}, arguments);
    EXPECT_EQ(ended.out, "-1 0 0 \n");
    EXPECT_THAT(ended.err, HasSubstr("seal"));
}

TEST_F(GuestProcessMaps, are_not_written_where_the_guest_has_no_memory) {
    auto arguments = query(::getpid(), mapped.start());
    arguments.insert(arguments.begin(), "pointers");
    EXPECT_EQ(ask({"--allow", "symbols"}, arguments).out, "-14 -14 -14 -14\n") << "EFAULT";
}

} // namespace
} // namespace ecc::test
