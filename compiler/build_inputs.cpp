#include "compiler/build_inputs.h"

#include "compiler/user_part.h"

#include <fmt/format.h>
#include <unistd.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

bool is_kernel_source(const fs::path& path) {
    return path == "-" || path.string().ends_with(".bpf.c");
}

/// One symbol twice would be all that the linkers say of it.
Result<void> check_no_repetition(const std::vector<fs::path>& sources) {
    for (auto one = sources.begin(); one != sources.end(); ++one)
        for (auto other = sources.begin(); other != one; ++other) {
            std::error_code ignored;
            if (*one == *other || fs::equivalent(*one, *other, ignored))
                return usage_error(fmt::format("{} is given twice{}", other->string(),
                                               *one == *other ? "" : ", as " + one->string() + " too"),
                                   "name each file once");
        }
    return {};
}

/// NAME: of the first program, or of the output if that has no name of its own.
Result<std::string> stem_of(const SourceFile& first, const std::optional<fs::path>& output) {
    const bool is_named = first.path != standard_input_source;
    std::string stem = is_named ? source_stem(first.path) : "";
    if (stem.empty() && output && *output != "-")
        stem = source_stem(*output);
    if (!stem.empty())
        return stem;
    if (!is_named)
        return "stdin";
    return usage_error(
        fmt::format("{} has no name before .bpf.c to call the package by", first.path.string()),
        "rename it, or give -o NAME.wasm");
}

std::unexpected<Error> unknown_file(const fs::path& path) {
    const std::string what = fmt::format("{}: the name does not tell what this file is", path.string());
    if (path.empty())
        return usage_error("the name of a file is empty", "ecc PROG.bpf.c [USER.c]");
    if (path.extension() == ".wasm")
        return usage_error(what, fmt::format("ecc run {0}, ecc inspect {0}", path.string()));
    if (path.extension() == ".o")
        return usage_error(
            fmt::format("{}: a package is made of sources, and this is an object", path.string()),
            fmt::format("its .bpf.c; ecc gen skeleton {} for its skeleton", path.string()));
    if (path.string().find_first_of("./") == std::string::npos)
        return usage_error(path.string() + ": no command of ecc's, and no source", "ecc --help");
    return usage_error(what, "BPF programs end in .bpf.c, user parts in .c, .cpp, .cc or .cxx");
}

Result<void> check_output(const BuildOptions& options, const fs::path& output) {
    if (output == "-" && ::isatty(STDOUT_FILENO))
        return usage_error("the package is binary and standard output is a terminal",
                           "redirect it, or give -o FILE");
    for (const fs::path& source : options.sources) {
        std::error_code ignored;
        if (fs::equivalent(source, output, ignored))
            return usage_error(fmt::format("the output {} would replace a source", output.string()),
                               "give another name with -o");
        if (options.record && (*options.record == output || fs::equivalent(source, *options.record, ignored)))
            return usage_error(
                fmt::format("the record {} would replace the output or a source", options.record->string()),
                "give another name with --record");
    }
    return {};
}

} // namespace

Result<BuildInputs> read_inputs(const BuildOptions& options) {
    BuildInputs inputs;
    ECC_CHECK(check_no_repetition(options.sources));
    for (const fs::path& path : options.sources) {
        if (!is_kernel_source(path) && !is_user_source(path))
            return unknown_file(path);
        ECC_TRY(SourceFile source, read_source(path));
        (is_kernel_source(path) ? inputs.kernel : inputs.user).push_back(std::move(source));
    }
    if (inputs.kernel.empty())
        return usage_error("no BPF program among the files: none ends in .bpf.c", "ecc PROG.bpf.c [USER.c]");
    if (options.guest) {
        if (!inputs.user.empty())
            return usage_error("there are two user parts: " + inputs.user.front().path.string() +
                                   " and --guest",
                               "leave one of them out");
        ECC_TRY(inputs.guest, find_guest_folder(*options.guest));
    }
    ECC_TRY(inputs.stem, stem_of(inputs.kernel.front(), options.output));
    inputs.output = options.output.value_or(inputs.stem + ".wasm");
    ECC_CHECK(check_output(options, inputs.output));
    if (options.dependencies) {
        ECC_TRY(inputs.dependency_file,
                dependency_file(*options.dependencies, inputs.output, options.sources));
    }
    return inputs;
}

} // namespace ecc
