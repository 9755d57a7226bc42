// Maps that ask to be pinned by name.
#include "tests/unit/runtime/guest_process.h"

#include "runtime-min/file_descriptor.h"
#include "support/digest.h"
#include "support/files.h"

#include <algorithm>
#include <bpf/bpf.h>
#include <gmock/gmock.h>
#include <span>
#include <string_view>
#include <sys/mount.h>

namespace ecc::test {
namespace {

using testing::HasSubstr;
using namespace std::string_view_literals;

class PinByNameTest : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(::mount("bpf", folder_.path().c_str(), "bpf", 0, nullptr), 0) << "these tests need root";
    }
    void TearDown() override { ::umount2(folder_.path().c_str(), MNT_DETACH); }

    Ended load(const std::string& permission) {
        std::vector<std::string> arguments{file_.path(), "--", "pinned"};
        if (!permission.empty())
            arguments.insert(arguments.begin(), {"--allow", permission});
        return run(arguments);
    }
    std::string pin() const {
        return (folder_.path() / sha256_digest(package_).substr(7, 16) / "kept").string();
    }

    TempDir folder_ = TempDir::make().value();
    Bytes package_ = packaged("load.wasm", {"pinned"});
    TemporaryFile file_{package_};
};

TEST_F(PinByNameTest, needs_permission) {
    const auto ended = load("");
    EXPECT_THAT(ended.out, HasSubstr("status -1\n"));
    EXPECT_THAT(ended.err, HasSubstr("map 'kept' asks to be pinned, which is not allowed"));
    EXPECT_THAT(ended.err, HasSubstr("--allow pin=FOLDER"));
}

TEST_F(PinByNameTest, goes_below_a_folder_of_the_packages_digest_and_is_used_again) {
    const auto allowed = "pin=" + folder_.path().string();
    EXPECT_THAT(load(allowed).out, HasSubstr("status 0\n"));
    const FileDescriptor map(::bpf_obj_get(pin().c_str()));
    ASSERT_TRUE(map) << pin();
    const std::uint32_t key = 0;
    std::uint64_t value = 42;
    ASSERT_EQ(::bpf_map_update_elem(map.get(), &key, &value, 0), 0);
    EXPECT_THAT(load(allowed).out, HasSubstr("status 0\n"));
    const FileDescriptor again(::bpf_obj_get(pin().c_str()));
    value = 0;
    ASSERT_EQ(::bpf_map_lookup_elem(again.get(), &key, &value), 0);
    EXPECT_EQ(value, 42U);
}

TEST_F(PinByNameTest, takes_no_map_of_another_size) {
    const FileDescriptor larger(::bpf_map_create(BPF_MAP_TYPE_ARRAY, "kept", 4, 8, 2, nullptr));
    std::filesystem::create_directory(std::filesystem::path(pin()).parent_path());
    ASSERT_EQ(::bpf_obj_pin(larger.get(), pin().c_str()), 0);
    const auto ended = load("pin=" + folder_.path().string());
    EXPECT_THAT(ended.out, HasSubstr("status -22\n"));
    EXPECT_THAT(ended.err, HasSubstr("pinned at '" + pin() + "' has another type, size or flags"));
}

/// Both the object and the manifest agree on a name that leads out of the folder.
TEST_F(PinByNameTest, refuses_a_map_whose_name_is_a_path) {
    auto package = read_package(package_, "").value();
    auto& elf = package.objects.front().elf;
    for (auto rest = std::span(elf); !rest.empty();) {
        const auto found = std::ranges::search(rest, "kept\0"sv);
        std::ranges::copy(found.empty() ? "" : "../k"sv, found.begin());
        rest = {found.end(), rest.end()};
    }
    package.manifest.maps.front().name = "../k";
    const TemporaryFile file(write_package(guest_bytes("load.wasm"), package).value());
    const auto ended = run({"--allow", "pin=" + folder_.path().string(), file.path(), "--", "pinned"});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("'../k' is no name of a map"));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "k"));
}

TEST_F(PinByNameTest, is_not_possible_outside_of_a_bpf_file_system) {
    const auto ended = load("pin=/tmp");
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("not in a bpf file system"));
}

} // namespace
} // namespace ecc::test
