// What a package can have wrong. `ecc` says 1, the input is at fault; `ecc-run` says 125, the guest did not begin.

#include "packager/package/package.h"
#include "packager/package/wasm_module.h"
#include "tests/bad/bad_input.h"

#include <algorithm>

namespace ecc::test {
namespace {

class PackageFile : public BadInput {
protected:
    void expect_refused_by_both(const std::string& file, const std::vector<std::string>& words) const {
        expect_refused({ecc(), "inspect", file}, 1, words);
        expect_refused({ecc_run(), file}, 125, words);
        expect_refused({ecc(), "push", file, "oci:layout:1"}, 1, words);
    }
};

/// The package with one custom section's payload replaced by another of the same length.
Bytes patched(const Bytes& package, std::string_view find, std::string_view replacement) {
    Bytes changed = package;
    const auto at = as_text(package).find(find);
    EXPECT_NE(at, std::string_view::npos) << find;
    EXPECT_EQ(find.size(), replacement.size());
    if (at != std::string_view::npos)
        std::ranges::copy(replacement, changed.begin() + static_cast<std::ptrdiff_t>(at));
    return changed;
}

TEST_F(PackageFile, MissingIsNamed) {
    expect_refused({ecc(), "inspect", "absent.wasm"}, 1, {"absent.wasm"});
    expect_refused({ecc_run(), "absent.wasm"}, 125, {"absent.wasm", "No such file"});
}

TEST_F(PackageFile, ThatIsNoWasmIsNamed) {
    write("text.wasm", "not a module");
    expect_refused_by_both("text.wasm", {"text.wasm", "is not a WebAssembly module"});
}

TEST_F(PackageFile, TruncatedAnywhereIsRefused) {
    for (std::size_t size : {std::size_t{9}, package().size() / 3, package().size() - 1}) {
        write("cut.wasm", ByteView(package()).first(size));
        expect_refused_by_both("cut.wasm", {"cut.wasm"});
    }
}

TEST_F(PackageFile, ThatIsAnOrdinaryModuleIsToldApart) {
    write("plain.wasm", std::string_view("\0asm\1\0\0\0", 8));
    expect_refused({ecc(), "inspect", "plain.wasm"}, 1, {"plain.wasm", "not a package", "ecc.package"});
}

TEST_F(PackageFile, WithABrokenManifestNamesTheSection) {
    write("json.wasm", patched(package(), "{\"abi\":", "{\"abi\";"));
    expect_refused_by_both("json.wasm", {"json.wasm", "ecc.package"});
}

TEST_F(PackageFile, OfANewerFormatSaysToUpdate) {
    write("newer.wasm", patched(package(), "\"format\":1,", "\"format\":9,"));
    expect_refused_by_both("newer.wasm", {"newer.wasm", "format 9", "newer"});
}

TEST_F(PackageFile, WithAChangedObjectIsRefusedByItsDigest) {
    auto contents = read_package(package(), "good.wasm");
    ASSERT_TRUE(contents);
    Bytes changed = package();
    auto elf = std::ranges::search(changed, contents->objects.at(0).elf);
    ASSERT_FALSE(elf.empty());
    elf[elf.size() / 2] ^= 1;
    write("elf.wasm", changed);
    expect_refused_by_both("elf.wasm", {"elf.wasm", "good_bpf", "digest"});
}

TEST_F(PackageFile, WithAnObjectThatIsNoElfIsRefusedBeforeTheKernelSeesIt) {
    auto contents = *read_package(package(), "good.wasm");
    auto& elf = contents.objects.at(0).elf;
    std::fill(elf.begin() + 4, elf.end(), 0xee);
    auto sections = *wasm_sections(package(), "good.wasm");
    auto first_of_ours =
        std::ranges::find_if(sections, [](const WasmSection& section) { return section.name.starts_with("ecc."); });
    ASSERT_NE(first_of_ours, sections.begin());
    ASSERT_NE(first_of_ours, sections.end());
    const ByteView last = std::prev(first_of_ours)->payload;
    const ByteView module(package().data(), static_cast<std::size_t>(last.data() + last.size() - package().data()));
    write("noelf.wasm", *write_package(module, contents));
    const Output output = run({ecc_run(), path("noelf.wasm")});
    EXPECT_NE(output.status, 0);
    EXPECT_THAT(output.err, testing::HasSubstr("good_bpf"));
}

} // namespace
} // namespace ecc::test
