// The result of a host call: a value, or a negated errno with Linux' generic numbers. ECC_TRY and ECC_CHECK
// work on it as on Result.
#pragma once

#include <cerrno>
#include <expected>

namespace ecc {

template <class T = void> using OrErrno = std::expected<T, int>;

/// `return errno_error(EINVAL);`
inline std::unexpected<int> errno_error(int number) {
    return std::unexpected(number < 0 ? number : -number);
}

} // namespace ecc
