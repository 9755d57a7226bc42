#include "packager/oci/checked_sink.h"

#include <fmt/format.h>

namespace ecc {
std::unexpected<Error> wrong_digest(const std::string& where, std::string_view what, const std::string& found,
                                    const std::string& expected) {
    return input_error(where, fmt::format("wrong digest: the {} is {}; expected {}", what, found, expected),
                       damaged_hint);
}

Result<void> CheckedSink::take(ByteView bytes) {
    if (bytes.size() > blob_.size - taken_)
        return input_error(where_, fmt::format("{} has more than the {} bytes that the manifest says",
                                               blob_.digest, blob_.size));
    taken_ += bytes.size();
    hash_.update(bytes);
    if (progress_)
        progress_(taken_, blob_.size);
    return sink_(bytes);
}

Result<void> CheckedSink::finish() {
    if (taken_ != blob_.size)
        return input_error(
            where_, fmt::format("{} has {} bytes; the manifest says {}", blob_.digest, taken_, blob_.size),
            damaged_hint);
    if (std::string found = hash_.finish(); found != blob_.digest)
        return wrong_digest(where_, "layer", found, blob_.digest);
    return {};
}

} // namespace ecc
