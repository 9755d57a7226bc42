#include "tests/unit/btfgen/clang.h"

#include "support/files.h"

#include <bpf/btf.h>
#include <cstdio>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <memory>

namespace ecc::testing {

int run_command(const std::string& command, std::string& output) {
    std::FILE* pipe = popen(("(" + command + ") 2>&1").c_str(), "r");
    if (pipe == nullptr)
        return -1;
    char buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) != 0;)
        output.append(buffer, count);
    return pclose(pipe);
}

ClangResult compile(const std::string& source, const std::string& language, const std::string& target,
                    const std::string& options) {
    ClangResult result;
    const auto folder = TempDir::make();
    const auto input = folder->path() / "source";
    const auto output = folder->path() / "object";
    if (!write_file(input, as_bytes(source)))
        return result;
    result.status = run_command(fmt::format("clang-22 -target {} -nostdlibinc -x {} {} -c -o {} {}", target,
                                            language, options, output.string(), input.string()),
                                result.messages);
    if (auto object = read_file(output); object && result.status == 0) // none with -fsyntax-only
        result.object = std::move(*object);
    return result;
}

Bytes compile_bpf(const std::string& source) {
    const ClangResult result = compile("#include \"tests/golden/bpf_base.h\"\n" + source, "c", "bpf",
                                       "-g -O2 -mcpu=v3 -Wno-everything -I" ECC_SOURCE_DIR);
    EXPECT_EQ(result.status, 0) << result.messages;
    return result.object;
}

Bytes btf_of(const Bytes& object) {
    const auto folder = TempDir::make();
    const auto file = folder->path() / "object";
    if (!write_file(file, object))
        return {};
    const std::unique_ptr<btf, decltype(&btf__free)> types(btf__parse_elf(file.c_str(), nullptr), btf__free);
    std::uint32_t size = 0;
    const auto* data = static_cast<const std::uint8_t*>(types ? btf__raw_data(types.get(), &size) : nullptr);
    return Bytes(data, data + size);
}

} // namespace ecc::testing
