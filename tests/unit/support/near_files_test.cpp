#include "support/files.h"
#include "support/near_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class NearFiles : public testing::Test {
protected:
    fs::path path(const std::string& name) const { return folder_.path() / name; }
    void make(const std::string& name) const { ASSERT_TRUE(write_file(path(name), as_bytes("x"))); }

private:
    TempDir folder_ = *TempDir::make();
};

TEST_F(NearFiles, are_the_nearest_first) {
    for (const char* name : {"aaa.bpf.c", "opensnoop.bpf.c", "opensnoops.bpf.c", "execsnoop.bpf.c"})
        make(name);
    EXPECT_THAT(near_files(path("opensnop.bpf.c")),
                ElementsAre(path("opensnoop.bpf.c").string(), path("opensnoops.bpf.c").string()));
}

TEST_F(NearFiles, are_regular_and_of_the_same_kind) {
    fs::create_directory(path("good.bpf.c"));
    make("good.c");
    make("good.wasm");
    EXPECT_THAT(near_files(path("god.bpf.c")), IsEmpty());
    EXPECT_THAT(near_files(path("god.c")), ElementsAre(path("good.c").string()));
}

TEST_F(NearFiles, are_none_where_nothing_is_similar_or_there_is_no_folder) {
    make("completely.wasm");
    EXPECT_THAT(near_files(path("other.wasm")), IsEmpty());
    EXPECT_THAT(near_files(path("absent/other.wasm")), IsEmpty());
    EXPECT_THAT(hint_for_missing(path("other.wasm")), HasSubstr("ls "));
    EXPECT_THAT(hint_for_missing(path("absent/other.wasm")), HasSubstr("absent is none"));
}

TEST_F(NearFiles, are_what_reading_a_missing_file_suggests) {
    make("good.wasm");
    const auto bytes = read_file(path("goood.wasm"));
    ASSERT_FALSE(bytes);
    EXPECT_EQ(bytes.error().hint, path("good.wasm").string());
    EXPECT_EQ(bytes.error().fault, Fault::input);
}

TEST_F(NearFiles, leave_a_folder_to_be_named_with_a_file_in_it) {
    const auto bytes = read_file(path(""));
    ASSERT_FALSE(bytes);
    EXPECT_THAT(bytes.error().hint, HasSubstr("a file in it"));
}

} // namespace
} // namespace ecc
