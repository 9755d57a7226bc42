// A source file as the user named it, read once: what is compiled is what its digest in the package says.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <filesystem>
#include <string>

namespace ecc {

/// How clang's messages name what came through standard input.
inline constexpr const char* standard_input_source = "<stdin>";

struct SourceFile {
    std::filesystem::path path; ///< as diagnostics name it
    std::string text;
};

/// "-" is standard input. An input error if the file is empty, binary or missing.
Result<SourceFile> read_source(const std::filesystem::path& path);

/// "opensnoop.bpf.c" and "opensnoop.bpf.o" -> "opensnoop", "user.c" -> "user".
std::string source_stem(const std::filesystem::path& path);

} // namespace ecc
