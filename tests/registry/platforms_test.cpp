// --platform, as oras has it: one of the manifests that an index lists.

#include "tests/registry/oras.h"
#include "tests/registry/signing_test.h"
#include "tests/unit/package/samples.h"

namespace ecc::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* index_type = "application/vnd.oci.image.index.v1+json";

class Platforms : public SigningTest {
protected:
    /// The same commands on all kinds of places.
    std::vector<std::string> places() const { return {ref("t/tool"), "oci:shelf", "oci-archive:shelf.tar"}; }

    std::string succeed(const Command& arguments) {
        const Output output = ecc(arguments);
        EXPECT_EQ(output.status, 0) << output.err;
        return output.out.substr(0, output.out.find_last_not_of('\n') + 1);
    }

    Bytes package_for(const std::string& platform) const {
        return samples::join({package_, samples::custom_section("for", as_bytes(platform))});
    }

    /// A package of its own for each platform, and an index of them under the tag "all"; their digests.
    std::vector<std::string> push_for(const std::string& place, const std::vector<std::string>& platforms) {
        std::vector<std::string> digests;
        json index = {{"schemaVersion", 2}, {"mediaType", index_type}, {"manifests", json::array()}};
        for (const std::string& platform : platforms) {
            write("one.wasm", package_for(platform));
            const json pushed = ecc_json({"push", "one.wasm", place});
            json entry = {{"mediaType", pushed["mediaType"]},
                          {"digest", pushed["digest"]},
                          {"size", pushed["size"]},
                          {"annotations", {{"for", platform}}},
                          {"platform", platform_named(platform)}};
            index["manifests"].push_back(entry);
            digests.push_back(pushed["digest"]);
        }
        push_index(place + ":all", index);
        return digests;
    }

    json entry_of(const std::string& index, std::size_t number) {
        return json::parse(succeed({"manifest", "fetch", index}))["manifests"][number];
    }

    void push_index(const std::string& reference, const json& index) {
        write("index.json", as_bytes(index.dump()));
        succeed({"manifest", "push", reference, "index.json"});
    }

    /// A member of an index's entry.
    static json platform_named(const std::string& text) {
        const auto first = text.find('/'), second = text.find('/', first + 1);
        json platform = {{"os", text.substr(0, first)},
                         {"architecture", text.substr(first + 1, second - first - 1)}};
        if (second != text.npos)
            platform["variant"] = text.substr(second + 1);
        return platform;
    }

    void expect_refused(const Command& arguments, const std::string& reason) {
        const Output refused = ecc(arguments);
        EXPECT_EQ(refused.status, 1) << testing::PrintToString(arguments);
        EXPECT_THAT(refused.err, HasSubstr(reason));
    }

    std::string oras_says(Command command) {
        command.insert(command.begin(), oras());
        const Output output = run_here(command);
        EXPECT_EQ(output.status, 0) << output.err;
        return output.out.substr(0, output.out.find_last_not_of('\n') + 1);
    }
};

TEST_F(Platforms, ChooseWhatIsPulled) {
    start_registry();
    for (const std::string& place : places()) {
        push_for(place, {"linux/amd64", "linux/arm64/v8", "wasip1/wasm"});
        succeed({"pull", "--platform", "linux/arm64", place + ":all", "-o", "back.wasm"});
        EXPECT_EQ(read("back.wasm"), package_for("linux/arm64/v8")) << place;
        succeed({"pull", place + ":all", "-o", "back.wasm"});
        EXPECT_EQ(read("back.wasm"), package_for("wasip1/wasm")) << "as ever without it";
    }
}

TEST_F(Platforms, ChooseWhatOtherCommandsTake) {
    start_registry();
    for (const std::string& place : places()) {
        const auto digests = push_for(place, {"linux/amd64", "linux/arm/v6", "linux/arm/v7"});
        const std::string all = place + ":all", pinned = place + "@" + digests[2];
        const Command chosen = {"--platform", "linux/arm/v7", all};
        const auto choose = [&](Command command) {
            command.insert(command.end(), chosen.begin(), chosen.end());
            return succeed(command);
        };
        EXPECT_EQ(choose({"resolve"}), digests[2]);
        EXPECT_EQ(choose({"resolve", "-l"}), pinned);
        EXPECT_EQ(choose({"manifest", "fetch"}), succeed({"manifest", "fetch", pinned}));
        EXPECT_EQ(json::parse(choose({"manifest", "fetch", "--descriptor"})), entry_of(all, 2));
        EXPECT_EQ(choose({"manifest", "fetch-config"}), succeed({"manifest", "fetch-config", pinned}));
        write("note.txt", as_bytes("for arm"));
        succeed({"attach", "--artifact-type", "text/plain", "--platform", "linux/arm/v7", all, "note.txt"});
        EXPECT_THAT(choose({"discover"}), AllOf(HasSubstr(pinned), HasSubstr("text/plain")));
        EXPECT_THAT(succeed({"discover", all}), Not(HasSubstr("text/plain"))) << "of the index";
    }
}

