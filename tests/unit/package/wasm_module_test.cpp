#include "packager/package/wasm_module.h"

#include "tests/unit/package/samples.h"

#include <gmock/gmock.h>

namespace ecc {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Bytes with_header(std::initializer_list<std::uint8_t> sections) {
    Bytes bytes = {0, 'a', 's', 'm', 1, 0, 0, 0};
    bytes.insert(bytes.end(), sections);
    return bytes;
}

std::string complaint(const auto& result) {
    return result ? "no error" : result.error().where + ": " + result.error().what;
}

TEST(WasmSections, ListsSectionsInOrderWithNamesOfCustomOnes) {
    const Bytes wasm = samples::module();
    auto sections = wasm_sections(wasm, "m.wasm");
    ASSERT_TRUE(sections);
    std::vector<int> ids;
    for (const WasmSection& section : *sections)
        ids.push_back(section.id);
    EXPECT_EQ(ids, (std::vector<int>{1, 2, 3, 7, 10, 0}));
    EXPECT_EQ(sections->back().name, "name");
    EXPECT_THAT(sections->back().payload, SizeIs(3));
}

TEST(WasmSections, RefusesWhatIsNotACoreModule) {
    EXPECT_THAT(complaint(wasm_sections({}, "m.wasm")), HasSubstr("m.wasm: is empty"));
    EXPECT_THAT(complaint(wasm_sections(as_bytes("\x7f"
                                                 "ELF....."),
                                        "m.wasm")),
                HasSubstr("not a WebAssembly module"));
    const Bytes component = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};
    EXPECT_THAT(complaint(wasm_sections(component, "m.wasm")), HasSubstr("component"));
    const Bytes future = {0, 'a', 's', 'm', 2, 0, 0, 0};
    EXPECT_THAT(complaint(wasm_sections(future, "m.wasm")), HasSubstr("version 2; expected 1"));
    const Bytes cut = {0, 'a', 's', 'm', 1, 0};
    EXPECT_THAT(complaint(wasm_sections(cut, "m.wasm")), HasSubstr("version is cut off"));
}

TEST(WasmSections, NamesTheOffsetOfABadSection) {
    EXPECT_THAT(complaint(wasm_sections(with_header({0x7f, 0}), "m")),
                HasSubstr("offset 0x8: there is no section"));
    EXPECT_THAT(complaint(wasm_sections(with_header({1, 5, 0}), "m")),
                HasSubstr("has 5 bytes, but only 1 follow"));
    EXPECT_THAT(complaint(wasm_sections(with_header({1}), "m")), HasSubstr("size is cut off"));
    EXPECT_THAT(complaint(wasm_sections(with_header({0, 2, 9, 'x'}), "m")),
                HasSubstr("name of the custom section"));
}

TEST(WasmSections, RefusesNumbersOfMoreThan32Bits) {
    EXPECT_THAT(complaint(wasm_sections(with_header({1, 0xff, 0xff, 0xff, 0xff, 0x7f, 0}), "m")),
                HasSubstr("not a number of 32 bits"));
    EXPECT_THAT(complaint(wasm_sections(with_header({1, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), "m")),
                HasSubstr("not a number of 32 bits"));
}

TEST(WasmSections, BoundsTheNumberOfSections) {
    Bytes wasm = with_header({});
    for (int i = 0; i <= 65536; i++)
        wasm.insert(wasm.end(), {1, 0});
    EXPECT_THAT(complaint(wasm_sections(wasm, "m")), HasSubstr("more than 65536 sections"));
}

TEST(WasmImports, ListsModulesAndNames) {
    const Bytes wasm = samples::module();
    auto imports = wasm_imports(wasm, "m.wasm");
    ASSERT_TRUE(imports);
    ASSERT_THAT(*imports, SizeIs(1));
    EXPECT_EQ(imports->front().module, "env");
    EXPECT_EQ(imports->front().name, "f");
}

TEST(WasmImports, StepsOverTablesMemoriesAndGlobals) {
    const Bytes wasm = with_header({2, 23,  3, // three imports
                                    1, 'a', 1, 't', 1,    0x70, 1,
                                    0, 9,                          // table 0..9 of funcref
                                    1, 'a', 1, 'm', 2,    0,    1, // memory of a page
                                    1, 'a', 0, 3,   0x7f, 0,    /* custom: */ 0,
                                    1, 0}); // global i32
    auto imports = wasm_imports(wasm, "m");
    ASSERT_TRUE(imports) << imports.error().what;
    ASSERT_THAT(*imports, SizeIs(3));
    EXPECT_EQ(imports->at(1).name, "m");
}

TEST(WasmImports, AreNoneWithoutAnImportSection) {
    EXPECT_THAT(wasm_imports(with_header({}), "m").value(), IsEmpty());
}

TEST(WasmImports, RefuseCountsThatTheSectionCannotHold) {
    EXPECT_THAT(complaint(wasm_imports(with_header({2, 1, 3}), "m")),
                HasSubstr("import section does not hold"));
    EXPECT_THAT(complaint(wasm_imports(with_header({2, 5, 0xff, 0xff, 0xff, 0xff, 0x0f}), "m")),
                HasSubstr("at most 100000"));
    EXPECT_THAT(complaint(wasm_imports(with_header({2, 6, 1, 1, 'a', 1, 'b', 9}), "m")),
                HasSubstr("unknown kind"));
}

TEST(WasmCode, IsCountedFunctionByFunction) {
    const Bytes wasm = with_header({10, 9, 2, 2, 0, 0x0b, 4, 0, 1, 1, 0x0b});
    EXPECT_EQ(wasm_code(wasm, "m").value(), (WasmCode{2, 6, 4}));
    EXPECT_EQ(wasm_code(with_header({}), "m").value(), WasmCode());
}

TEST(WasmCode, RefusesFunctionsThatTheSectionDoesNotHold) {
    for (const Bytes& section : std::vector<Bytes>{{10, 0},
                                                   {10, 1, 1},
                                                   {10, 4, 2, 2, 0, 0x0b},
                                                   {10, 3, 1, 9, 0},
                                                   {10, 5, 0xff, 0xff, 0xff, 0xff, 0x0f},
                                                   {10, 7, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0}}) {
        Bytes wasm = with_header({});
        wasm.insert(wasm.end(), section.begin(), section.end());
        EXPECT_THAT(complaint(wasm_code(wasm, "m")), HasSubstr("fewer functions than it says"));
    }
}

} // namespace
} // namespace ecc
