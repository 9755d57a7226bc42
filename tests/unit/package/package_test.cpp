#include "packager/package/package.h"

#include "packager/package/wasm_module.h"
#include "tests/unit/package/samples.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::HasSubstr;

std::string complaint(ByteView wasm) {
    auto package = read_package(wasm, "p.wasm");
    if (package)
        return "no error";
    EXPECT_EQ(package.error().fault, Fault::input);
    return package.error().where + ": " + package.error().what;
}

Bytes manifest_section(const Manifest& manifest) {
    return samples::custom_section("ecc.package", as_bytes(manifest_to_json(manifest)));
}

Bytes object_section(const EmbeddedObject& object) {
    ByteWriter payload;
    payload.name(object.name);
    payload.name(object.architecture);
    payload.put(object.elf);
    return samples::custom_section("ecc.bpf", payload.bytes());
}

TEST(Package, ComesBackAsItWasWritten) {
    auto package = read_package(samples::package_bytes(), "p.wasm");
    ASSERT_TRUE(package) << package.error().what;
    EXPECT_EQ(*package, samples::package());
}

TEST(Package, KeepsTheModuleUntouchedAndAppendsItsSections) {
    const Bytes bytes = samples::package_bytes(), module = samples::module();
    EXPECT_TRUE(std::ranges::equal(module, ByteView(bytes).first(module.size())));
    auto sections = wasm_sections(bytes, "p.wasm").value();
    std::vector<std::string_view> names;
    for (std::size_t i = 5; i < sections.size(); i++)
        names.push_back(sections[i].name);
    EXPECT_EQ(names, (std::vector<std::string_view>{"name", "ecc.package", "ecc.btf", "ecc.bpf", "ecc.bpf"}));
}

TEST(Package, FillsInTheManifestsObjectsWhenWritten) {
    Package package = samples::package();
    package.manifest.objects.clear();
    EXPECT_EQ(write_package(samples::module(), package), samples::package_bytes());
}

TEST(Package, IsTheSameBytesFromTheSameInputs) {
    EXPECT_EQ(samples::package_bytes(), samples::package_bytes());
}

TEST(WritePackage, RefusesAModuleThatIsAlreadyAPackage) {
    auto twice = write_package(samples::package_bytes(), samples::package());
    ASSERT_FALSE(twice);
    EXPECT_THAT(twice.error().what, HasSubstr("already has a section ecc.package"));
}

TEST(WritePackage, RefusesAModuleThatIsNone) {
    EXPECT_FALSE(write_package(as_bytes("hello, world"), samples::package()));
}

TEST(WritePackage, RefusesTheSameObjectTwiceAndNamesWithPathsInThem) {
    Package package = samples::package();
    package.objects[1].architecture = "x86";
    EXPECT_THAT(write_package(samples::module(), package).error().what,
                HasSubstr("opensnoop_bpf for x86 twice"));
    package.objects[1].architecture = "../x86";
    EXPECT_THAT(write_package(samples::module(), package).error().what, HasSubstr("\"../x86\""));
}

TEST(WritePackage, BoundsTheNumberOfObjects) {
    Package package = samples::package();
    for (int i = 0; i < 64; i++)
        package.objects.push_back({"o" + std::to_string(i), "x86", {}});
    EXPECT_THAT(write_package(samples::module(), package).error().what, HasSubstr("at most 64"));
}

TEST(WritePackage, BoundsTheSize) {
    Package package = samples::package();
    package.objects[0].elf.resize(256u << 20);
    EXPECT_THAT(write_package(samples::module(), package).error().what, HasSubstr("at most 256 MiB"));
}

TEST(ReadPackage, TellsAnOrdinaryModuleFromAPackage) {
    EXPECT_THAT(
        complaint(samples::module()),
        HasSubstr("p.wasm: is a WebAssembly module but not a package: it has no section ecc.package"));
}

TEST(ReadPackage, RefusesEveryTruncation) {
    const Bytes whole = samples::package_bytes();
    for (std::size_t size = 0; size < whole.size(); size++)
        EXPECT_FALSE(read_package(ByteView(whole).first(size), "p.wasm")) << "cut to " << size << " bytes";
}

