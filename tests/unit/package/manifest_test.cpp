#include "packager/package/manifest.h"

#include "support/files.h"
#include "tests/unit/package/samples.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <set>

namespace ecc {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json full_json() {
    return json::parse(manifest_to_json(samples::full_manifest()));
}

std::string complaint(const json& document) {
    auto manifest = manifest_from_json(document.dump(), "p.wasm");
    return manifest ? "no error" : manifest.error().where + ": " + manifest.error().what;
}

TEST(Manifest, ComesBackAsItWasWritten) {
    auto manifest = manifest_from_json(manifest_to_json(samples::full_manifest()), "p.wasm");
    ASSERT_TRUE(manifest) << manifest.error().what;
    EXPECT_EQ(*manifest, samples::full_manifest());
}

TEST(Manifest, IsOneLineWithSortedKeys) {
    std::string text = manifest_to_json({.name = "x"});
    EXPECT_EQ(text,
              R"({"abi":"ecc_bpf_v1","build":{"btf_digest":"","inputs":[],"libbpf":"","llvm":"","tool":""},)"
              R"("description":"","features":[],"format":1,"license":"","maps":[],"name":"x","objects":[],)"
              R"("permissions":[],"programs":[],"settings":[],"types":[],"version":""})");
}

TEST(Manifest, WritesInvalidUtf8AsReplacementCharacters) {
    EXPECT_THAT(manifest_to_json({.name = "a\xff"}), HasSubstr("\"a\xef\xbf\xbd\""));
}

TEST(Manifest, IgnoresUnknownKeys) {
    json document = full_json();
    document["from_the_future"] = {{"a", 1}};
    EXPECT_EQ(complaint(document), "no error");
}

TEST(Manifest, OfANewerFormatAsksForANewerVersionWhateverElseItHolds) {
    auto manifest = manifest_from_json(R"({"format":2})", "p.wasm");
    ASSERT_FALSE(manifest);
    EXPECT_EQ(manifest.error().fault, Fault::input);
    EXPECT_THAT(manifest.error().what, HasSubstr("package format 2; this version reads up to 1"));
    EXPECT_THAT(manifest.error().hint, HasSubstr("update ecc and ecc-run"));
}

TEST(Manifest, NamesWhatIsMissing) {
    json document = full_json();
    document["maps"][0].erase("value_size");
    EXPECT_EQ(complaint(document), "p.wasm: ecc.package: maps[0].value_size is missing");
    EXPECT_EQ(complaint(json::object()), "p.wasm: ecc.package: format is missing");
}

TEST(Manifest, NamesWhatIsOfTheWrongType) {
    const std::pair<json::json_pointer, json> changes[] = {
        {json::json_pointer("/format"), "1"},
        {json::json_pointer("/format"), 0},
        {json::json_pointer("/name"), 7},
        {json::json_pointer("/build"), json::array()},
        {json::json_pointer("/programs"), json::object()},
        {json::json_pointer("/types/0/members/1/offset_bits"), -1},
        {json::json_pointer("/types/0/size"), 4294967296},
        {json::json_pointer("/types/0/size"), 1.5},
        {json::json_pointer("/permissions/0"), nullptr},
        {json::json_pointer("/permissions"), "observe"},
    };
    for (const auto& [pointer, value] : changes) {
        json document = full_json();
        document[pointer] = value;
        EXPECT_THAT(complaint(document), HasSubstr("p.wasm: ecc.package: ")) << pointer;
    }
    json document = full_json();
    document["types"][0]["size"] = 4294967296;
    EXPECT_THAT(complaint(document), HasSubstr("types[0].size is not a number from 0 to 4294967295"));
}

TEST(Manifest, RefusesWhatIsNotAJsonObject) {
    for (std::string_view text : {"", "{", "[]", "1", "{\"format\":1", "{} {}", "\xff\xfe"})
        EXPECT_FALSE(manifest_from_json(text, "p.wasm")) << text;
}

TEST(Manifest, RefusesDeepNestingWithoutBuildingIt) {
    std::string deep =
        "{\"format\":1,\"x\":" + std::string(2'000'000, '[') + std::string(2'000'000, ']') + "}";
    EXPECT_FALSE(manifest_from_json(deep, "p.wasm"));
}

using Keys = std::set<std::string>;

/// "types.members.name" for every key of a document in which every array has an entry.
void collect_keys(const json& value, const std::string& path, Keys& keys) {
    if (value.is_array())
        for (const json& item : value)
            collect_keys(item, path, keys);
    if (!value.is_object())
        return;
    for (const auto& [key, child] : value.items()) {
        keys.insert(path + key);
        collect_keys(child, path + key + ".", keys);
    }
}

const json& resolve(const json& root, const json& schema) {
    return schema.contains("$ref") ? root.at(json::json_pointer(schema["$ref"].get<std::string>().substr(1)))
                                   : schema;
}

void collect_schema_keys(const json& root, const json& unresolved, const std::string& path, Keys& keys) {
    const json& schema = resolve(root, unresolved);
    if (schema.contains("items"))
        collect_schema_keys(root, schema["items"], path, keys);
    const json properties = schema.value("properties", json::object());
    for (const auto& [key, child] : properties.items()) {
        keys.insert(path + key);
        collect_schema_keys(root, child, path + key + ".", keys);
    }
}

void expect_all_required(const json& schema) {
    if (!schema.is_structured())
        return;
    if (schema.is_object() && schema.contains("properties")) {
        Keys properties, required;
        for (const auto& [key, child] : schema["properties"].items())
            properties.insert(key);
        for (const json& key : schema["required"])
            required.insert(key.get<std::string>());
        EXPECT_EQ(properties, required);
    }
    for (const json& child : schema)
        expect_all_required(child);
}

json published_schema() {
    auto bytes = read_file(ECC_SOURCE_DIR "/docs/schema/ecc.package.schema.json");
    return json::parse(as_text(bytes.value()));
}

TEST(ManifestSchema, HasExactlyTheKeysThatAreWritten) {
    Keys written, published;
    collect_keys(full_json(), "", written);
    json schema = published_schema();
    collect_schema_keys(schema, schema, "", published);
    EXPECT_EQ(written, published);
}

TEST(ManifestSchema, RequiresEveryKeyAsTheReaderDoes) {
    expect_all_required(published_schema());
}

} // namespace
} // namespace ecc
