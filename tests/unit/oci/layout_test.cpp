#include "packager/oci/artifact_module.h"
#include "packager/oci/copy.h"
#include "packager/oci/image_index.h"
#include "packager/oci/wasm_artifact.h"

#include "support/digest.h"
#include "support/files.h"

#include <ctime>
#include <fstream>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <thread>

namespace ecc {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
namespace fs = std::filesystem;

class LayoutTest : public testing::Test {
protected:
    Reference reference(const std::string& tag) { return {.layout = folder_.path() / "shelf", .tag = tag}; }

    Result<Descriptor> push_text(const std::string& text, const Reference& to) {
        auto store = open_store(to, {.access = Access::push});
        if (!store)
            return std::unexpected(store.error());
        auto artifact = make_wasm_artifact(as_bytes(text), {.name = "tool"}, std::nullopt);
        return push_artifact(**store, to, artifact, {});
    }

    Result<std::string> pull_text(const Reference& from) {
        ECC_TRY(auto store, open_store(from, {}));
        ECC_TRY(auto found, find_artifact(*store, from));
        ECC_TRY(auto bytes, fetch_layer(*store, from, found.layer, {}));
        return std::string(as_text(bytes));
    }

    fs::path blob(const std::string& digest) {
        return folder_.path() / "shelf/blobs/sha256" / digest.substr(7);
    }

    json index() { return json::parse(as_text(read_file(folder_.path() / "shelf/index.json").value())); }

    TempDir folder_ = TempDir::make().value();
};

TEST_F(LayoutTest, GivesBackWhatWasPushed) {
    ASSERT_TRUE(push_text("module", reference("1")));
    EXPECT_EQ(pull_text(reference("1")).value(), "module");
}

TEST_F(LayoutTest, RefusesAManifestOfTwoKindsForEveryUse) {
    const Descriptor pushed = push_text("module", reference("1")).value();
    json document = json::parse(as_text(read_file(blob(pushed.digest)).value()));
    document.erase("mediaType");
    document["manifests"] = json::array();
    const std::string text = document.dump();
    auto store = open_store(reference("1"), {.access = Access::push}).value();
    for (const std::string_view type : {media_type::image_manifest, media_type::image_index}) {
        const Descriptor manifest = describe(type, as_bytes(text));
        EXPECT_FALSE(store->put_manifest(manifest, text, "2"));
        ASSERT_TRUE(write_file(blob(manifest.digest), as_bytes(text)));
        json changed = index();
        changed["manifests"][0]["mediaType"] = type;
        changed["manifests"][0]["digest"] = manifest.digest;
        changed["manifests"][0]["size"] = manifest.size;
        ASSERT_TRUE(write_file(folder_.path() / "shelf/index.json", as_bytes(changed.dump())));
        const auto fetched = fetch_manifest(*store, reference("1"));
        ASSERT_FALSE(fetched);
        EXPECT_THAT(fetched.error().what, HasSubstr("ambiguous"));
    }
}

TEST_F(LayoutTest, InAnArchiveKeepsWhatSeveralPushAtOnce) {
    constexpr int writers = 4;
    auto archived = [&](int i) {
        return Reference{.layout = folder_.path() / "a.tar", .archive = true, .tag = std::to_string(i)};
    };
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < writers; i++)
            threads.emplace_back([&, i] {
                const Reference to = archived(i);
                auto store = open_store(to, {.access = Access::push}).value();
                const auto text = "module " + to.tag;
                const auto artifact = make_wasm_artifact(as_bytes(text), {.name = "tool"}, std::nullopt);
                EXPECT_TRUE(push_artifact(*store, to, artifact, {}));
                EXPECT_TRUE(store->finish());
            });
    }
    for (int i = 0; i < writers; i++)
        EXPECT_EQ(pull_text(archived(i)).value_or("nothing"), "module " + std::to_string(i));
}

TEST_F(LayoutTest, GivesWhatCosignKeepsUnderTagsToARecursiveCopy) {
    const Reference from = reference("1"), target{.layout = folder_.path() / "copy", .tag = "2"};
    const Descriptor pushed = push_text("module", from).value();
    const std::string signature = "sha256-" + pushed.digest.substr(7) + ".sig";
    ASSERT_TRUE(push_text("signature", reference(signature)));
    auto source = open_store(from, {}).value();
    auto to = open_store(target, {.access = Access::push}).value();
    ASSERT_TRUE(copy(*source, from, *to, target, {.referrers = true}));
    EXPECT_THAT(to->tags().value(), ElementsAre("2", signature));
    EXPECT_EQ(pull_text({.layout = target.layout, .tag = signature}).value(), "signature");
}

