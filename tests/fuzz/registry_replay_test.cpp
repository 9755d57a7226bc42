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
    Bytes seed;
    const auto append = [&](ByteView bytes) -> Result<void> {
        seed.insert(seed.end(), bytes.begin(), bytes.end());
        return {};
    };
    ASSERT_TRUE(
        write_tar({tar_entry(blob, as_bytes("{}")), tar_entry("index.json", as_bytes(R"({"manifests":[]})")),
                   tar_entry("oci-layout", as_bytes("{}")), tar_entry("up/../../evil", as_bytes("x"))},
                  0, append));
    change(seed, 400, tar);
}

} // namespace
} // namespace ecc::fuzz
