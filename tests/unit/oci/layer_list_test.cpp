// The files beside a package in images: what a statement about those lists.
#include "packager/oci/artifact_module.h"
#include "packager/oci/tar.h"

#include "support/digest.h"
#include "support/files.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::ElementsAre;
using testing::FieldsAre;
using testing::HasSubstr;

class LayerListTest : public testing::Test {
protected:
    Descriptor put_layer(const std::vector<TarEntry>& entries) {
        Bytes tar;
        EXPECT_TRUE(write_tar(entries, 0, append_to(tar)));
        const Descriptor layer = describe(media_type::tar_gzip_layer, tar);
        EXPECT_TRUE(store_->put_blob(layer, MemorySource(tar), {}));
        return layer;
    }

    auto files_of(const std::vector<FoundArtifact>& images) {
        return other_files(*store_, reference_, images);
    }

    TempDir folder_ = TempDir::make().value();
    Reference reference_{.layout = folder_.path() / "shelf", .tag = "1"};
    std::unique_ptr<Store> store_ = open_store(reference_, {.access = Access::push}).value();
};

std::vector<TarEntry> empty_files(int count) {
    std::vector<TarEntry> entries;
    for (int i = 0; i < count; i++)
        entries.push_back(tar_entry(std::to_string(i), {}));
    return entries;
}

TEST_F(LayerListTest, HasEveryFileWithItsDigest) {
    const Descriptor base = put_layer({tar_entry("etc/a", as_bytes("a")), tar_entry("etc/empty", {})});
    const Descriptor runtime = put_layer({tar_entry("usr/bin/run", as_bytes("run"))});
    FoundArtifact host{.other_layers = {base, runtime}}, other{.other_layers = {runtime}};
    other.manifest.platform = Platform{.os = "linux", .architecture = "arm64"};
    const auto files = files_of({host, other});
    ASSERT_TRUE(files) << files.error().what;
    const std::string run = sha256_digest(as_bytes("run"));
    EXPECT_THAT(*files,
                ElementsAre(FieldsAre("etc/a", sha256_digest(as_bytes("a")), ""),
                            FieldsAre("etc/empty", sha256_digest({}), ""), FieldsAre("usr/bin/run", run, ""),
                            FieldsAre("usr/bin/run", run, "linux/arm64")));
}

TEST_F(LayerListTest, IsNoLongerThanMemoryAllows) {
    const FoundArtifact image{.other_layers = {put_layer(empty_files(60'000))}};
    EXPECT_TRUE(files_of({image}));
    const auto refused = files_of({image, image});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::input);
    EXPECT_THAT(refused.error().what, HasSubstr("too many files"));
}

} // namespace
} // namespace ecc