class LayoutWithASignature : public LayoutTest {
protected:
    void SetUp() override {
        subject_ = push_text("module", reference("1")).value();
        store_ = open_store(reference("1"), {.access = Access::push}).value();
        const std::string text =
            image_manifest_to_json({.config = subject_, .subject = as_subject(subject_)});
        signature_ = describe(media_type::image_manifest, as_bytes(text));
        ASSERT_TRUE(store_->put_manifest(signature_, text, ""));
    }

    /// As a copy of the fall-back tag does.
    void put_list(const std::vector<Descriptor>& manifests) {
        const std::string text = image_index_to_json({.manifests = manifests});
        const Descriptor list = describe(media_type::image_index, as_bytes(text));
        ASSERT_TRUE(store_->put_manifest(list, text, "sha256-" + subject_.digest.substr(7)));
    }

    std::vector<std::string> referrers() {
        const auto found = store_->referrers(subject_.digest).value();
        std::vector<std::string> digests;
        for (const Descriptor& referrer : found)
            digests.push_back(referrer.digest);
        return digests;
    }

    Descriptor subject_, signature_;
    std::unique_ptr<Store> store_;
};

TEST_F(LayoutWithASignature, KeepsItWhenAnIndexComesThatListsIt) {
    put_list({signature_});
    EXPECT_THAT(referrers(), ElementsAre(signature_.digest));
    json without_list = index();
    std::erase_if(without_list["manifests"].get_ref<json::array_t&>(),
                  [](const json& entry) { return entry["mediaType"] == media_type::image_index; });
    ASSERT_TRUE(write_file(folder_.path() / "shelf/index.json", as_bytes(without_list.dump())));
    EXPECT_THAT(referrers(), ElementsAre(signature_.digest)) << "and needs no list";
}

TEST_F(LayoutWithASignature, FindsItWhereOnlyTheFallBackTagNamesIt) {
    put_list({signature_, subject_});
    json changed = index();
    std::erase_if(changed["manifests"].get_ref<json::array_t&>(),
                  [&](const json& entry) { return entry["digest"] == signature_.digest; });
    ASSERT_TRUE(write_file(folder_.path() / "shelf/index.json", as_bytes(changed.dump())));
    EXPECT_THAT(referrers(), ElementsAre(signature_.digest)) << "the subject refers to nothing";
    fs::remove(blob(signature_.digest));
    EXPECT_THAT(referrers(), SizeIs(0)) << "what is listed and absent";
}

TEST_F(LayoutWithASignature, TellsADamagedListFromNone) {
    put_list({signature_});
    const json entries = index()["manifests"];
    for (const json& entry : entries)
        if (entry["mediaType"] == media_type::image_index)
            std::ofstream(blob(entry["digest"])) << "{}";
    const auto found = store_->referrers(subject_.digest);
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().what, HasSubstr("wrong digest"));
}

TEST_F(LayoutTest, GivesBytesThatAreManifestAndBlobToARecursiveCopy) {
    const Descriptor subject = push_text("module", reference("1")).value();
    const std::string bytes = image_manifest_to_json({.config = subject, .subject = as_subject(subject)});
    const Descriptor referrer = describe(media_type::image_manifest, as_bytes(bytes));
    const std::string attached =
        image_manifest_to_json({.config = subject, .layers = {referrer}, .subject = as_subject(subject)});
    auto source = open_store(reference("1"), {.access = Access::push}).value();
    const Descriptor carrier = describe(media_type::image_manifest, as_bytes(attached));
    ASSERT_TRUE(source->put_manifest(carrier, attached, ""));
    ASSERT_TRUE(source->put_manifest(referrer, bytes, ""));
    const Reference target{.layout = folder_.path() / "copy", .tag = "1"};
    auto to = open_store(target, {.access = Access::push}).value();
    ASSERT_TRUE(copy(*source, reference("1"), *to, target, {.referrers = true}));
    EXPECT_THAT(to->referrers(subject.digest).value(), SizeIs(2));
}

