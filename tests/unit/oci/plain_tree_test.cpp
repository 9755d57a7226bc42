#include "packager/oci/plain_tree.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::HasSubstr;

std::string refusal(const std::vector<TarMember>& members) {
    PlainTree tree("image");
    for (const TarMember& member : members)
        if (const auto added = tree.add(member); !added)
            return added.error().what;
    return {};
}

TarMember file(const std::string& path) {
    return {path, TarKind::file};
}

TarMember folder(const std::string& path) {
    return {path, TarKind::folder};
}

TEST(PlainTree, TakesFilesAndFoldersInAnyOrder) {
    EXPECT_EQ(refusal({folder(""), file("a/b/c"), folder("a"), folder("a"), file("a-b"), folder("a/b"),
                       file("a.b"), file("b"), file("a/b/d"), file("..a"), file("wh.b")}),
              "");
}

TEST(PlainTree, RefusesAPathThatIsThereAsSomethingElse) {
    EXPECT_THAT(refusal({file("a"), file("a")}), HasSubstr("has a twice"));
    EXPECT_THAT(refusal({file("a"), folder("a")}), HasSubstr("has a twice"));
    EXPECT_THAT(refusal({folder("a"), file("a")}), HasSubstr("has a twice"));
    EXPECT_THAT(refusal({file("a"), file("a-b"), file("a.b"), file("a/b/c")}),
                HasSubstr("has a as a file and"));
    EXPECT_THAT(refusal({file("a/b/c"), file("a-b"), file("a")}), HasSubstr("has a as a file and"));
    EXPECT_THAT(refusal({file("a/b"), folder("a/b/c")}), HasSubstr("has a/b as a file and"));
}

TEST(PlainTree, RefusesWhatLeadsElsewhere) {
    EXPECT_THAT(refusal({{"a", TarKind::other}}), HasSubstr("has a, which is a link or a device"));
    for (const char* path : {"..", "../a", "a/../b", "a/.."})
        EXPECT_THAT(refusal({file(path)}), HasSubstr("\"..\"")) << path;
    for (const char* path : {".wh.a", "a/.wh.b", "a/.wh..wh..opq", ".wh.a/b"})
        EXPECT_THAT(refusal({file(path)}), HasSubstr("deletes")) << path;
}

TEST(PlainTree, RefusesPathsThatFillTheMemory) {
    EXPECT_THAT(refusal({file(std::string(2000, 'a'))}), HasSubstr("too long"));
    PlainTree tree("image");
    std::size_t taken = 0;
    while (taken < 100'000 && tree.add(file(std::to_string(taken) + std::string(1000, 'a'))))
        taken++;
    EXPECT_LT(taken, 20'000u);
}

TEST(PlainTree, RefusesMoreFilesThanItsMemoryHolds) {
    PlainTree tree("image");
    int taken = 0;
    while (taken < 1'000'000 && tree.add(file(std::to_string(taken))))
        taken++;
    EXPECT_EQ(taken, 100'000);
}

TEST(PlainPath, HasNoEmptyPartsAndDots) {
    for (const char* path : {"usr/bin", "/usr/bin", "./usr//bin/", "//usr/./bin", "usr/bin/."})
        EXPECT_EQ(plain_path(path), "usr/bin") << path;
    EXPECT_EQ(plain_path("./"), "");
    EXPECT_EQ(plain_path("./.hidden"), ".hidden");
    EXPECT_EQ(plain_path("../a"), "../a");
}

} // namespace
} // namespace ecc
