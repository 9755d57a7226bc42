#include "packager/oci/credentials.h"

#include "support/files.h"

#include <gmock/gmock.h>
#include <map>

namespace ecc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CredentialFiles : public testing::Test {
protected:
    std::filesystem::path file(const std::string& name, std::string_view text) {
        std::filesystem::path path = folder_.path() / name;
        EXPECT_TRUE(write_file(path, as_bytes(text)));
        return path;
    }

    /// base64 of "user:password" found for host and repository.
    std::string found(const std::vector<std::filesystem::path>& files, const std::string& host = "reg.io",
                      const std::string& repository = "a/b") {
        auto credentials = find_credentials(files, host, repository);
        EXPECT_TRUE(credentials) << credentials.error().what;
        return credentials && *credentials ? (*credentials)->basic : "";
    }

    TempDir folder_ = TempDir::make().value();
};

TEST_F(CredentialFiles, GiveTheEncodedPairOfTheHost) {
    EXPECT_EQ(found({file("c.json", R"({"auths":{"reg.io":{"auth":"dTpw"}}})")}), "dTpw");
}

TEST_F(CredentialFiles, MaySpellUserAndPasswordOut) {
    EXPECT_EQ(found({file("c.json", R"({"auths":{"reg.io":{"username":"u","password":"p"}}})")}), "dTpw");
}

TEST_F(CredentialFiles, PreferTheRepositoryToTheHost) {
    EXPECT_EQ(
        found({file("c.json", R"({"auths":{"reg.io":{"auth":"aG9zdA=="},"reg.io/a":{"auth":"cmVwbw=="}}})")}),
        "cmVwbw==");
}

TEST_F(CredentialFiles, MayUseTheUrlsOfOldClients) {
    EXPECT_EQ(found({file("c.json", R"({"auths":{"https://reg.io/v1/":{"auth":"dTpw"}}})")}), "dTpw");
    EXPECT_EQ(
        found({file("c.json", R"({"auths":{"https://index.docker.io/v1/":{"auth":"dTpw"}}})")}, "docker.io"),
        "dTpw");
}

TEST_F(CredentialFiles, AreAskedInOrderAndMayBeAbsent) {
    auto first = file("1.json", R"({"auths":{"other.io":{"auth":"eDp5"}}})");
    auto second = file("2.json", R"({"auths":{"reg.io":{"auth":"dTpw"}}})");
    EXPECT_EQ(found({folder_.path() / "absent.json", first, second}), "dTpw");
    EXPECT_EQ(found({first}), "");
}

TEST_F(CredentialFiles, WithoutALoginOrWithAnEmptyOneGiveNothing) {
    for (const char* text : {"{}", R"({"auths":{}})", R"({"auths":[]})", R"({"auths":{"reg.io":{}}})",
                             R"({"auths":{"reg.io":7}})", R"({"credsStore":"x","auths":{"reg.io":{}}})"})
        EXPECT_EQ(found({file("c.json", text)}), "") << text;
}

TEST_F(CredentialFiles, ThatAreMalformedAreNamed) {
    auto path = file("c.json", "{not json");
    auto credentials = find_credentials({path}, "reg.io", "a");
    ASSERT_FALSE(credentials);
    EXPECT_EQ(credentials.error().fault, Fault::environment);
    EXPECT_EQ(credentials.error().where, path.string());
}

TEST_F(CredentialFiles, CannotSmuggleHeaders) {
    auto path = file("c.json", R"({"auths":{"reg.io":{"auth":"dTpw\r\nX-Evil: 1"}}})");
    auto credentials = find_credentials({path}, "reg.io", "a");
    ASSERT_FALSE(credentials);
    EXPECT_THAT(credentials.error().what, HasSubstr("not base64"));
}

TEST(CredentialLocations, FollowTheEnvironment) {
    auto files_for = [](std::map<std::string, const char*> variables) {
        return credential_files([=](const char* name) {
            auto found = variables.find(name);
            return found == variables.end() ? nullptr : found->second;
        });
    };
    EXPECT_THAT(files_for({{"HOME", "/h"}}),
                ElementsAre("/h/.config/containers/auth.json", "/h/.docker/config.json"));
    EXPECT_THAT(
        files_for({{"HOME", "/h"},
                   {"REGISTRY_AUTH_FILE", "/r.json"},
                   {"XDG_RUNTIME_DIR", "/run/u"},
                   {"XDG_CONFIG_HOME", "/c"},
                   {"DOCKER_CONFIG", "/d"}}),
        ElementsAre("/r.json", "/run/u/containers/auth.json", "/c/containers/auth.json", "/d/config.json"));
    EXPECT_THAT(files_for({{"DOCKER_CONFIG", ""}}), ElementsAre());
}

} // namespace
} // namespace ecc
