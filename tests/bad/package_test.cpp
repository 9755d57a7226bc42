// What a package can have wrong. `ecc` says 1, the input is at fault; `ecc-run` says 125, the guest did not
// begin.

#include "packager/package/package.h"
#include "packager/package/wasm_module.h"
#include "tests/bad/bad_input.h"

#include <algorithm>
#include <functional>

namespace ecc::test {
namespace {

class PackageFile : public BadInput {
protected:
    /// And each says what to try.
    void expect_refused_by_both(const std::string& file, std::vector<std::string> words) const {
        words.emplace_back("try: ");
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

TEST_F(PackageFile, TruncatedBetweenTwoSectionsIsRefused) {
    const auto sections = wasm_sections(package(), "good.wasm").value();
    for (const auto& section : sections) {
        const auto size =
            static_cast<std::size_t>(section.payload.data() + section.payload.size() - package().data());
        if (size == package().size())
            break;
        write("cut.wasm", ByteView(package()).first(size));
        expect_refused({ecc(), "inspect", "cut.wasm"}, 1, {"cut.wasm", "ecc.package", "try: "});
        expect_refused({ecc_run(), "cut.wasm"}, 125, {"cut.wasm", "try: "});
    }
}

/// `wasm` without the custom sections that `drop` chooses.
Bytes stripped(ByteView wasm, const std::function<bool(const WasmSection&)>& drop) {
    const auto sections = wasm_sections(wasm, "good.wasm").value();
    Bytes kept(wasm.begin(), wasm.begin() + 8);
    const auto* start = wasm.data() + kept.size();
    for (const auto& section : sections) {
        const auto* end = section.payload.data() + section.payload.size();
        if (section.id != 0 || !drop(section))
            kept.insert(kept.end(), start, end);
        start = end;
    }
    return kept;
}

TEST_F(PackageFile, StrippedOfAllCustomSectionsIsNoPackage) {
    write("bare.wasm", stripped(package(), [](const WasmSection&) { return true; }));
    expect_refused_by_both("bare.wasm", {"bare.wasm", "no section ecc.package"});
    expect_refused({ecc_run(), "bare.wasm"}, 125, {"stripped", "--allow bytes"});
}

TEST_F(PackageFile, StrippedOfOneSectionNamesWhatIsMissing) {
    const auto named = [](std::string_view name) {
        return [=](const WasmSection& section) { return section.name == name; };
    };
    write("loose.wasm", stripped(package(), named("ecc.package")));
    expect_refused_by_both("loose.wasm", {"loose.wasm", "no section ecc.package"});
    expect_refused({ecc_run(), "--allow", "bytes", "loose.wasm"}, 125, {"has a section ecc.bpf", "stripped"});
    write("empty.wasm", stripped(package(), named("ecc.bpf")));
    expect_refused_by_both("empty.wasm", {"empty.wasm", "lists 1 BPF objects", "missing: good_bpf"});
}

TEST_F(PackageFile, WhosePermissionsAreNotThoseOfItsObjectsIsRefused) {
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{"observe", "act"}, "asks for \"act\", and its objects only observe"},
        {{}, "does not ask for \"observe\""},
        {{"observe", "rule"}, "asks for \"rule\", which is no permission"},
    };
    for (const auto& [permissions, complaint] : cases) {
        auto contents = *read_package(package(), "good.wasm");
        contents.manifest.permissions = permissions;
        write("says.wasm", with_contents(contents));
        expect_refused({ecc_run(), "--allow-all", "says.wasm"}, 125, {"says.wasm", complaint, "try: "});
    }
    write("list.wasm", patched(package(), "\"permissions\":[\"observe\"]", "\"permissions\": \"observe\" "));
    expect_refused_by_both("list.wasm", {"permissions is not an array"});
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
    write("noelf.wasm", with_contents(contents));
    expect_refused({ecc_run(), "noelf.wasm"}, 125, {"good_bpf", "try: "});
}

} // namespace
} // namespace ecc::test
