#include "support/system_error.h"

#include "support/files.h"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr int environment_numbers[] = {
    EACCES, EPERM, ENOSPC, EROFS, EIO, EMFILE, ENFILE, EDQUOT, EPIPE, EFBIG,
    EBADF, // a standard stream that the parent had closed
};

} // namespace

std::unexpected<Error> system_error(const std::string& where, const char* doing, int number) {
    const bool environment = std::ranges::find(environment_numbers, number) != std::end(environment_numbers);
    return std::unexpected(Error{environment ? Fault::environment : Fault::input,
                                 where,
                                 fmt::format("cannot {}: {}", doing, errno_text(number)),
                                 {}});
}

} // namespace ecc
