// A package as text for people. Out: several paragraphs; every name in them is made safe for a terminal.
#pragma once

#include "packager/package/package.h"

namespace ecc {

/// How the bytes of a package file divide up.
struct PackageSizes {
    std::uint64_t total = 0;
    std::uint64_t objects = 0;
    std::uint64_t btf = 0;
    std::uint64_t manifest = 0;
    std::uint64_t user_part = 0; ///< the rest: the module itself
};

/// `wasm` must have been read as a package before.
Result<PackageSizes> package_sizes(ByteView wasm, const Package& package, const std::string& where);

std::string inspect_text(const Manifest& manifest, const PackageSizes& sizes, const std::string& digest);

} // namespace ecc
