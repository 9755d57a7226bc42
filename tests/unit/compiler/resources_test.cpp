#include "compiler/resources.h"

#include "tests/unit/compiler/workspace.h"

#include <cstdlib>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::HasSubstr;

class WasiSdkPath : public ::testing::Test {
protected:
    ~WasiSdkPath() override { ::unsetenv("WASI_SDK_PATH"); }
    void set(const std::filesystem::path& path) { ::setenv("WASI_SDK_PATH", path.c_str(), 1); }

    /// The files that tell a wasi-sdk, without content.
    void make_sdk(const std::string& builtins) const {
        for (const std::string& file :
             {std::string("share/wasi-sysroot/include/wasm32-wasip1/stdio.h"),
              std::string("share/wasi-sysroot/lib/wasm32-wasip1/crt1-command.o"),
              std::string("share/wasi-sysroot/lib/wasm32-wasip1/libc.a"), "lib/clang/21/lib/" + builtins})
            workspace_.write(file, "x");
    }

    Workspace workspace_;
};

TEST(Resources, are_found_beside_the_executable) {
    const Resources found = resources();
    EXPECT_TRUE(std::filesystem::exists(found.clang_headers() / "stddef.h"));
    EXPECT_TRUE(std::filesystem::exists(found.bpf_headers() / "bpf" / "bpf_helpers.h"));
    EXPECT_TRUE(std::filesystem::exists(found.kernel_headers() / "asm" / "types.h"));
    EXPECT_TRUE(std::filesystem::exists(found.sysroot.libraries / "crt1-command.o"));
    EXPECT_TRUE(std::filesystem::exists(found.sysroot.builtins));
}

TEST_F(WasiSdkPath, that_does_not_exist_is_the_environments_fault) {
    set("/nowhere/wasi-sdk");
    const auto found = find_resources();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().fault, Fault::environment);
    EXPECT_EQ(found.error().where, "WASI_SDK_PATH");
    EXPECT_THAT(found.error().what, HasSubstr("/nowhere/wasi-sdk"));
}

TEST_F(WasiSdkPath, without_a_sysroot_names_the_file_that_is_missing) {
    set(workspace_.path(""));
    const auto found = find_resources();
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().what, HasSubstr("share/wasi-sysroot/include/wasm32-wasip1/stdio.h"));
}

TEST_F(WasiSdkPath, without_compiler_rt_names_the_archive_that_is_missing) {
    make_sdk("other/libclang_rt.profile.a");
    set(workspace_.path(""));
    const auto found = find_resources();
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().what, HasSubstr("libclang_rt.builtins"));
}

TEST_F(WasiSdkPath, replaces_the_sysroot_and_nothing_else) {
    const Resources bundled = resources();
    make_sdk("wasm32-unknown-wasip1/libclang_rt.builtins.a");
    set(workspace_.path(""));
    const auto found = find_resources();
    ASSERT_TRUE(found) << found.error().what;
    EXPECT_EQ(found->sysroot.builtins,
              workspace_.path("lib/clang/21/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a"));
    EXPECT_EQ(found->sysroot.libraries, workspace_.path("share/wasi-sysroot/lib/wasm32-wasip1"));
    EXPECT_EQ(found->clang_headers(), bundled.clang_headers());
}

TEST_F(WasiSdkPath, of_an_older_release_names_the_builtins_otherwise) {
    make_sdk("wasi/libclang_rt.builtins-wasm32.a");
    set(workspace_.path(""));
    EXPECT_TRUE(find_resources());
}

} // namespace
