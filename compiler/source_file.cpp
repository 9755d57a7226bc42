#include "compiler/source_file.h"

#include "support/files.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <vector>

namespace ecc {
namespace {

constexpr std::size_t source_limit = 64u << 20;

/// The first few sources in the folder of one that is not there.
std::unexpected<Error> with_neighbours(Error error, const std::filesystem::path& path) {
    constexpr std::size_t most = 3;
    std::error_code ignored;
    std::vector<std::string> names;
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    if (!std::filesystem::exists(path, ignored))
        for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
            if (entry.path().string().ends_with(".bpf.c"))
                names.push_back((path.parent_path() / entry.path().filename()).string());
    std::ranges::sort(names);
    names.resize(std::min(names.size(), most));
    if (!names.empty())
        error.hint = fmt::format("{}", fmt::join(names, " or "));
    return std::unexpected(std::move(error));
}

} // namespace

Result<SourceFile> read_source(const std::filesystem::path& path) {
    const Result<Bytes> bytes = read_file(path, source_limit);
    if (!bytes)
        return with_neighbours(bytes.error(), path);
    SourceFile source{path == "-" ? standard_input_source : path, std::string(as_text(*bytes))};
    const std::string where = source.path.string();
    if (source.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return input_error(where, "the file is empty, expected C source",
                           "#include \"vmlinux.h\", <bpf/bpf_helpers.h> and a function after SEC(\"...\")");
    if (source.text.find('\0') != std::string::npos)
        return input_error(
            where, "this is a binary file, expected C source",
            "the source it was made from; objects and packages are for ecc gen and ecc inspect");
    return source;
}

std::string source_stem(const std::filesystem::path& path) {
    const std::string name = path.stem().string();
    return name.ends_with(".bpf") ? name.substr(0, name.size() - 4) : name;
}

} // namespace ecc
