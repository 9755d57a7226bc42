// A CMake project of somebody else's that uses an installed ecc through find_package.

#include "tests/kernel/guest_folders.h"
#include "tests/workflow/project.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* lists = R"(cmake_minimum_required(VERSION 3.20)
project(outside LANGUAGES NONE)
find_package(ecc 0.1 REQUIRED)
ecc_add_package(tool SOURCES prog.bpf.c USER prog.c INCLUDES headers OPTIONS -DEXTRA=1
                PUSH oci:${CMAKE_BINARY_DIR}/shelf:1)
ecc_add_package(alone SOURCES prog.bpf.c DESTINATION share/alone EXCLUDE_FROM_ALL)
)";

/// An installed prefix that was moved after it was installed. Made once for all tests.
const fs::path& prefix() {
    static const TempDir folder = *TempDir::make();
    static const fs::path moved = [] {
        const fs::path first = folder.path() / "first";
        const Output output =
            run({"cmake", "--install", ECC_BINARY_DIR, "--prefix", first}, std::chrono::minutes(2));
        EXPECT_EQ(output.status, 0) << output.err;
        fs::rename(first, folder.path() / "pre fix");
        return folder.path() / "pre fix";
    }();
    return moved;
}

class CMakeProject : public testing::TestWithParam<std::string> {
protected:
    CMakeProject() {
        project_.write("CMakeLists.txt", lists);
        project_.write("own.h", "#include \"deep.h\"\n#define OWN EXTRA\n");
        project_.write("headers/deep.h", "");
    }

    Output configure(const std::string& generator = "Ninja") const {
        return project_.run(
            {"cmake", "-B", "build", "-G", generator, "-DCMAKE_PREFIX_PATH=" + prefix().string()});
    }
    Output build(const std::string& target = "all") const {
        return project_.run({"cmake", "--build", "build", "--target", target, "--verbose"});
    }
    bool builds() const {
        const Output output = build();
        EXPECT_EQ(output.status, 0) << output.out << output.err;
        return output.out.find("ecc build ") != output.out.npos ||
               output.out.find("ecc\" build ") != output.out.npos;
    }
    void expect_refused(const std::string& text, const std::string& reason) const {
        project_.write("CMakeLists.txt",
                       "cmake_minimum_required(VERSION 3.20)\nproject(outside LANGUAGES NONE)\n" + text);
        const Output output = configure();
        EXPECT_NE(output.status, 0);
        EXPECT_THAT(output.err, HasSubstr(reason));
    }

    Project project_;
};

INSTANTIATE_TEST_SUITE_P(With, CMakeProject, testing::Values("Ninja", "Unix Makefiles"),
                         [](const auto& test) {
                             return std::string(test.param == "Ninja" ? "ninja" : "make");
                         });

TEST_P(CMakeProject, builds_again_exactly_if_a_header_changed) {
    const Output configured = configure(GetParam());
    ASSERT_EQ(configured.status, 0) << configured.err;
    EXPECT_TRUE(builds());
    EXPECT_FALSE(builds());
    for (const char* name : {"shared.h", "headers/deep.h"}) {
        project_.make_newer_than("build/tool.wasm", name);
        EXPECT_TRUE(builds()) << name;
        EXPECT_FALSE(builds()) << name;
    }
    EXPECT_FALSE(project_.has("build/alone.wasm")) << "nobody asked for it";
}

/// Folders of cargo's and go's: a program of two files and a text in it, which uses the bindings.
void write_guest_folders(const Project& project) {
    project.write("rust/Cargo.toml", "[package]\nname = \"tool\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
                                     "[dependencies]\necc-guest = \"0.1\"\n");
    project.write("rust/src/main.rs",
                  "#[allow(dead_code)]\nmod prog_skel;\nmod name;\n"
                  "fn main() { println!(\"{}{}\", name::NAME, include_str!(\"a text\")); }\n");
    project.write("rust/src/name.rs", "pub const NAME: &str = \"tool\";\n");
    project.write("rust/src/a text", "text");
    project.write("go/go.mod", "module example.org/tool\n\ngo 1.24\n");
    project.write("go/main.go", "package main\n\nimport (\n\t_ \"embed\"\n\t\"example.org/tool/name\"\n"
                                "\t_ \"example.org/tool/prog\"\n)\n\n//go:embed text\nvar text string\n\n"
                                "func main() { println(name.Name, text) }\n");
    project.write("go/name/name.go", "package name\n\nconst Name = \"tool\"\n");
    project.write("go/text", "text");
}

