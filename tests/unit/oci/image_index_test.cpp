#include "packager/oci/image_index.h"

#include "packager/oci/manifest_links.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

using nlohmann::json;
using testing::HasSubstr;

ImageIndex sample() {
    Descriptor image = describe(media_type::image_manifest, as_bytes("image"));
    image.platform = Platform{"linux", "arm64"};
    return {.manifests = {image},
            .annotations = {{annotation::version, "1"}},
            .artifact_type = "application/x",
            .subject = describe(media_type::image_manifest, as_bytes("subject"))};
}

std::string complaint(const json& document, std::string_view content_type = media_type::image_index) {
    const auto index = image_index_from_json(document.dump(), content_type, "reg.io/a:1");
    return index ? "no error" : index.error().where + ": " + index.error().what;
}

TEST(ImageIndexes, ComeBackAsTheyWereWritten) {
    for (const ImageIndex& written : {sample(), ImageIndex()}) {
        const auto index = image_index_from_json(image_index_to_json(written), media_type::image_index, "r");
        ASSERT_TRUE(index) << index.error().what;
        EXPECT_EQ(*index, written);
    }
}

TEST(ImageIndexes, SayWhatTheyReferTo) {
    const StoredManifest stored{std::string(media_type::image_index), image_index_to_json(sample())};
    const auto links = manifest_links(stored, "r");
    ASSERT_TRUE(links) << links.error().what;
    EXPECT_EQ(links->subject, sample().subject);
    EXPECT_EQ(links->artifact_type, "application/x");
    EXPECT_EQ(links->manifests, sample().manifests);
    EXPECT_EQ(links->annotations, sample().annotations);
}

TEST(ImageIndexes, NameWhatIsWrong) {
    const json good = json::parse(image_index_to_json(sample()));
    const auto with = [&](const char* member, const json& value) {
        json document = good;
        document[member] = value;
        return complaint(document);
    };
    EXPECT_THAT(with("manifests", "none"), HasSubstr("no array of manifests"));
    EXPECT_THAT(with("manifests", {1}), HasSubstr("not a JSON object"));
    EXPECT_THAT(with("manifests", json::array_t(max_index_entries + 1)), HasSubstr("at most 10000"));
    EXPECT_THAT(with("subject", "sha256:x"), HasSubstr("not a JSON object"));
    EXPECT_THAT(with("subject", json::object()), HasSubstr("no mediaType"));
    EXPECT_THAT(with("schemaVersion", 1), HasSubstr("schemaVersion 2"));
    EXPECT_THAT(with("layers", json::array()), HasSubstr("ambiguous"));
    EXPECT_THAT(with("artifactType", 5), HasSubstr("no error")) << "as if it were not there";
    EXPECT_THAT(complaint(good, media_type::docker_list), HasSubstr("but it was served as"));
}

TEST(ImageIndex, MayHaveNullForNoManifests) {
    const auto index =
        image_index_from_json(R"({"schemaVersion":2,"manifests":null})", media_type::image_index, "r");
    ASSERT_TRUE(index) << index.error().what;
    EXPECT_TRUE(index->manifests.empty());
    EXPECT_FALSE(image_index_from_json(R"({"schemaVersion":2})", media_type::image_index, "r"));
}

} // namespace
} // namespace ecc
