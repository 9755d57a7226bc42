#include "packager/oci/wasm_artifact.h"

#include <cstdlib>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::SizeIs;

const Manifest package_manifest = {
    .name = "opensnoop", .version = "1.2", .license = "GPL-2.0", .description = "files"};

Artifact artifact(std::optional<std::int64_t> created = std::nullopt) {
    return make_wasm_artifact(as_bytes("module"), package_manifest, created);
}

std::string manifest_text() {
    return image_manifest_to_json(artifact().manifest());
}

std::string config_text(const Artifact& made) {
    std::string text(made.config.content->size(), 0);
    EXPECT_TRUE(made.config.content->read(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}));
    return text;
}

TEST(WasmArtifact, HasTheShapeOfTheCncfFormat) {
    const json manifest = json::parse(manifest_text());
    EXPECT_EQ(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    ASSERT_THAT(manifest["layers"], SizeIs(1));
    EXPECT_EQ(manifest["layers"][0]["mediaType"], "application/wasm");
    EXPECT_EQ(manifest["layers"][0]["annotations"]["org.opencontainers.image.title"], "opensnoop.wasm");
    const json config = json::parse(config_text(artifact()));
    EXPECT_EQ(config["architecture"], "wasm");
    EXPECT_EQ(config["os"], "wasip1");
    EXPECT_EQ(config["layerDigests"], json::array({manifest["layers"][0]["digest"]}));
}

TEST(WasmArtifact, CarriesWhatThePackageSaysOfItself) {
    const json annotations = json::parse(manifest_text())["annotations"];
    EXPECT_EQ(annotations, (json{{"org.opencontainers.image.title", "opensnoop"},
                                 {"org.opencontainers.image.version", "1.2"},
                                 {"org.opencontainers.image.description", "files"},
                                 {"org.opencontainers.image.licenses", "GPL-2.0"}}));
}

TEST(WasmArtifact, LeavesOutLicencesThatAreNotSpdx) {
    for (const char* license : {"GPL", "Dual BSD/GPL", ""}) {
        Manifest manifest = package_manifest;
        manifest.license = license;
        auto made = make_wasm_artifact(as_bytes("module"), manifest, std::nullopt);
        EXPECT_FALSE(made.annotations.contains(annotation::licenses)) << license;
    }
}

TEST(WasmArtifact, IsTheSameBytesFromTheSamePackage) {
    EXPECT_EQ(manifest_text(), manifest_text());
    EXPECT_EQ(json::parse(config_text(artifact()))["created"], "1970-01-01T00:00:00Z");
}

TEST(WasmArtifact, RecordsTheTimeThatItIsGiven) {
    EXPECT_EQ(json::parse(config_text(artifact(1700000000)))["created"], "2023-11-14T22:13:20Z");
    EXPECT_EQ(artifact(1700000000).annotations.at(annotation::created), "2023-11-14T22:13:20Z");
}

TEST(WasmLayer, IsTheOneLayerOfThatType) {
    ImageManifest manifest = artifact().manifest();
    EXPECT_EQ(wasm_layer_of(manifest, "r").value(), manifest.layers[0]);
    manifest.config.media_type =
        "application/vnd.oci.image.config.v1+json"; // as containerd's runwasi stores modules
    EXPECT_TRUE(wasm_layer_of(manifest, "r"));
}

TEST(WasmLayer, IsMissedByNamingWhatIsThere) {
    ImageManifest manifest = artifact().manifest();
    manifest.layers[0].media_type = "application/vnd.oci.image.layer.v1.tar+gzip";
    auto layer = wasm_layer_of(manifest, "reg.io/a:1");
    ASSERT_FALSE(layer);
    EXPECT_EQ(layer.error().fault, Fault::input);
    EXPECT_THAT(layer.error().what, HasSubstr("layer application/vnd.oci.image.layer.v1.tar+gzip"));
    manifest.layers.clear();
    EXPECT_FALSE(wasm_layer_of(manifest, "r"));
    manifest.layers.resize(2, artifact().manifest().layers[0]);
    EXPECT_FALSE(wasm_layer_of(manifest, "r")) << "two modules";
}

class SourceDateEpoch : public testing::Test {
protected:
    ~SourceDateEpoch() override { ::unsetenv("SOURCE_DATE_EPOCH"); }
    auto with(const char* value) {
        ::setenv("SOURCE_DATE_EPOCH", value, 1);
        return source_date_epoch();
    }
};

TEST_F(SourceDateEpoch, IsSecondsSince1970) {
    EXPECT_EQ(with("1700000000").value(), 1700000000);
    EXPECT_EQ(with("").value(), std::nullopt);
    ::unsetenv("SOURCE_DATE_EPOCH");
    EXPECT_EQ(source_date_epoch().value(), std::nullopt);
}

TEST_F(SourceDateEpoch, ThatIsNoNumberIsAnError) {
    for (const char* value : {"yesterday", "1.5", "-1", "12x", "99999999999999999999", "999999999999999"})
        EXPECT_FALSE(with(value)) << value;
}

TEST(SafeFileName, IsTheBaseName) {
    EXPECT_EQ(safe_file_name("opensnoop.wasm", "x"), "opensnoop.wasm");
    EXPECT_EQ(safe_file_name("a/b/../c.wasm", "x"), "c.wasm");
    EXPECT_EQ(safe_file_name("..\\c.wasm", "x"), "c.wasm");
}

TEST(SafeFileName, IsNeverHiddenAnOptionAPathOrSomethingElsesName) {
    for (const char* title : {"", ".", "..", "../..", "/", "a/", ".bashrc", "-rf.wasm", "a\nb.wasm",
                              "a\x1b[31m.wasm", "a\tb.wasm", "a\u009b31m.wasm", "a\u202emsaw.wasm"})
        EXPECT_EQ(safe_file_name(title, "tool"), "tool.wasm") << title;
    EXPECT_EQ(safe_file_name(std::string(300, 'a'), "tool"), "tool.wasm");
    EXPECT_EQ(safe_file_name("Makefile", "tool"), "Makefile.wasm");
}

} // namespace
} // namespace ecc
