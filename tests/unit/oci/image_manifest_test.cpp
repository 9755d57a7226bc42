#include "packager/oci/image_manifest.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

using nlohmann::json;
using testing::HasSubstr;

ImageManifest sample() {
    Descriptor layer = describe(media_type::wasm_layer, as_bytes("module"));
    layer.annotations = {{annotation::title, "a.wasm"}};
    return {describe(media_type::wasm_config, as_bytes("{}")), {layer}, {{annotation::version, "1"}}};
}

std::string complaint(const json& document, std::string_view content_type = media_type::image_manifest) {
    auto manifest = image_manifest_from_json(document.dump(), content_type, "reg.io/a:1");
    return manifest ? "no error" : manifest.error().where + ": " + manifest.error().what;
}

TEST(ImageManifest, ComesBackAsItWasWritten) {
    auto manifest =
        image_manifest_from_json(image_manifest_to_json(sample()), media_type::image_manifest, "r");
    ASSERT_TRUE(manifest) << manifest.error().what;
    EXPECT_EQ(*manifest, sample());
}

TEST(ImageManifest, HasSortedKeysOnOneLine) {
    std::string text = image_manifest_to_json(sample());
    EXPECT_THAT(text, testing::StartsWith(
                          R"({"annotations":{"org.opencontainers.image.version":"1"},"config":{"digest")"));
    EXPECT_EQ(text.find('\n'), text.npos);
}

TEST(ImageManifest, MayHaveNullForNoSubject) {
    json document = json::parse(image_manifest_to_json(sample()));
    document["subject"] = nullptr;
    EXPECT_EQ(complaint(document), "no error");
}

TEST(ImageManifest, MustBeServedAsWhatItSaysItIs) {
    EXPECT_THAT(complaint(json::parse(image_manifest_to_json(sample())), media_type::docker_manifest),
                HasSubstr("calls itself application/vnd.oci.image.manifest.v1+json, but it was served as"));
}

TEST(ImageManifest, CannotBeReadAsAnotherKindToo) {
    for (const char* member : {"manifests", "blobs"}) {
        json document = json::parse(image_manifest_to_json(sample()));
        document.erase("mediaType");
        EXPECT_EQ(complaint(document), "no error");
        document[member] = json::array();
        EXPECT_THAT(complaint(document), HasSubstr("reg.io/a:1: the manifest is ambiguous")) << member;
    }
}

TEST(ImageManifest, NamesWhatIsWrong) {
    const std::pair<json::json_pointer, json> changes[] = {
        {json::json_pointer("/schemaVersion"), 1},
        {json::json_pointer("/config"), nullptr},
        {json::json_pointer("/layers"), json::object()},
        {json::json_pointer("/layers/0"), "x"},
        {json::json_pointer("/layers/0/mediaType"), 1},
        {json::json_pointer("/layers/0/digest"), "sha256:../../etc/passwd"},
        {json::json_pointer("/layers/0/digest"), "md5:00"},
        {json::json_pointer("/layers/0/size"), -1},
        {json::json_pointer("/layers/0/size"), "7"},
    };
    for (const auto& [pointer, value] : changes) {
        json document = json::parse(image_manifest_to_json(sample()));
        document[pointer] = value;
        EXPECT_THAT(complaint(document), HasSubstr("reg.io/a:1: ")) << pointer;
    }
}

TEST(ImageManifest, RefusesWhatIsNotAJsonObject) {
    for (std::string_view text : {"", "[]", "{", "null"})
        EXPECT_FALSE(image_manifest_from_json(text, media_type::image_manifest, "r")) << text;
}

} // namespace
} // namespace ecc
