#include "compiler/commands/installed_packages.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

constexpr const char* base_file = "/usr/share/doc/base-files/copyright";

TEST(InstalledPackages, AreKnownByTheirFiles) {
    const auto packages = installed_packages({base_file, "/bin/ls"});
    ASSERT_EQ(packages.size(), 2u) << "as on Debian, with dpkg-query";
    const RecordedComponent& base = packages.at(base_file);
    EXPECT_EQ(base.name, "base-files");
    EXPECT_TRUE(base.purl.starts_with("pkg:deb/")) << base.purl;
    EXPECT_NE(base.purl.find("/base-files@"), std::string::npos) << base.purl;
    EXPECT_FALSE(base.version.empty());
    EXPECT_EQ(packages.at("/bin/ls").name, "coreutils");
    EXPECT_TRUE(base.files.empty());
}

TEST(InstalledPackages, AreKnownByEitherNameOfAMergedFolder) {
    const auto packages = installed_packages({"/bin/ls", "/usr/bin/ls"});
    ASSERT_EQ(packages.size(), 2u);
    EXPECT_EQ(packages.at("/bin/ls"), packages.at("/usr/bin/ls"));
}

TEST(InstalledPackages, OfWhatNobodyInstalledAreNone) {
    EXPECT_TRUE(installed_packages({}).empty());
    EXPECT_TRUE(installed_packages({"/nowhere", "", "/", "/usr", "--version", "/usr/share/doc/base-files/c*",
                                    "/bin/ls, /bin/cat: /x", std::string(base_file) + "\n"})
                    .empty());
    EXPECT_EQ(installed_packages({"/nowhere", base_file}).size(), 1u) << "the others are still known";
}

TEST(InstalledPackages, AreFoundForMoreFilesThanACommandLineTakes) {
    std::vector<std::string> paths;
    for (int i = 0; i < 150; i++)
        paths.push_back("/nowhere/" + std::string(4000, 'x') + std::to_string(i));
    paths.push_back(base_file);
    EXPECT_EQ(installed_packages(paths).size(), 1u);
}

} // namespace
} // namespace ecc
