#include "compiler/source_file.h"

#include "support/files.h"

namespace ecc {
namespace {

constexpr std::size_t source_limit = 64u << 20;

bool is_kernel_part(const std::string& where) {
    return where == standard_input_source || where.ends_with(".bpf.c");
}

} // namespace

Result<SourceFile> read_source(const std::filesystem::path& path) {
    ECC_TRY(const Bytes bytes, read_file(path, source_limit));
    SourceFile source{path == "-" ? standard_input_source : path, std::string(as_text(bytes))};
    const std::string where = source.path.string();
    if (source.text.find_first_not_of(" \t\r\n") == std::string::npos)
        return input_error(
            where, "the file is empty, expected C source",
            is_kernel_part(where)
                ? "#include \"vmlinux.h\", <bpf/bpf_helpers.h> and a function after SEC(\"...\")"
                : "int main(void) in it, or no user part at all: then ecc generates one");
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
