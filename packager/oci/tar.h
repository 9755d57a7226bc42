// Tar files over libarchive: layouts in and out, and layers of images. What is written depends on names,
// modes and content alone: owners are 0, entries sorted, times fixed.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ecc {

/// The files of an OCI layout out of a tar file into an empty folder; other entries are passed over. An input
/// error if it is no tar file or if its entries are larger than itself.
Result<void> unpack_layout(const std::filesystem::path& file, const std::filesystem::path& folder);

/// The files of a layout folder as a tar file, which appears whole or not at all.
Result<void> pack_layout(const std::filesystem::path& folder, const std::filesystem::path& file);

struct TarEntry {
    std::string name; ///< "usr/bin/ecc-run"
    ByteView content;
    unsigned mode = 0644;
};

/// A tar file in memory, with entries for the folders. `time`, seconds since 1970, is that of every entry.
Result<Bytes> make_tar(const std::vector<TarEntry>& entries, std::int64_t time);

/// As `gzip -n9` packs it: the same bytes for the same content.
Result<Bytes> gzip(ByteView content);

} // namespace ecc
