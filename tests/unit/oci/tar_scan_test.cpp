#include "packager/oci/tar.h"
#include "packager/oci/tar_scan.h"

#include "support/files.h"

#include <cstdlib>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <numeric>

namespace ecc {
namespace {

using testing::HasSubstr;

std::string padded(std::string text) {
    text.resize((text.size() + 511) / 512 * 512);
    return text;
}

using Change = std::pair<std::size_t, std::string>; ///< what to write where in a header

/// A header as POSIX has it, with changes.
std::string header(char type, const std::string& name, std::size_t size,
                   const std::vector<Change>& changes = {}) {
    std::string block(512, '\0');
    const auto put = [&](std::size_t at, const std::string& text) { block.replace(at, text.size(), text); };
    put(0, name);
    put(100, "0000644");
    put(124, fmt::format("{:011o}", size));
    put(156, std::string(1, type));
    put(257, {"ustar\0"
              "00",
              8});
    for (const auto& [at, text] : changes)
        put(at, text);
    put(148, "        ");
    const auto sum = std::accumulate(block.begin(), block.end(), 0u, [](unsigned so_far, char c) {
        return so_far + static_cast<unsigned char>(c);
    });
    put(148, fmt::format("{:06o}", sum) + std::string(1, '\0'));
    return block;
}

std::string member(char type, const std::string& name, const std::string& content,
                   const std::vector<Change>& changes = {}) {
    return header(type, name, content.size(), changes) + padded(content);
}

std::string file(const std::string& name, const std::vector<Change>& changes = {}) {
    return member('0', name, "content", changes);
}

std::string pax_record(const std::string& key, const std::string& value) {
    const std::string rest = fmt::format(" {}={}\n", key, value);
    std::size_t size = rest.size();
    while (fmt::format("{}", size).size() + rest.size() != size)
        size = fmt::format("{}", size).size() + rest.size();
    return fmt::format("{}{}", size, rest);
}

std::string pax(const std::vector<std::pair<std::string, std::string>>& records, char type = 'x') {
    std::string content;
    for (const auto& [key, value] : records)
        content += pax_record(key, value);
    return member(type, "PaxHeaders/x", content);
}

std::string long_name(const std::string& name, char type = 'L') {
    return member(type, "././@LongLink", name + '\0');
}

const std::string end(1024, '\0');
const Change of_gnu{257, {"ustar  \0", 8}};
const Change of_version_7{257, std::string(8, '\0')};

/// Empty if nothing is.
std::string ambiguity(const std::string& tar) {
    std::vector<std::string> found;
    for (const std::size_t piece : {tar.size(), std::size_t(1), std::size_t(100)}) {
        TarScan scan("image");
        Result<void> taken;
        for (std::size_t at = 0; taken && at < tar.size(); at += piece)
            taken = scan.take(as_bytes(std::string_view(tar).substr(at, piece)));
        found.push_back(taken ? "" : taken.error().what);
    }
    EXPECT_THAT(found, testing::Each(found.front())) << "in pieces of any size";
    return found.front();
}

TEST(TarScan, TakesWhatEveryReaderReadsAlike) {
    const std::string name(300, 'n');
    EXPECT_EQ(ambiguity(file("a") + end + end), "");
    EXPECT_EQ(ambiguity(file("a") + header('5', "b/", 0) + member('0', "b/empty", "")), "") << "no end";
    EXPECT_EQ(
        ambiguity(pax({{"path", name}, {"size", "7"}, {"mtime", "1.5"}, {"SCHILY.xattr.user.a", "\nb="}}) +
                  file("n") + end),
        "");
    EXPECT_EQ(ambiguity(long_name(name) + file("n", {of_gnu}) + end), "");
    EXPECT_EQ(ambiguity(long_name(name, 'K') + long_name(name) + header('1', "n", 0, {of_gnu}) + end), "");
    EXPECT_EQ(ambiguity(pax({{"comment", "of git"}}, 'g') + file("a") + end), "");
    EXPECT_EQ(ambiguity(file("a", {of_version_7}) + member('\0', "b", "b") + header('\0', "c/", 0) + end),
              "");
    EXPECT_EQ(ambiguity(file("a", {of_gnu, {345, "14527706011"}, {124, "         7 "}}) + end), "");
    for (const char type : {'2', '3', '4', '6'})
        EXPECT_EQ(ambiguity(header(type, "a", 0) + end), "");
}

TEST(TarScan, RefusesTwoNamesOfAMember) {
    const std::string x = pax({{"path", "app.wasm"}}), l = long_name("harmless.bin");
    EXPECT_THAT(ambiguity(x + l + file("a") + end), HasSubstr("extended headers of types x and L"));
    EXPECT_THAT(ambiguity(l + x + file("a") + end), HasSubstr("extended headers of types L and x"));
    EXPECT_THAT(ambiguity(x + long_name("b", 'K') + file("a") + end), HasSubstr("types x and K"));
    EXPECT_THAT(ambiguity(x + x + file("a") + end), HasSubstr("types x and x"));
    EXPECT_THAT(ambiguity(l + l + file("a") + end), HasSubstr("types L and L"));
    EXPECT_THAT(ambiguity(x + pax({{"comment", "c"}}, 'g') + file("a") + end), HasSubstr("types x and g"));
    EXPECT_THAT(ambiguity(pax({{"path", "a"}, {"path", "b"}}) + file("c") + end), HasSubstr("path twice"));
    EXPECT_THAT(ambiguity(pax({{"path", "a"}}, 'g') + file("c") + end), HasSubstr("path of all members"));
    EXPECT_THAT(ambiguity(pax({{"path", ""}}) + file("c") + end), HasSubstr("path without a value"));
    EXPECT_THAT(ambiguity(pax({{"path", {"a\0b", 3}}}) + file("c") + end), HasSubstr("NUL"));
    EXPECT_THAT(ambiguity(long_name("") + file("c") + end), HasSubstr("long name"));
    EXPECT_THAT(ambiguity(long_name({"a\0b", 3}) + file("c") + end), HasSubstr("long name"));
    EXPECT_THAT(ambiguity(x + end), HasSubstr("ends after an extended header"));
    EXPECT_THAT(ambiguity(file("")), HasSubstr("without a name"));
}

TEST(TarScan, RefusesSparseFiles) {
    for (const char* key : {"GNU.sparse.name", "GNU.sparse.major", "GNU.sparse.realsize", "SCHILY.realsize"})
        EXPECT_THAT(ambiguity(pax({{key, "1"}}) + file("a") + end), HasSubstr(key));
    EXPECT_THAT(ambiguity(member('S', "a", "content", {of_gnu}) + end), HasSubstr("of type 'S'"));
    for (const std::size_t at : {386u, 482u, 483u})
        EXPECT_THAT(ambiguity(file("a", {of_gnu, {at, "1"}}) + end), HasSubstr("a sparse file")) << at;
}

TEST(TarScan, RefusesHeadersThatOnlySomeUnderstand) {
    for (const char* magic : {"ustar 00", "ustar  0", "ustar\t00", "pax"})
        EXPECT_THAT(ambiguity(file("a", {{257, magic}}) + end), HasSubstr("a header that is neither"))
            << magic;
    EXPECT_THAT(ambiguity(file("a", {{508, {"tar\0", 4}}}) + end), HasSubstr("star's"));
    EXPECT_THAT(ambiguity(file("a", {of_gnu, {345, "folder"}}) + end),
                HasSubstr("a GNU header with a prefix"));
    EXPECT_THAT(ambiguity(file("a", {of_gnu, {357, "folder"}}) + end),
                HasSubstr("a GNU header with a prefix"));
    for (const char type : {'7', 'X', 'V', 'M', 'A', '8', '\x80'})
        EXPECT_THAT(ambiguity(member(type, "a", "content") + end), HasSubstr("a, of type")) << type;
}

TEST(TarScan, RefusesSizesThatOnlySomeUnderstand) {
    for (const std::string& size :
         {std::string("\x80\0\0\0\0\0\0\0\0\0\0\7", 12), std::string("\0 0000000007", 12),
          std::string("0000000007 7"), std::string("-0000000007"), std::string("0000000008 ")})
        EXPECT_THAT(ambiguity(file("a", {{124, size}}) + end), HasSubstr("a size")) << size;
    EXPECT_THAT(ambiguity(pax({{"size", "512"}}) + file("a") + end), HasSubstr("with 7 bytes and with 512"));
    for (const char type : {'1', '2', '3', '4', '5', '6'})
        EXPECT_THAT(ambiguity(member(type, "a", "content") + end), HasSubstr("no file and has content"));
}

TEST(TarScan, RefusesFilesThatMayBeFoldersOrLinks) {
    EXPECT_THAT(ambiguity(member('0', "a/", "") + end), HasSubstr("called like a folder"));
    EXPECT_THAT(ambiguity(member('\0', "a/", "content") + end), HasSubstr("called like a folder"));
    EXPECT_THAT(ambiguity(long_name("a/") + file("a") + end), HasSubstr("called like a folder"));
    EXPECT_THAT(ambiguity(pax({{"linkpath", "b"}}) + file("a") + end), HasSubstr("a, which is no link"));
}

TEST(TarScan, RefusesWhatComesAfterTheEnd) {
    EXPECT_THAT(ambiguity(file("a") + std::string(512, '\0') + file("b") + end), HasSubstr("after its end"));
    EXPECT_THAT(ambiguity(file("a") + end + file("b") + end), HasSubstr("after its end"));
}

TEST(TarScan, ShowsNamesInOneLineAndInPart) {
    const std::string refusal =
        ambiguity(long_name("a\nb" + std::string(100'000, 'c') + "/") + file("a") + end);
    EXPECT_THAT(refusal, testing::AllOf(HasSubstr("cccc"), testing::Not(HasSubstr("\n"))));
    EXPECT_LT(refusal.size(), 500u);
}

TEST(TarScan, RefusesWhatIsNoTarFile) {
    std::string damaged = file("a");
    damaged[0]++;
    for (const std::string& tar : {std::string(512, 'a'), damaged + end, file("a") + damaged})
        EXPECT_THAT(ambiguity(tar), HasSubstr("no tar archive, or a damaged one"));
}

TEST(TarScan, RefusesMalformedExtendedHeaders) {
    for (const char* records : {"x", "5 a=b", "99 path=a\n", "0 a=b\n", "4 a=\n", "3 \n", "7 path\n", "4 =\n",
                                "+9 path=a\n", " 9 path=a\n", "99999999999999999999 path=a\n", "6 a=b\n\n"})
        EXPECT_THAT(ambiguity(member('x', "x", records) + file("a") + end), HasSubstr("malformed"))
            << records;
    EXPECT_THAT(ambiguity(header('x', "x", 0) + file("a") + end), HasSubstr("of 0 bytes"));
    EXPECT_THAT(ambiguity(header('L', "x", 2u << 20) + end), HasSubstr("of 2097152 bytes"));
}

Result<std::vector<std::string>> names_in(ByteView layer) {
    std::vector<std::string> names;
    ECC_CHECK(read_tar_files(MemorySource(layer), 1u << 20, "image", [&](const TarMember& member) {
        names.push_back(member.path);
        return Result<Sink>(discard);
    }));
    return names;
}

TEST(TarFiles, OfAnAmbiguousLayerAreNotRead) {
    const auto names = names_in(as_bytes(pax({{"path", "app.wasm"}}) + long_name("b") + file("a") + end));
    ASSERT_FALSE(names);
    EXPECT_EQ(names.error().where, "image");
    EXPECT_EQ(names.error().fault, Fault::input);
    EXPECT_THAT(names.error().what, HasSubstr("ambiguous"));
}

TEST(TarFiles, AreAtMostAsLargeAsIsAllowedWithTheirHeaders) {
    std::string folders;
    for (int i = 0; i < 3000; i++)
        folders += header('5', fmt::format("{}/", i), 0);
    const auto names = names_in(as_bytes(folders + end));
    ASSERT_FALSE(names);
    EXPECT_THAT(names.error().what, HasSubstr("unpacks to more than 1 MiB"));
}

TEST(TarFiles, OfWhatTarWritesAreRead) {
    const TempDir folder = TempDir::make().value();
    const std::string script = "cd " + folder.path().string() + R"( && umask 022 && mkdir in && cd in || exit
            long=usr/$(printf %0200d 1)
            mkdir -p $long && echo app >app.wasm && echo long >$long/$(printf %0200d 2) || exit
            ln app.wasm same && ln -s app.wasm link && ln -s $long far || exit
            for format in gnu oldgnu pax; do
                tar cf ../$format.tar --format=$format . && gzip -k ../$format.tar || exit
            done
            rm -r usr far
            for format in v7 ustar; do tar cf ../$format.tar --format=$format . || exit; done)";
    ASSERT_EQ(std::system(script.c_str()), 0);
    for (const char* name :
         {"gnu.tar", "oldgnu.tar", "pax.tar", "gnu.tar.gz", "pax.tar.gz", "v7.tar", "ustar.tar"}) {
        const auto names = names_in(read_file(folder.path() / name).value());
        ASSERT_TRUE(names) << name << names.error().what;
        EXPECT_THAT(*names, testing::IsSupersetOf({"app.wasm", "same", "link"})) << name;
    }
}

} // namespace
} // namespace ecc