TEST(ReadPackage, NoticesEveryChangedByteOfAnObject) {
    const Bytes whole = samples::package_bytes();
    const std::string_view elf = "\x7f"
                                 "ELF for arm64";
    const std::size_t start = as_text(whole).find(elf);
    for (std::size_t i = start; i < start + elf.size(); i++) {
        Bytes changed = whole;
        changed[i] ^= 1;
        EXPECT_THAT(complaint(changed), HasSubstr("BPF object opensnoop_bpf for arm64 has"));
    }
}

TEST(ReadPackage, SurvivesEveryChangedByte) {
    const Bytes whole = samples::package_bytes();
    for (std::size_t i = 0; i < whole.size(); i++)
        for (std::uint8_t value : {0x00, 0x7f, 0x80, 0xff}) {
            Bytes changed = whole;
            changed[i] = value;
            auto package = read_package(changed, "p.wasm");
            EXPECT_TRUE(package || package.error().fault == Fault::input);
        }
}

TEST(ReadPackage, RefusesDuplicateSections) {
    const Bytes whole = samples::package_bytes();
    EXPECT_THAT(complaint(samples::join({whole, manifest_section(samples::package().manifest)})),
                HasSubstr("2 sections ecc.package; expected one"));
    EXPECT_THAT(complaint(samples::join({whole, samples::custom_section("ecc.btf", {})})),
                HasSubstr("2 sections ecc.btf"));
    EXPECT_THAT(complaint(samples::join({whole, object_section(samples::package().objects[0])})),
                HasSubstr("opensnoop_bpf for x86 twice"));
}

TEST(ReadPackage, RefusesAnObjectThatTheManifestDoesNotList) {
    EXPECT_THAT(
        complaint(samples::join({samples::package_bytes(), object_section({"other", "x86", {1, 2}})})),
        HasSubstr("carries BPF object other for x86, which ecc.package does not list"));
}

TEST(ReadPackage, RefusesAListedObjectThatIsAbsent) {
    const Bytes wasm = samples::join({samples::module(), manifest_section(samples::package().manifest),
                                      object_section(samples::package().objects[0])});
    EXPECT_THAT(complaint(wasm), HasSubstr("lists 2 BPF objects, but the package carries 1"));
}

TEST(ReadPackage, RefusesAnObjectWhoseNamesAreCutOff) {
    const Bytes wasm = samples::join({samples::module(), manifest_section(samples::package().manifest),
                                      samples::custom_section("ecc.bpf", Bytes{200, 'x'})});
    EXPECT_THAT(complaint(wasm), HasSubstr("name and architecture of a BPF object are cut off"));
}

TEST(ReadPackage, RefusesMoreObjectsThanAPackageHolds) {
    Bytes wasm = samples::join({samples::module(), manifest_section(samples::package().manifest)});
    for (int i = 0; i < 65; i++)
        wasm = samples::join({wasm, object_section({"o" + std::to_string(i), "x86", {}})});
    EXPECT_THAT(complaint(wasm), HasSubstr("has 65 sections ecc.bpf; a package holds at most 64"));
}

TEST(ReadPackage, RefusesANewerFormat) {
    Manifest manifest = samples::package().manifest;
    manifest.format = 2;
    auto package = read_package(samples::join({samples::module(), manifest_section(manifest)}), "p.wasm");
    ASSERT_FALSE(package);
    EXPECT_THAT(package.error().what, HasSubstr("package format 2"));
    EXPECT_THAT(package.error().hint, HasSubstr("needs a newer version"));
}

TEST(ReadPackage, RefusesAManifestThatIsTooLarge) {
    const Bytes wasm = samples::join(
        {samples::module(), samples::custom_section("ecc.package", Bytes((4u << 20) + 1, ' '))});
    EXPECT_THAT(complaint(wasm), HasSubstr("ecc.package has 4194305 bytes; at most 4194304"));
}

} // namespace
} // namespace ecc
