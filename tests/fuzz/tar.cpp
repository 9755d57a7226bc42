// Tar files from strangers. Unpacked as a layout: nothing appears but its files, and never more than came in.
// Read as a layer of an image: never more than the limit.
#include "packager/oci/tar.h"
#include "support/digest.h"
#include "support/files.h"
#include "tests/fuzz/targets.h"

#include <cstdlib>

namespace ecc::fuzz {

namespace {

namespace fs = std::filesystem;

bool is_expected(const fs::path& member) {
    const std::string name = member.string();
    constexpr std::string_view blobs = "blobs/sha256/";
    return name == "oci-layout" || name == "index.json" || name == "blobs" || name == "blobs/sha256" ||
           (name.starts_with(blobs) && is_sha256_digest("sha256:" + name.substr(blobs.size())));
}

void require(bool condition) {
    if (!condition)
        std::abort();
}

constexpr std::uint64_t layer_limit = 1u << 20;

void read_as_layer(ByteView input) {
    std::uint64_t size = 0;
    const auto count = [&](ByteView content) -> Result<void> {
        size += content.size();
        return {};
    };
    const auto read = read_tar_files(MemorySource(input), layer_limit, "fuzz",
                                     [&](const TarMember&) -> Result<Sink> { return count; });
    require(read || read.error().fault == Fault::input);
    require(size <= layer_limit);
}

} // namespace

void tar(ByteView input) {
    read_as_layer(input);
    const auto folder = TempDir::make();
    if (!folder || !write_file(folder->path() / "in.tar", input))
        std::abort();
    const fs::path out = folder->path() / "out";
    const auto unpacked = unpack_layout(folder->path() / "in.tar", out);
    require(unpacked || unpacked.error().fault == Fault::input);
    std::uint64_t size = 0;
    for (const auto& entry : fs::recursive_directory_iterator(out)) {
        require(!entry.is_symlink() && is_expected(entry.path().lexically_relative(out)));
        size += entry.is_directory() ? 0 : entry.file_size();
    }
    require(size <= input.size());
}

} // namespace ecc::fuzz
