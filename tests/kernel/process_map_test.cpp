// Files in the memory of processes by <ecc/process_map.h>, as a tool with stacks of processes looks them up.
#include "tests/kernel/kernel_test.h"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <link.h>
#include <sstream>
#include <unistd.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;

class ProcessMapTest : public KernelTest {
protected:
    fs::path package() {
        return build({"tests/kernel/programs/maps.bpf.c", "tests/kernel/programs/process_map.c"});
    }
    Output ask(const Command& options, pid_t pid, std::uint64_t address) {
        Command command{ecc_run()};
        command.insert(command.end(), options.begin(), options.end());
        command.insert(command.end(), {package(), "--", std::to_string(pid), std::to_string(address)});
        return run(command);
    }
};

/// Where an address of this process lies in the file that the dynamic linker loaded it from.
std::uint64_t offset_of(const void* address) {
    struct Search {
        std::uint64_t address, offset;
    } search{reinterpret_cast<std::uintptr_t>(address), 0};
    ::dl_iterate_phdr(
        [](dl_phdr_info* object, std::size_t, void* data) {
            auto& wanted = *static_cast<Search*>(data);
            for (int i = 0; i < object->dlpi_phnum; ++i) {
                const auto& header = object->dlpi_phdr[i];
                const auto place = wanted.address - object->dlpi_addr - header.p_vaddr;
                if (header.p_type == PT_LOAD && place < header.p_filesz)
                    wanted.offset = header.p_offset + place;
            }
            return 0;
        },
        &search);
    return search.offset;
}

TEST_F(ProcessMapTest, leads_from_an_address_of_a_library_to_its_file) {
    const auto* function = ::dlsym(RTLD_DEFAULT, "getppid");
    const Output output = ask({"--allow", "symbols"}, ::getpid(), reinterpret_cast<std::uintptr_t>(function));
    EXPECT_EQ(output.status, 0) << output.err;
    std::istringstream words(output.out);
    std::uint64_t start = 0, offset = 0;
    fs::path file;
    words >> std::hex >> start >> offset >> file;
    Dl_info library{};
    ASSERT_NE(::dladdr(function, &library), 0);
    EXPECT_TRUE(fs::equivalent(file, library.dli_fname)) << output.out;
    EXPECT_EQ(offset, offset_of(function));
    EXPECT_LE(start, reinterpret_cast<std::uintptr_t>(function));
}

TEST_F(ProcessMapTest, fails_with_the_reason) {
    EXPECT_THAT(ask({"--allow", "symbols"}, 0, 0).err, HasSubstr("process map: No such process"));
    EXPECT_THAT(ask({"--allow", "symbols"}, ::getpid(), 0).err, HasSubstr("process map: No such file"));
    const Output refused = ask({}, ::getpid(), 0);
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, HasSubstr("--allow symbols"));
    EXPECT_THAT(refused.err, HasSubstr("process map: Operation not permitted"));
}

} // namespace
} // namespace ecc::test
