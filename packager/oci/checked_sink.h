// Where every blob is compared with the descriptor that names it: passes bytes on while it counts and hashes
// them.
#pragma once

#include "packager/oci/blob_source.h"
#include "support/digest.h"

namespace ecc {

class CheckedSink {
public:
    /// The arguments must outlive it; `where` names the store in errors.
    CheckedSink(const std::string& where, const Descriptor& blob, const Sink& sink, const Progress& progress)
        : where_(where), blob_(blob), sink_(sink), progress_(progress) {}

    /// An input error as soon as there is more than the descriptor says.
    Result<void> take(ByteView bytes);
    /// An input error if the size or the digest is another. What the sink took must then be thrown away.
    Result<void> finish();

private:
    const std::string& where_;
    const Descriptor& blob_;
    const Sink& sink_;
    const Progress& progress_;
    Sha256 hash_;
    std::uint64_t taken_ = 0;
};

/// What to do about a stored copy that is not what its digest says. Registries answer a push that they have
/// it.
inline constexpr const char* damaged_hint =
    "the stored copy is damaged: a layout takes a new one with the next push; in a registry, remove it "
    "(`ecc delete`, then the registry's garbage collection) before you push again";

/// For a manifest or blob that is not what its digest says.
std::unexpected<Error> wrong_digest(const std::string& where, std::string_view what, const std::string& found,
                                    const std::string& expected);

} // namespace ecc
