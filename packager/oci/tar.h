// Tar files over libarchive: layouts in and out, and layers of images. What is written depends on names,
// modes and content alone: owners are 0, entries sorted, times fixed.
#pragma once

#include "packager/oci/blob_source.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ecc {

/// The files of an OCI layout out of a tar file into an empty folder; other entries are passed over. An input
/// error if it is no tar file or if its entries are larger than itself.
Result<void> unpack_layout(const std::filesystem::path& file, const std::filesystem::path& folder);

/// The files of a layout folder as a tar file, which appears whole or not at all. What else is in one that it
/// replaces is kept as it is; an input error if that has a link or the like in the place of a layout's file.
Result<void> pack_layout(const std::filesystem::path& folder, const std::filesystem::path& file);

/// Of a path, without "." and empty ones: "./usr//bin/" -> "usr", "bin". ".." stays.
std::vector<std::string_view> path_parts(std::string_view path);

/// They, with "/" in between: "usr/bin".
std::string plain_path(std::string_view path);

enum class TarKind : std::uint8_t { file, folder, other };

struct TarMember {
    std::string path; ///< plain_path of its name; "?" if it has none that can be read
    TarKind kind;     ///< links of both kinds are others
};

/// Where the content of a member goes.
using OpenTarFile = std::function<Result<Sink>(const TarMember& member)>;

/// The members of a layer, a tar file that may be packed with gzip or zstd, one after the other. An input
/// error if it is none, if programs may read different files in it (tar_scan.h), or if it unpacks to more
/// than `limit` bytes.
Result<void> read_tar_files(const BlobSource& layer, std::uint64_t limit, const std::string& where,
                            const OpenTarFile& open);

struct TarEntry {
    std::string name; ///< "usr/bin/ecc-run"
    std::shared_ptr<const BlobSource> content;
    unsigned mode = 0644;
};

/// An entry of bytes that the caller keeps.
TarEntry tar_entry(std::string name, ByteView content, unsigned mode = 0644);

/// A tar file, piece by piece, with entries for the folders. `time`, seconds since 1970, is that of every
/// entry.
Result<void> write_tar(const std::vector<TarEntry>& entries, std::int64_t time, Sink sink);

/// Packs what is written to it as `gzip -n` does: the same bytes for the same content.
class Gzip {
public:
    explicit Gzip(Sink sink);
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    ~Gzip();
    Result<void> write(ByteView bytes) { return pack(bytes, false); }
    Result<void> finish() { return pack({}, true); }

private:
    Result<void> pack(ByteView bytes, bool last);

    struct State;
    std::unique_ptr<State> state_;
};

} // namespace ecc
