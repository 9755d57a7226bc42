// The fuzz targets for registries and archives on inputs that are the same in every run: a small corpus and
// changes of it. libFuzzer goes further, but not in every run of the tests.
#include "packager/oci/tar.h"
#include "support/files.h"
#include "tests/fuzz/changes.h"
#include "tests/fuzz/targets.h"

#include <filesystem>
#include <gtest/gtest.h>

namespace ecc::fuzz {
namespace {

namespace fs = std::filesystem;

TEST(fuzz_replay, registries) {
    int files = 0;
    for (const auto& file : fs::directory_iterator(ECC_SOURCE_DIR "/tests/fuzz/corpus/registry")) {
        SCOPED_TRACE(file.path());
        change(read_file(file.path()).value(), 1500, registry);
        files++;
    }
    EXPECT_GT(files, 7) << "one for each reader at least";
}

TEST(fuzz_replay, build_records) {
    const auto seed = read_file(ECC_SOURCE_DIR "/tests/fuzz/corpus/record/opensnoop.json");
    ASSERT_TRUE(seed);
    change(*seed, 2000, record);
}

TEST(fuzz_replay, archives) {
    const std::string blob = "blobs/sha256/" + std::string(64, 'a');
    const auto seed = make_tar({{.name = blob, .content = as_bytes("{}")},
                                {.name = "index.json", .content = as_bytes(R"({"manifests":[]})")},
                                {.name = "oci-layout", .content = as_bytes("{}")},
                                {.name = "up/../../evil", .content = as_bytes("x")}},
                               0);
    ASSERT_TRUE(seed);
    change(*seed, 400, tar);
}

} // namespace
} // namespace ecc::fuzz