TEST_F(Platforms, AreCopiedAlone) {
    start_registry();
    const auto digests = push_for(ref("t/tool"), {"linux/amd64", "linux/arm64"});
    succeed({"cp", "--platform", "linux/arm64", ref("t/tool:all"), "oci:alone"});
    EXPECT_EQ(succeed({"resolve", "oci:alone:all"}), digests[1]);
    EXPECT_EQ(ecc({"resolve", "oci:alone@" + digests[0]}).status, 1);
    succeed({"cp", "--platform", "linux/amd64", ref("t/tool:all"), ref("u/tool:amd64")});
    EXPECT_EQ(succeed({"resolve", ref("u/tool:amd64")}), digests[0]);
    expect_refused({"cp", "--platform", "linux/riscv64", ref("t/tool:all"), ref("u/tool:1")}, "nothing for");
    EXPECT_EQ(succeed({"tags", ref("u/tool")}), "amd64");
}

TEST_F(Platforms, AreWhatOrasChooses) {
    start_registry();
    push_for(ref("t/tool"), {"linux/amd64", "linux/arm/v6", "linux/arm/v7", "linux/arm64/v8"});
    const std::string all = ref("t/tool:all");
    for (const char* platform :
         {"linux/amd64", "linux/arm", "linux/arm/v7", "linux/arm64", "linux/arm64/v8"}) {
        EXPECT_EQ(succeed({"resolve", "--platform", platform, all}),
                  oras_says({"resolve", "--plain-http", "--platform", platform, all}))
            << platform;
        EXPECT_EQ(succeed({"manifest", "fetch", "--platform", platform, all}),
                  oras_says({"manifest", "fetch", "--plain-http", "--platform", platform, all}))
            << platform;
        const Command describe = {"manifest", "fetch", "--descriptor", "--plain-http", "--platform",
                                  platform,   all};
        EXPECT_EQ(json::parse(succeed(describe)), json::parse(oras_says(describe))) << platform;
    }
}

TEST_F(Platforms, ThatAnIndexDoesNotHaveAreAnsweredWithThoseThatItHas) {
    start_registry();
    for (const std::string& place : places()) {
        push_for(place, {"linux/arm64", "linux/amd64", "linux/arm/v6"});
        const std::string reason = "the index has nothing for linux/riscv64; the platforms are linux/amd64, "
                                   "linux/arm/v6, linux/arm64";
        for (const Command& command : {Command{"pull"},
                                       {"resolve"},
                                       {"manifest", "fetch"},
                                       {"manifest", "fetch", "--descriptor"},
                                       {"discover"}}) {
            Command whole = command;
            whole.insert(whole.end(), {"--platform", "linux/riscv64", place + ":all"});
            expect_refused(whole, reason);
        }
        expect_refused({"resolve", "--platform", "linux/arm64/v8", place + ":all"},
                       "nothing for linux/arm64/v8");
        expect_refused({"resolve", "--platform", "linux/arm/v7", place + ":all"}, "nothing for linux/arm/v7");
        expect_refused({"resolve", "--platform", "windows/amd64", place + ":all"},
                       "nothing for windows/amd64");
    }
}

TEST_F(Platforms, OfAnImageMustBeTheOneInItsConfig) {
    start_registry();
    succeed({"push", "tool.wasm", ref("t/tool:wasm")});
    succeed({"push", "tool.wasm", ref("t/tool:image"), "--format", "container"});
    const std::string digest = succeed({"resolve", ref("t/tool:image")});
    EXPECT_EQ(succeed({"resolve", "--platform", "linux/amd64", ref("t/tool:image")}), digest);
    EXPECT_EQ(oras_says({"resolve", "--plain-http", "--platform", "linux/amd64", ref("t/tool:image")}),
              digest);
    for (const Command& command : {Command{"resolve"}, {"manifest", "fetch", "--descriptor"}}) {
        Command whole = command;
        whole.insert(whole.end(), {"--platform", "linux/arm64", ref("t/tool:image")});
        expect_refused(whole, "is for linux/amd64, not for linux/arm64");
    }
    succeed({"pull", "--platform", "wasip1/wasm", ref("t/tool:wasm"), "-o", "back.wasm"});
    EXPECT_EQ(read("back.wasm"), package_);
    expect_refused({"pull", "--platform", "linux/amd64", ref("t/tool:wasm")}, "is for wasip1/wasm");
}

