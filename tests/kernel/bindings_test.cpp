// Bindings that a user part's own tools ask for, by what the guest libraries' READMEs tell to write.
#include "tests/kernel/guest_folders.h"
#include "tests/kernel/kernel_test.h"

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

namespace ecc::test {
namespace {

using testing::HasSubstr;

constexpr auto build_deadline = std::chrono::minutes(4);

std::string read_text(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// The block of code in a README that contains `mark`, without its fences.
std::string code_with(const std::string& mark, const fs::path& readme) {
    const std::string text = read_text(readme);
    const std::size_t at = text.find(mark);
    EXPECT_NE(at, std::string::npos) << mark;
    const std::size_t start = text.find('\n', text.rfind("```", at)) + 1;
    return text.substr(start, text.find("```", at) - start);
}

class BindingsTest : public KernelTest {
protected:
    void SetUp() override {
        KernelTest::SetUp();
        use_cached_toolchains();
        const std::string path = std::getenv("PATH");
        ::setenv("PATH", (ecc().parent_path().string() + ":" + path).c_str(), 1);
    }

    /// The example's user part, with the BPF source in `sources`.
    fs::path copy_example(const std::string& name, const fs::path& sources) {
        fs::path copy = folder() / name;
        fs::copy(source("examples/" + name), copy, fs::copy_options::recursive);
        for (const char* file : {"bootstrap.bpf.c", "bootstrap.h"})
            fs::copy(source("examples/bootstrap") / file, copy / sources / file);
        return copy;
    }

    void expect_package(const fs::path& kernel_source, const fs::path& guest) {
        const fs::path package = folder() / "package.wasm";
        const Output built =
            run({ecc(), kernel_source, "--guest", guest, "-o", package.string()}, build_deadline);
        ASSERT_EQ(built.status, 0) << built.err;
        const Output help = run({ecc_run(), package, "--", "--help"});
        EXPECT_EQ(help.status, 0);
        EXPECT_THAT(help.out + help.err, HasSubstr("bootstrap"));
    }
};

TEST_F(BindingsTest, come_from_build_rs) {
    const fs::path guest = copy_example("bootstrap-rust", "src");
    const fs::path readme = source("guest/rust/README.md");
    std::ofstream(guest / "build.rs") << code_with("// build.rs", readme);
    std::string program = read_text(guest / "src/main.rs");
    const std::string module = "mod bootstrap_skel;";
    ASSERT_NE(program.find(module), program.npos);
    program.replace(program.find(module), module.size(), code_with("include!(", readme));
    std::ofstream(guest / "src/main.rs") << program;
    expect_package(guest / "src/bootstrap.bpf.c", guest);
}

TEST_F(BindingsTest, come_from_go_generate) {
    const fs::path guest = copy_example("bootstrap-go", ".");
    fs::create_directory(guest / "bootstrap");
    std::ofstream(guest / "bootstrap/generate.go")
        << code_with("//go:generate", source("guest/go/README.md"));
    const Output generated = run({"env", "-C", guest, "go", "generate", "./..."});
    ASSERT_EQ(generated.status, 0) << generated.err;
    EXPECT_THAT(read_text(guest / "bootstrap/bootstrap_skel.go"), HasSubstr("package bootstrap"));
    expect_package(guest / "bootstrap.bpf.c", guest);
}

TEST_F(BindingsTest, and_packages_are_the_same_in_whatever_folder_the_guest_lies) {
    for (const std::string name : {"bootstrap-rust", "bootstrap-go"}) {
        std::vector<std::string> packages;
        for (const char* place : {"one", "another"}) {
            const fs::path guest = folder() / place / name;
            fs::create_directory(guest.parent_path());
            fs::copy(source("examples/" + name), guest, fs::copy_options::recursive);
            const fs::path package = guest / "package.wasm";
            const Output built =
                run({ecc(), source("examples/bootstrap/bootstrap.bpf.c"), "--guest", guest, "-o", package},
                    build_deadline);
            ASSERT_EQ(built.status, 0) << built.err;
            packages.push_back(read_text(package));
        }
        EXPECT_TRUE(packages[0] == packages[1]) << name;
    }
}

} // namespace
} // namespace ecc::test
