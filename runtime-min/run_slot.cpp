#include "runtime-min/run_slot.h"

#include "runtime-min/limits.h"
#include "runtime-min/private_folder.h"

#include <algorithm>

namespace ecc {

namespace {

constexpr std::uint64_t most_slots = 4096;

} // namespace

Result<FileDescriptor> take_run_slot(std::uint64_t limit) {
    if (limit == no_limit)
        return FileDescriptor();
    const auto cache = default_cache_folder();
    if (!cache)
        return environment_error("", "this user has no home folder, where running programs are counted");
    ECC_TRY(const auto folder, PrivateFolder::open(*cache / "running"));
    for (std::uint64_t slot = 0; slot < std::min(limit, most_slots); ++slot) {
        ECC_TRY(auto held, folder.lock(std::to_string(slot)));
        if (held)
            return *std::move(held);
    }
    return std::unexpected(limit_reached(limit_kind(&Limits::instances), limit, ""));
}

} // namespace ecc
