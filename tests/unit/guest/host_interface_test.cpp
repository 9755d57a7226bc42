// The host interface is written down in C, Rust and Go: what the guest libraries import must be what host.h
// declares.
#include "support/files.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <sstream>

namespace ecc {
namespace {

using testing::IsSubsetOf;
using testing::SizeIs;

/// The WebAssembly types of functions: "(i32 i32) i64", by name.
using Signatures = std::map<std::string, std::string>;

/// How a language writes functions down. Groups of the pattern: `name`, `parameters`, `result`.
struct Notation {
    std::string file;
    std::string pattern;
    std::size_t name, parameters, result;
    std::vector<std::pair<std::string, std::string>> types; ///< pattern of a spelling, WebAssembly type
};

const Notation c{"guest/c/include/ecc/host.h",
                 R"(ECC_HOST\((\w+)\) (\w+) ecc_\w+\(([^)]*)\);)",
                 1,
                 3,
                 2,
                 {{"\\*|ecc_\\w+_t", "i32"}, {"int64_t", "i64"}, {"int32_t", "i32"}}};
const Notation rust{"guest/rust/src/host.rs",
                    R"(    (\w+)\(([^)]*)\) -> (\w+);)",
                    1,
                    2,
                    3,
                    {{"\\*", "i32"}, {"[iu]64", "i64"}, {"[iu]32", "i32"}}};
const Notation go{"guest/go/host_wasip1.go",
                  R"(//go:wasmimport ecc_bpf_v1 (\w+)\n(?://go:noescape\n)?func \w+\(([^)]*)\) (\w+))",
                  1,
                  2,
                  3,
                  {{"unsafe.Pointer", "i32"}, {"string", "i32 i32"}, {"int64", "i64"}, {"int32", "i32"}}};

std::string read_source(const std::string& path) {
    const Result<Bytes> bytes = read_file(std::filesystem::path(ECC_SOURCE_DIR) / path);
    EXPECT_TRUE(bytes) << path;
    return bytes ? std::string(as_text(*bytes)) : std::string();
}

std::string wasm_type(const std::string& spelling, const Notation& notation) {
    for (const auto& [pattern, type] : notation.types)
        if (std::regex_search(spelling, std::regex(pattern)))
            return type;
    return "unknown: " + spelling;
}

Signatures signatures(const Notation& notation) {
    const std::string text = read_source(notation.file);
    const std::regex function(notation.pattern);
    Signatures all;
    for (std::sregex_iterator found(text.begin(), text.end(), function), end; found != end; ++found) {
        std::istringstream parameters((*found)[notation.parameters]);
        std::string types;
        for (std::string parameter; std::getline(parameters, parameter, ',');)
            if (parameter != "void")
                types += wasm_type(parameter, notation) + " ";
        all[(*found)[notation.name]] = "(" + types + ") " + wasm_type((*found)[notation.result], notation);
    }
    return all;
}

TEST(HostInterface, functions_that_rust_imports_are_those_of_the_header) {
    EXPECT_THAT(signatures(rust), SizeIs(testing::Ge(34U)));
    EXPECT_THAT(signatures(rust), IsSubsetOf(signatures(c)));
}

TEST(HostInterface, functions_that_go_imports_are_those_of_the_header) {
    EXPECT_THAT(signatures(go), SizeIs(testing::Ge(34U)));
    EXPECT_THAT(signatures(go), IsSubsetOf(signatures(c)));
}

/// The names of the members, in their order, of each structure.
using Members = std::vector<std::string>;

Members members(const std::string& file, const std::string& structure, const std::string& member) {
    const std::string text = read_source(file);
    std::smatch body;
    EXPECT_TRUE(std::regex_search(text, body, std::regex(structure + R"( \{([^}]*)\})"))) << structure;
    const std::string inside = body[1];
    const std::regex pattern(member);
    Members names;
    for (std::sregex_iterator found(inside.begin(), inside.end(), pattern), end; found != end; ++found)
        names.push_back((*found)[1]);
    return names;
}

/// "element_stride" and "elementStride" are the same name; `type` and `map` are keywords.
std::string plain_name(std::string name) {
    std::erase(name, '_');
    std::ranges::transform(name, name.begin(), [](unsigned char letter) { return std::tolower(letter); });
    if (name == "maptype")
        return "type";
    return name == "maphandle" ? "map" : name;
}

/// A library may know less than the header has by now: what it knows comes first.
void expect_first(Members known, Members all) {
    ASSERT_LE(known.size(), all.size());
    all.resize(known.size());
    std::ranges::transform(known, known.begin(), plain_name);
    std::ranges::transform(all, all.begin(), plain_name);
    EXPECT_EQ(known, all);
    EXPECT_GE(known.size(), 2U);
}

struct Structure {
    std::string c, rust, go;
};

class HostStructure : public testing::TestWithParam<Structure> {};

TEST_P(HostStructure, has_the_headers_members_in_its_order) {
    const Members header = members("guest/c/include/ecc/host.h", "struct " + GetParam().c,
                                   R"((?:u?int(?:32|64)_t|ecc_handle_t) (\w+);)");
    expect_first(
        members("guest/rust/src/host.rs", "pub struct " + GetParam().rust, R"(pub (\w+): [iu](?:32|64),)"),
        header);
    expect_first(
        members("guest/go/host.go", "type " + GetParam().go + " struct", R"((\w+) +u?int(?:32|64)\n)"),
        header);
}

INSTANTIATE_TEST_SUITE_P(of, HostStructure,
                         testing::Values(Structure{"ecc_object_opts", "ObjectOpts", "hostObjectOpts"},
                                         Structure{"ecc_map_info", "MapInfo", "hostMapInfoResult"},
                                         Structure{"ecc_mmap_info", "MmapInfo", "hostMmapInfo"},
                                         Structure{"ecc_attach_opts", "AttachOpts", "hostAttachOpts"},
                                         Structure{"ecc_wait_item", "WaitItem", "hostWaitItem"},
                                         Structure{"ecc_test_run", "TestRun", "hostTestRun"},
                                         Structure{"ecc_test_run_result", "TestRunResult",
                                                   "hostTestRunResult"},
                                         Structure{"ecc_perf_record", "PerfRecord", "hostPerfRecord"}),
                         [](const auto& test) { return test.param.c; });

} // namespace
} // namespace ecc