TEST_F(LayoutTest, GivesWhatAnIndexListsThoughItDoesNotSayWhatItIs) {
    const Descriptor pushed = push_text("module", reference("1")).value();
    json document = json::parse(as_text(read_file(blob(pushed.digest)).value()));
    document.erase("mediaType");
    const std::string image = document.dump();
    const Descriptor image_entry = describe(media_type::image_manifest, as_bytes(image));
    const std::string inner =
        json{{"schemaVersion", 2}, {"manifests", json::array({descriptor_to_json(image_entry)})}}.dump();
    const Descriptor inner_entry = describe(media_type::image_index, as_bytes(inner));
    const std::string outer = image_index_to_json({.manifests = {inner_entry}});
    auto store = open_store(reference("2"), {.access = Access::push}).value();
    ASSERT_TRUE(store->put_manifest(image_entry, image, ""));
    ASSERT_TRUE(store->put_manifest(inner_entry, inner, ""));
    ASSERT_TRUE(store->put_manifest(describe(media_type::image_index, as_bytes(outer)), outer, "2"));
    ASSERT_THAT(index()["manifests"], SizeIs(2)) << "the two tags";

    EXPECT_EQ(store->get_manifest(image_entry.digest).value().media_type, media_type::image_manifest);
    EXPECT_EQ(store->get_manifest(inner_entry.digest).value().media_type, media_type::image_index);
    const Reference target{.layout = folder_.path() / "copy", .tag = "2"};
    auto to = open_store(target, {.access = Access::push}).value();
    EXPECT_TRUE(copy(*store, reference("2"), *to, target, {}));
    EXPECT_FALSE(store->get_manifest(sha256_digest(as_bytes("module")))) << "a blob that is no manifest";
}

TEST_F(LayoutTest, IsWhatTheImageSpecificationSays) {
    Descriptor pushed = push_text("module", reference("1")).value();
    EXPECT_EQ(as_text(read_file(folder_.path() / "shelf/oci-layout").value()),
              R"({"imageLayoutVersion":"1.0.0"})");
    ASSERT_THAT(index()["manifests"], SizeIs(1));
    const json entry = index()["manifests"][0];
    EXPECT_EQ(entry["digest"], pushed.digest);
    EXPECT_EQ(entry["annotations"]["org.opencontainers.image.ref.name"], "1");
    EXPECT_EQ(sha256_digest(read_file(blob(pushed.digest)).value()), pushed.digest);
}

TEST_F(LayoutTest, MovesATagToWhatIsPushedLast) {
    ASSERT_TRUE(push_text("old", reference("1")));
    ASSERT_TRUE(push_text("other", reference("2")));
    ASSERT_TRUE(push_text("new", reference("1")));
    EXPECT_THAT(index()["manifests"], SizeIs(2));
    EXPECT_EQ(pull_text(reference("1")).value(), "new");
    EXPECT_EQ(pull_text(reference("2")).value(), "other");
}

TEST_F(LayoutTest, HoldsUntaggedArtifactsByDigest) {
    Descriptor pushed = push_text("module", reference("")).value();
    ASSERT_TRUE(push_text("module", reference(""))) << "again";
    EXPECT_THAT(index()["manifests"], SizeIs(1));
    Reference by_digest = reference("");
    EXPECT_EQ(pull_text(by_digest).value(), "module") << "the only one";
    by_digest.digest = pushed.digest;
    EXPECT_EQ(pull_text(by_digest).value(), "module");
}

TEST_F(LayoutTest, KeepsEntriesOfSeveralWritersAtOnce) {
    ASSERT_TRUE(push_text("first", reference("first")));
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; i++)
        writers.emplace_back(
            [this, i] { EXPECT_TRUE(push_text("text", reference("t" + std::to_string(i)))); });
    writers.clear();
    EXPECT_THAT(index()["manifests"], SizeIs(9));
}

TEST_F(LayoutTest, IsAsOthersLeftItLast) {
    ASSERT_TRUE(push_text("module", reference("1")));
    auto store = open_store(reference("1"), {}).value();
    EXPECT_THAT(store->tags().value(), ElementsAre("1"));
    ASSERT_TRUE(push_text("module", reference("2")));
    EXPECT_THAT(store->tags().value(), ElementsAre("1", "2"));
    std::string text(as_text(read_file(folder_.path() / "shelf/index.json").value()));
    text.replace(text.find(R"("2"})"), 4, R"("3"})");
    std::ofstream(folder_.path() / "shelf/index.json") << text;
    EXPECT_TRUE(store->get_manifest("3")) << "of the same length, in the same file";
}

