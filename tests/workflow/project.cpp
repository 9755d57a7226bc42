#include "tests/workflow/project.h"

#include <cstdlib>
#include <gtest/gtest.h>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kernel_part = R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "shared.h"
const volatile int wanted = WANTED;
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx) { return wanted; }
char LICENSE[] SEC("license") = "GPL";
)";

constexpr const char* user_part = R"(#include "prog.skel.h"
#include "shared.h"
#include "own.h"
int main(void) { return WANTED - OWN; }
)";

// Longer than the clock of a file system is coarse, shorter than any build.
constexpr auto tick = std::chrono::milliseconds(5);
constexpr auto deadline = std::chrono::minutes(2);

} // namespace

fs::path program_folder() {
    return fs::path(ECC_BINARY_DIR) / "bin";
}

fs::path in_repository(const std::string& name) {
    return fs::path(ECC_SOURCE_DIR) / name;
}

Project::Project() : folder_(*TempDir::make()) {
    write("prog.bpf.c", kernel_part);
    write("prog.c", user_part);
    write("shared.h", "#define WANTED 1\n");
    write("own.h", "#define OWN 1\n");
}

void Project::write(const std::string& name, const std::string& text) const {
    fs::create_directories(path(name).parent_path());
    const auto written = write_file(path(name), as_bytes(text));
    EXPECT_TRUE(written) << written.error().what;
}

std::string Project::read(const std::string& name) const {
    return std::string(as_text(read_file(path(name)).value_or(Bytes{})));
}

void Project::make_newer_than(const std::string& other, const std::string& name) const {
    fs::last_write_time(path(name), fs::last_write_time(path(other)) + tick);
}

Output Project::run(const Command& command) const {
    Command words = {"env", "-C", folder_.path(),
                     "PATH=" + program_folder().string() + ":" + std::string(std::getenv("PATH"))};
    words.insert(words.end(), command.begin(), command.end());
    return test::run(words, deadline);
}

} // namespace ecc::test
