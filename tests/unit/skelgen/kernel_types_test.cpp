// Every named type of whole kernels in every language, with an assertion on everything that a layout says.
#include "skelgen/render.h"
#include "support/files.h"
#include "tests/unit/btfgen/clang.h"
#include "tests/unit/skelgen/other_compilers.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using Clock = std::chrono::steady_clock;

struct Compiler {
    Language language;
    const char* name;
    const char* assertion; ///< how one begins in the generated text
    const char* target;
};

const std::string cpp_headers = " -isystem /usr/include/wasm32-wasi/c++/v1 -isystem /usr/include/wasm32-wasi";

CompilerResult run_compiler(const Compiler& compiler, const std::string& text) {
    // Optimizing: otherwise the assertions on bitfields say nothing.
    const std::string options = "-Os -Wno-unused-command-line-argument -Wall -Wextra -Wpadded -Werror";
    switch (compiler.language) {
    case Language::c: {
        const auto result = compile(text, "c", compiler.target, options);
        return {result.status, result.messages};
    }
    case Language::cpp: {
        const auto result = compile(text, "c++ -std=c++20", compiler.target,
                                    options + " -Wno-pragma-once-outside-header" + cpp_headers);
        return {result.status, result.messages};
    }
    case Language::rust:
        return check_rust(text, compiler.target);
    case Language::go:
        return check_go(text, compiler.target);
    }
    return {};
}

constexpr std::array compilers = {
    Compiler{Language::c, "C", "\nECC_ASSERT(", "wasm32-wasip1"},
    Compiler{Language::c, "C", "\nECC_ASSERT(", "x86_64-linux-gnu"},
    Compiler{Language::c, "C", "\nECC_ASSERT(", "aarch64-linux-gnu"},
    Compiler{Language::cpp, "C++", "\nstatic_assert(", "wasm32-wasip1"},
    Compiler{Language::cpp, "C++", "\nstatic_assert(", "x86_64-linux-gnu"},
    Compiler{Language::rust, "Rust", " assert!(", "wasm32-wasip1"},
    Compiler{Language::rust, "Rust", " assert!(", ""},
    Compiler{Language::go, "Go", "\n\t_ = x[", "wasip1/wasm"},
    Compiler{Language::go, "Go", "\n\t_ = x[", "linux/amd64"},
};

std::size_t count(const std::string& text, std::string_view word) {
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++found;
    return found;
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

LayoutSet layouts_of(Result<TypeGraph> graph) {
    EXPECT_TRUE(graph) << (graph ? "" : graph.error().what);
    auto layouts = compute_layouts(std::move(*graph), "vmlinux");
    EXPECT_TRUE(layouts) << (layouts ? "" : layouts.error().what);
    return std::move(*layouts);
}

void expect_exact(const std::string& kernel, const LayoutSet& layouts, const Compiler& compiler,
                  std::size_t assertions) {
    const Renderer renderer(ECC_SOURCE_DIR "/templates");
    const auto start = Clock::now();
    const auto file = renderer.types(layouts, "vmlinux", compiler.language, {.assertions = true});
    ASSERT_TRUE(file) << file.error().what;
    const double generated = seconds_since(start);
    const auto compilation = Clock::now();
    const CompilerResult result = run_compiler(compiler, file->text);
    fmt::print("{:8} {:5} {:18} {:6} types {:6} assertions  generated in {:5.1f} s, compiled in {:5.1f} s\n",
               kernel, compiler.name, *compiler.target != '\0' ? compiler.target : "host",
               all_types(layouts).size(), count(file->text, compiler.assertion), generated,
               seconds_since(compilation));
    EXPECT_GT(count(file->text, compiler.assertion), assertions);
    EXPECT_EQ(result.status, 0) << compiler.name << ' ' << compiler.target << '\n'
                                << result.messages.substr(0, 4000);
}

class FullKernelTypes : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(FullKernels, FullKernelTypes, ::testing::Values("running", "5.10", "6.12"),
                         [](const auto& kernel) {
                             std::string name = kernel.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

/// What the command writes to standard output; `$folder` is the folder of that kernel.
Bytes output_for_kernel(const std::string& kernel, const std::string& command) {
    const auto folder = TempDir::make();
    const std::string output = (folder->path() / "output").string();
    std::string messages;
    const int status =
        run_command(fmt::format("folder=$({0}/scripts/kernels {1} | cut -d ' ' -f 2) && ({2}) > {3}",
                                ECC_SOURCE_DIR, kernel, command, output),
                    messages);
    EXPECT_EQ(status, 0) << messages;
    return read_file(output).value_or(Bytes());
}

Bytes btf_of_kernel(const std::string& kernel) {
    if (kernel == "running")
        return read_file("/sys/kernel/btf/vmlinux").value_or(Bytes());
    return output_for_kernel(kernel, ECC_SOURCE_DIR "/scripts/kernel-btf $folder/vmlinuz");
}

TEST_P(FullKernelTypes, are_exact_in_every_language) {
    const LayoutSet layouts = layouts_of(parse_type_graph(btf_of_kernel(GetParam()), "vmlinux"));
    for (const Compiler& compiler : compilers)
        expect_exact(GetParam(), layouts, compiler, 50'000);
}

TEST(FullKernelModuleTypes, are_exact_in_every_language_on_the_types_of_their_kernel) {
    const Bytes module = output_for_kernel(
        "6.12", "work=$(mktemp -d) && xz -dc $folder/modules/cls_bpf.ko.xz > $work/ko &&"
                " objcopy -O binary --only-section=.BTF --set-section-flags .BTF=alloc $work/ko $work/btf &&"
                " cat $work/btf && rm -r $work");
    const LayoutSet layouts =
        layouts_of(parse_split_type_graph(module, "cls_bpf", btf_of_kernel("6.12"), "vmlinux"));
    EXPECT_LT(all_types(layouts).size(), 100u) << "those of the kernel are not the module's";
    for (const Compiler& compiler : compilers)
        expect_exact("cls_bpf", layouts, compiler, 30);
}

} // namespace