TEST_F(LayoutTest, IsAskedForManyReferrersInTimeThatGrowsWithTheirNumber) {
    const Descriptor subject = push_text("module", reference("1")).value();
    const json empty = index();
    /// Of the processor, to find and fetch so many.
    const auto seconds_for = [&](std::size_t referrers) {
        json filled = empty;
        for (std::size_t i = 0; i < referrers; i++) {
            const std::string text = image_manifest_to_json({.config = subject,
                                                             .annotations = {{"number", std::to_string(i)}},
                                                             .subject = as_subject(subject)});
            const Descriptor manifest = describe(media_type::image_manifest, as_bytes(text));
            EXPECT_TRUE(write_file(blob(manifest.digest), as_bytes(text)));
            filled["manifests"].push_back(descriptor_to_json(manifest));
        }
        EXPECT_TRUE(write_file(folder_.path() / "shelf/index.json", as_bytes(filled.dump())));
        const auto store = open_store(reference("1"), {}).value();
        const std::clock_t begun = std::clock();
        const auto found = store->referrers(subject.digest).value();
        EXPECT_EQ(found.size(), referrers);
        for (const Descriptor& referrer : found) {
            EXPECT_TRUE(store->get_manifest(referrer.digest));
            EXPECT_THAT(store->referrers(referrer.digest).value(), SizeIs(0));
        }
        return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    };
    const double of_few = seconds_for(100), of_many = seconds_for(1000);
    EXPECT_LT(of_many, of_few * 30) << "10 times as many; the square would be 100 times";
    RecordProperty("seconds for 1000", std::to_string(of_many));
}

TEST_F(LayoutTest, SaysWhichTagsThereAre) {
    ASSERT_TRUE(push_text("module", reference("1")));
    ASSERT_TRUE(push_text("module", reference("latest")));
    auto pulled = pull_text(reference("2"));
    ASSERT_FALSE(pulled);
    EXPECT_EQ(pulled.error().fault, Fault::input);
    EXPECT_THAT(pulled.error().what, HasSubstr("no tag \"2\"; the tags are 1, latest"));
    EXPECT_THAT(pull_text(reference("")).error().what, HasSubstr("no tag or digest given"))
        << "there are two";
}

TEST_F(LayoutTest, NoticesADamagedLayer) {
    ASSERT_TRUE(push_text("module", reference("1")));
    std::ofstream(blob(sha256_digest(as_bytes("module")))) << "nodule";
    auto pulled = pull_text(reference("1"));
    ASSERT_FALSE(pulled);
    EXPECT_EQ(pulled.error().fault, Fault::input);
    EXPECT_THAT(pulled.error().what, HasSubstr("wrong digest"));
}

TEST_F(LayoutTest, IsRepairedByAPush) {
    ASSERT_TRUE(push_text("module", reference("1")));
    std::ofstream(blob(sha256_digest(as_bytes("module")))) << "nodule";
    ASSERT_TRUE(push_text("module", reference("1")));
    EXPECT_EQ(pull_text(reference("1")).value(), "module");
}

TEST_F(LayoutTest, NoticesALayerOfAnotherSize) {
    for (const char* text : {"modul", "modules", ""}) {
        ASSERT_TRUE(push_text("module", reference("1")));
        std::ofstream(blob(sha256_digest(as_bytes("module")))) << text;
        EXPECT_FALSE(pull_text(reference("1"))) << text;
    }
}

TEST_F(LayoutTest, NoticesADamagedManifest) {
    Descriptor pushed = push_text("module", reference("1")).value();
    std::ofstream(blob(pushed.digest), std::ios::app) << " ";
    EXPECT_THAT(pull_text(reference("1")).error().what, HasSubstr("wrong digest"));
}

TEST_F(LayoutTest, NoticesAbsentBlobs) {
    Descriptor pushed = push_text("module", reference("1")).value();
    fs::remove(blob(sha256_digest(as_bytes("module"))));
    EXPECT_THAT(pull_text(reference("1")).error().what, HasSubstr("does not have sha256:"));
    fs::remove(blob(pushed.digest));
    EXPECT_THAT(pull_text(reference("1")).error().what, HasSubstr("does not have " + pushed.digest));
}

TEST_F(LayoutTest, IsNotMadeByAPull) {
    auto pulled = pull_text(reference("1"));
    ASSERT_FALSE(pulled);
    EXPECT_THAT(pulled.error().what, HasSubstr("no such folder"));
    EXPECT_FALSE(fs::exists(folder_.path() / "shelf"));
}

TEST_F(LayoutTest, SaysWhatIsThereInItsPlace) {
    std::ofstream(folder_.path() / "shelf") << "a file";
    EXPECT_THAT(pull_text(reference("1")).error().what, HasSubstr("is a file"));
    EXPECT_THAT(pull_text(reference("1")).error().hint, HasSubstr("oci-archive:"));
    fs::remove(folder_.path() / "shelf");
    fs::create_directory(folder_.path() / "shelf");
    EXPECT_THAT(pull_text(reference("1")).error().what, HasSubstr("no file oci-layout"));
}