TEST_F(Platforms, ThatNobodyNamesAreNotGuessed) {
    start_with_package();
    write("note.txt", as_bytes("of no platform"));
    const json attached =
        ecc_json({"attach", ref("t/tool:1"), "--artifact-type", "text/plain", "note.txt:text/plain"});
    expect_refused({"resolve", "--platform", "linux/amd64", attached["reference"]},
                   "does not say which platform it is for");
    push_index(ref("t/tool:none"), {{"schemaVersion", 2},
                                    {"mediaType", index_type},
                                    {"manifests",
                                     {{{"mediaType", attached["mediaType"]},
                                       {"digest", attached["digest"]},
                                       {"size", attached["size"]}}}}});
    expect_refused({"resolve", "--platform", "linux/amd64", ref("t/tool:none")}, "it names none");
    push_index(ref("t/tool:empty"),
               {{"schemaVersion", 2}, {"mediaType", index_type}, {"manifests", json::array()}});
    expect_refused({"pull", "--platform", "linux/amd64", ref("t/tool:empty")}, "it names none");
}

TEST_F(Platforms, OfASignedIndexAreSigned) {
    start_registry();
    push_for(ref("t/tool"), {"linux/amd64", "linux/arm64"});
    const Command pull = {"pull", "--platform", "linux/arm64", "--verify-key", "key.pub", ref("t/tool:all"),
                          "-o",   "back.wasm",  "--bundle",    "back.json"};
    expect_refused(pull, "is not signed");
    ASSERT_EQ(sign(ref("t/tool:all")).status, 0);
    succeed(pull);
    EXPECT_EQ(read("back.wasm"), package_for("linux/arm64"));
    EXPECT_EQ(json::parse(as_text(read("back.json")))["manifests"].size(), 2u)
        << "the index, and what it lists";
}

TEST_F(Platforms, ThatAreNoneAreUsageErrors) {
    for (const char* platform : {"linux", "linux/", "/amd64", "linux/arm/v7/x", "linux/amd64:10.0", "a b/c"})
        for (const Command& command : {Command{"pull"}, {"resolve"}, {"manifest", "fetch"}}) {
            Command whole = command;
            whole.insert(whole.end(), {"--platform", platform, "localhost:1/t/tool:1"});
            const Output refused = ecc(whole);
            EXPECT_EQ(refused.status, 2) << "before anybody is asked: " << refused.err;
            EXPECT_THAT(refused.err, AllOf(HasSubstr("is not a platform"), HasSubstr("OS/ARCH[/VARIANT]")));
        }
}

TEST_F(Platforms, InAHostileIndexAreShownInOneLineAndInPart) {
    const std::string digest = ecc_json({"push", "tool.wasm", "oci:shelf:1"})["digest"];
    const json manifest = ecc_json({"resolve", "oci:shelf:1"});
    const auto entry = [&](const json& platform) {
        return json{{"mediaType", manifest["mediaType"]},
                    {"digest", digest},
                    {"size", manifest["size"]},
                    {"platform", platform}};
    };
    json entries = {entry({{"os", "\x1b[2Jlinux\nerror: "}, {"architecture", "arm"}}),
                    entry({{"os", {"linux"}}, {"architecture", 64}}), entry("linux/amd64")};
    for (int i = 0; i < 1000; i++)
        entries.push_back(entry({{"os", "os" + std::to_string(i)}, {"architecture", "z"}}));
    push_index("oci:shelf:all", {{"schemaVersion", 2}, {"mediaType", index_type}, {"manifests", entries}});
    const Output refused = ecc({"pull", "--platform", "linux/amd64", "oci:shelf:all"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.err, AllOf(Not(HasSubstr("\x1b")), HasSubstr("and 982 more")));
    EXPECT_LT(refused.err.size(), 1000u);
}

TEST_F(Platforms, AreNotBelievedWithoutTheDigest) {
    const auto digests = push_for("oci:shelf", {"linux/amd64", "linux/arm64"});
    write("shelf/blobs/sha256/" + digests[0].substr(7), as_bytes(R"({"schemaVersion":2})"));
    expect_refused({"manifest", "fetch", "--platform", "linux/amd64", "oci:shelf:all"}, "wrong digest");
    succeed({"manifest", "fetch", "--platform", "linux/arm64", "oci:shelf:all"});
}

} // namespace
} // namespace ecc::test
