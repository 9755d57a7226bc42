#include "packager/oci/git_source.h"

#include "support/files.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

std::string source_of(const std::string& remote) {
    const TempDir folder = TempDir::make().value();
    const auto git = folder.path() / ".git";
    std::filesystem::create_directories(git);
    EXPECT_TRUE(write_file(git / "HEAD", as_bytes("ref: refs/heads/main\n")));
    EXPECT_TRUE(write_file(git / "config", as_bytes("[remote \"origin\"]\n\turl = " + remote + "\n")));
    const auto source = find_git_source(folder.path());
    EXPECT_TRUE(source);
    return source ? source->url : "nothing found";
}

TEST(GitSource, IsTheAddressThatABrowserOpens) {
    EXPECT_EQ(source_of("https://example.org/me/tools.git"), "https://example.org/me/tools");
    EXPECT_EQ(source_of("git@example.org:me/tools.git"), "https://example.org/me/tools");
    EXPECT_EQ(source_of("ssh://git@example.org/me/tools.git"), "https://example.org/me/tools");
    EXPECT_EQ(source_of("https://example.org:8443/me/tools.git"), "https://example.org:8443/me/tools");
}

TEST(GitSource, HasNoPortOfSsh) {
    EXPECT_EQ(source_of("ssh://git@example.org:2222/me/tools.git"), "https://example.org/me/tools");
    EXPECT_EQ(source_of("ssh://example.org:2222/me/tools"), "https://example.org/me/tools");
    EXPECT_EQ(source_of("ssh://git@[2001:db8::1]:22/me/tools"), "https://[2001:db8::1]/me/tools");
    EXPECT_EQ(source_of("ssh://git@[2001:db8::1]/me/tools"), "https://[2001:db8::1]/me/tools");
    EXPECT_EQ(source_of("ssh://me:zzz@example.org/me/tools"), "https://example.org/me/tools");
    EXPECT_EQ(source_of("ssh://"), "");
}

TEST(GitSource, HasNoSecrets) {
    for (const char* remote :
         {"https://example.org/me/tools?private_token=zzz", "https://example.org/me/tools.git#zzz",
          "https://zzz@example.org/me/tools", "https://me:zzz@example.org/me/tools.git?a=b@c/d"})
        EXPECT_EQ(source_of(remote), "https://example.org/me/tools") << remote;
}

TEST(GitSource, IsLeftOutWhereASecretCouldHide) {
    for (const char* remote : {"https://example.org?private_token=zzz", "https://me:z?z@example.org/me/tools",
                               "https://me:z/z@example.org/me/tools", "https://me:1/z@example.org/me/tools",
                               "https://me:1?z@example.org/me/tools", "https://example.org#z@z/me",
                               "https://example.org/", "file:///home/me/tools", "/home/me/tools", ""})
        EXPECT_EQ(source_of(remote), "") << remote;
}

} // namespace
} // namespace ecc
