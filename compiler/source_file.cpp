#include "compiler/source_file.h"

#include "support/files.h"

namespace ecc {
namespace {

constexpr std::size_t source_limit = 64u << 20;

} // namespace

Result<SourceFile> read_source(const std::filesystem::path& path) {
    ECC_TRY(const Bytes bytes, read_file(path, source_limit));
    SourceFile source{path == "-" ? standard_input_source : path, std::string(as_text(bytes))};
    const std::string where = source.path.string();
    if (source.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return input_error(where, "the file is empty, expected C source");
    if (source.text.find('\0') != std::string::npos)
        return input_error(where, "this is a binary file, expected C source");
    return source;
}

std::string source_stem(const std::filesystem::path& path) {
    const std::string name = path.stem().string();
    return name.ends_with(".bpf") ? name.substr(0, name.size() - 4) : name;
}

} // namespace ecc