/// Whoever opens a FIFO waits for a writer.
TEST_F(LayoutTest, DoesNotWaitForWhatIsNoRegularFile) {
    const Descriptor pushed = push_text("module", reference("1")).value();
    const fs::path shelf = folder_.path() / "shelf";
    for (const fs::path& file : {blob(sha256_digest(as_bytes("module"))), blob(pushed.digest),
                                 shelf / "index.json", shelf / "oci-layout"}) {
        fs::remove(file);
        ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
        const auto pulled = pull_text(reference("1"));
        ASSERT_FALSE(pulled) << file;
        EXPECT_EQ(pulled.error().fault, Fault::input);
        EXPECT_THAT(pulled.error().what, HasSubstr("is not a regular file")) << file;
        EXPECT_THAT(pulled.error().where, HasSubstr(file.filename().string()));
        EXPECT_NE(pulled.error().hint, "");
    }
}

TEST_F(LayoutTest, DoesNotReadDevices) {
    ASSERT_TRUE(push_text("module", reference("1")));
    const fs::path module = blob(sha256_digest(as_bytes("module")));
    fs::remove(module);
    fs::create_symlink("/dev/zero", module);
    EXPECT_THAT(pull_text(reference("1")).error().what, HasSubstr("is not a regular file"));
}

TEST_F(LayoutTest, PutsARegularFileInPlaceOfAFifo) {
    ASSERT_TRUE(push_text("module", reference("1")));
    const fs::path module = blob(sha256_digest(as_bytes("module")));
    fs::remove(module);
    ASSERT_EQ(::mkfifo(module.c_str(), 0600), 0);
    ASSERT_TRUE(push_text("module", reference("1")));
    EXPECT_EQ(pull_text(reference("1")).value(), "module");
}

TEST_F(LayoutTest, SaysHowToGoOnWithoutAnIndex) {
    ASSERT_TRUE(push_text("module", reference("1")));
    const fs::path index_file = folder_.path() / "shelf/index.json";
    std::ofstream(index_file) << "garbage";
    auto pulled = pull_text(reference("1"));
    ASSERT_FALSE(pulled);
    EXPECT_THAT(pulled.error().what, HasSubstr("index.json is not an image index"));
    EXPECT_THAT(pulled.error().hint, HasSubstr("new folder"));
    fs::resize_file(index_file, std::uint64_t{1} << 40);
    pulled = pull_text(reference("1"));
    ASSERT_FALSE(pulled);
    EXPECT_THAT(pulled.error().what, HasSubstr("at most 16777216 are read"));
    EXPECT_THAT(pulled.error().hint, HasSubstr("new folder"));
    fs::remove(index_file);
    for (const auto& error :
         {pull_text(reference("1")).error(), push_text("module", reference("2")).error()}) {
        EXPECT_EQ(error.fault, Fault::input);
        EXPECT_THAT(error.where, HasSubstr("index.json"));
        EXPECT_THAT(error.hint, HasSubstr("new folder"));
    }
}

TEST_F(LayoutTest, IsNotMadeInAFolderWithOtherContent) {
    fs::create_directory(folder_.path() / "shelf");
    std::ofstream(folder_.path() / "shelf/thesis.txt") << "precious";
    auto pushed = push_text("module", reference("1"));
    ASSERT_FALSE(pushed);
    EXPECT_THAT(pushed.error().what, HasSubstr("other content"));
}

TEST_F(LayoutTest, SurvivesMalformedFiles) {
    for (const char* index :
         {"", "[]", "{}", R"({"manifests":{}})", R"({"manifests":[1]})", R"({"manifests":[{}]})",
          R"({"manifests":[{"digest":"sha256:../../../etc/passwd","size":1,"mediaType":"x"}]})"}) {
        ASSERT_TRUE(push_text("module", reference("1")));
        const auto good = read_file(folder_.path() / "shelf/index.json").value();
        std::ofstream(folder_.path() / "shelf/index.json") << index;
        auto pulled = pull_text(reference(""));
        ASSERT_FALSE(pulled) << index;
        EXPECT_EQ(pulled.error().fault, Fault::input) << index;
        ASSERT_TRUE(write_file(folder_.path() / "shelf/index.json", good));
    }
    std::ofstream(folder_.path() / "shelf/oci-layout") << R"({"imageLayoutVersion":"2.0.0"})";
    EXPECT_THAT(pull_text(reference("1")).error().what, HasSubstr("version \"2.0.0\"; expected 1"));
}

TEST_F(LayoutTest, StoresOnlyTheDigestThatAPushNames) {
    Reference to = reference("1");
    to.digest = "sha256:" + std::string(64, '0');
    auto pushed = push_text("module", to);
    ASSERT_FALSE(pushed);
    EXPECT_THAT(pushed.error().what, HasSubstr("the package's manifest has digest sha256:"));
}

} // namespace
} // namespace ecc