TEST_P(CMakeProject, builds_again_exactly_if_a_file_of_a_guest_folder_changed) {
    use_cached_toolchains();
    write_guest_folders(project_);
    project_.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.20)\nproject(outside LANGUAGES NONE)\n"
                                     "find_package(ecc REQUIRED)\n"
                                     "ecc_add_package(in_rust SOURCES prog.bpf.c GUEST rust)\n"
                                     "ecc_add_package(in_go SOURCES prog.bpf.c GUEST go)\n");
    const Output configured = configure(GetParam());
    ASSERT_EQ(configured.status, 0) << configured.err;
    EXPECT_TRUE(builds());
    EXPECT_FALSE(builds());
    for (const char* name : {"rust/src/name.rs", "rust/src/a text", "rust/Cargo.toml", "go/name/name.go",
                             "go/text", "go/go.mod", "shared.h"}) {
        const bool of_rust = std::string_view(name).starts_with("rust");
        project_.make_newer_than(of_rust ? "build/in_rust.wasm" : "build/in_go.wasm", name);
        EXPECT_TRUE(builds()) << name;
        EXPECT_FALSE(builds()) << name;
    }
    fs::remove(project_.path("rust/src/prog_skel.rs"));
    EXPECT_FALSE(builds()) << "ecc writes it itself, so it may vanish";
}

using InstalledProject = CMakeProject;

TEST_F(InstalledProject, installs_what_was_built) {
    ASSERT_EQ(configure().status, 0);
    ASSERT_TRUE(builds());
    const Output output = project_.run({"cmake", "--install", "build", "--prefix", "usr"});
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_EQ(project_.read("usr/share/outside/tool.wasm"), project_.read("build/tool.wasm"));
    EXPECT_FALSE(project_.has("usr/share/alone/alone.wasm"));
}

TEST_F(InstalledProject, pushes_what_it_builds) {
    ASSERT_EQ(configure().status, 0);
    const Output pushed = build("tool-push");
    EXPECT_EQ(pushed.status, 0) << pushed.out << pushed.err;
    const Output pulled = project_.run({"ecc", "pull", "oci:build/shelf:1", "-o", "pulled.wasm"});
    EXPECT_EQ(pulled.status, 0) << pulled.err;
    EXPECT_EQ(project_.read("pulled.wasm"), project_.read("build/tool.wasm"));
}

TEST_F(InstalledProject, is_told_about_another_version) {
    expect_refused("find_package(ecc 9 REQUIRED)\n", "version: 0.");
}

TEST_F(InstalledProject, is_told_what_is_wrong_with_a_call) {
    const std::string found = "find_package(ecc REQUIRED)\n";
    expect_refused(found + "ecc_add_package(a USER prog.c)\n", "SOURCES names no .bpf.c file");
    expect_refused(found + "ecc_add_package(a b SOURCES prog.bpf.c)\n", "what is b?");
    expect_refused(found + "ecc_add_package(a SOURCES prog.bpf.c USER prog.c GUEST tool)\n",
                   "two user parts");
}

TEST_F(InstalledProject, fails_with_clangs_message) {
    ASSERT_EQ(configure().status, 0);
    project_.write("headers/deep.h", "#error not now\n");
    const Output output = build();
    EXPECT_NE(output.status, 0);
    EXPECT_THAT(output.out + output.err, HasSubstr("deep.h:1:2: error: not now"));
    EXPECT_FALSE(project_.has("build/tool.wasm"));
}

} // namespace
} // namespace ecc::test
