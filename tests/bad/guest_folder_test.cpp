// What `--guest FOLDER` can meet: folders that are none, tools that are missing, and programs that do not
// build.

#include "tests/bad/bad_input.h"
#include "tests/kernel/guest_folders.h"

namespace ecc::test {
namespace {

constexpr const char* cargo_toml = "[package]\nname = \"good\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
constexpr const char* go_mod = "module good\n\ngo 1.24\n";

class GuestFolder : public BadInput {
protected:
    void SetUp() override {
        use_cached_toolchains();
        write("good.bpf.c", good_source);
        fs::create_directories(path("guest/src"));
    }

    Command build(const Command& environment = {}) const {
        Command command{"env"};
        command.insert(command.end(), environment.begin(), environment.end());
        command.insert(command.end(), {ecc(), "good.bpf.c", "--guest", "guest"});
        return command;
    }

    /// As expect_refused, but the tools may leave files of their own in the guest's folder.
    void expect_no_package(int status, const std::vector<std::string>& words) const {
        const std::string package = path("good.wasm").string();
        const Output output =
            run({ecc(), path("good.bpf.c").string(), "--guest", path("guest").string(), "-o", package});
        EXPECT_EQ(output.status, status) << output.err;
        for (const std::string& word : words)
            EXPECT_THAT(output.err, testing::HasSubstr(word));
        EXPECT_FALSE(fs::exists(package));
    }
};

TEST_F(GuestFolder, ThatIsNoneSaysWhatItMustHave) {
    expect_refused(build(), 2, {"guest is no folder with a Cargo.toml or go.mod"});
    fs::remove_all(path("guest"));
    expect_refused(build(), 2, {"guest is no folder with a Cargo.toml or go.mod"});
}

TEST_F(GuestFolder, OfTwoLanguagesIsRefused) {
    write("guest/Cargo.toml", cargo_toml);
    write("guest/go.mod", go_mod);
    expect_refused(build(), 2, {"both Cargo.toml and go.mod"});
}

TEST_F(GuestFolder, BesideAnotherUserPartIsRefused) {
    write("guest/go.mod", go_mod);
    write("good.c", "int main(void) { return 0; }\n");
    expect_refused({ecc(), "good.bpf.c", "good.c", "--guest", "guest"}, 2, {"two user parts", "good.c"});
}

TEST_F(GuestFolder, WithoutItsToolSaysWhatToInstall) {
    write("guest/Cargo.toml", cargo_toml);
    expect_refused(build({"PATH=/nonexistent"}), 3,
                   {"cargo", "cannot be started", "rustup target add wasm32-wasip1"});
    fs::remove(path("guest/Cargo.toml"));
    write("guest/go.mod", go_mod);
    expect_refused(build({"PATH=/nonexistent"}), 3, {"go: cannot be started", "install Go 1.24"});
}

TEST_F(GuestFolder, WithoutAWebAssemblyTargetSaysHowToAddIt) {
    write("guest/Cargo.toml", cargo_toml);
    write("guest/src/main.rs", "fn main() {}\n");
    // A compiler that knows of no standard library for any target.
    expect_refused(build({"RUSTC=true"}), 3,
                   {"wasm32-wasip1 is not installed", "rustup target add wasm32-wasip1"});
}

TEST_F(GuestFolder, WithACargoTomlThatCargoCannotReadShowsItsMessage) {
    write("guest/Cargo.toml", "[package\n");
    expect_refused(build(), 1, {"Cargo.toml", "cargo cannot read it"});
}

TEST_F(GuestFolder, ThatIsAWorkspaceAsksForItsMember) {
    write("guest/Cargo.toml", "[workspace]\nmembers = []\n");
    expect_refused(build(), 1, {"no package in it", "member"});
}

TEST_F(GuestFolder, WithAnErrorInRustShowsTheCompilersMessage) {
    write("guest/Cargo.toml", cargo_toml);
    write("guest/src/main.rs", "fn main() { forty_two(); }\n");
    expect_no_package(1, {"src/main.rs:1:13", "forty_two", "cargo build failed"});
}

TEST_F(GuestFolder, ThatUsesTheBindingsWithoutTheLibraryIsToldToNameIt) {
    write("guest/Cargo.toml", cargo_toml);
    write("guest/src/main.rs", "mod good_skel;\nfn main() {}\n");
    expect_no_package(1, {"ecc_guest", "cargo build failed", "ecc-guest = \"0.1\" in [dependencies]"});
}

TEST_F(GuestFolder, WithALibraryAloneIsNoUserPart) {
    write("guest/Cargo.toml", cargo_toml);
    write("guest/src/lib.rs", "\n");
    expect_no_package(1, {"the package has no program", "src/main.rs"});
}

TEST_F(GuestFolder, WithSeveralProgramsMustHaveOneOfTheSourcesName) {
    fs::create_directories(path("guest/src/bin"));
    write("guest/Cargo.toml", "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
    write("guest/src/bin/one.rs", "fn main() {}\n");
    write("guest/src/bin/two.rs", "fn main() {}\n");
    expect_no_package(1, {"several programs: one, two", "name the one to package good"});
}

TEST_F(GuestFolder, WithAnErrorInGoShowsTheCompilersMessage) {
    write("guest/go.mod", go_mod);
    write("guest/main.go", "package main\n\nfunc main() { fortyTwo() }\n");
    expect_no_package(1, {"main.go:3:15", "fortyTwo", "go build failed"});
}

TEST_F(GuestFolder, OfAGoPackageThatIsNotMainIsNoUserPart) {
    write("guest/go.mod", go_mod);
    write("guest/good.go", "package good\n");
    expect_no_package(1, {"no WebAssembly program", "package main"});
}

TEST_F(GuestFolder, WithAGoModThatGoCannotReadShowsItsMessage) {
    write("guest/go.mod", "modul good\n");
    expect_no_package(1, {"go.mod", "unknown directive"});
}

} // namespace
} // namespace ecc::test
