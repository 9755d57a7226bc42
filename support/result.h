// Errors as values. Every function of ours that can fail returns Result<T>; only `main` prints.
//
// In: what went wrong, where, and what the user can do. Out: a value that carries it up to `main`.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace ecc {

/// Who has to act. The number is the exit status of `ecc`.
enum class Fault {
    input = 1,       ///< the file, source, package or artifact is at fault
    usage = 2,       ///< the command line is at fault
    environment = 3, ///< the kernel, the registry, a permission or this machine is at fault
};

struct Error {
    Fault fault = Fault::input;
    std::string where; ///< "file:line:column", a file, a reference or a section; empty if there is no place to name
    std::string what;  ///< what was found and what was expected, without a full stop
    std::string hint;  ///< what to try, a sentence; empty if there is nothing better than reading `what`

    bool operator==(const Error&) const = default;
};

template <class T = void> using Result = std::expected<T, Error>;

inline std::unexpected<Error> input_error(std::string where, std::string what, std::string hint = {}) {
    return std::unexpected(Error{Fault::input, std::move(where), std::move(what), std::move(hint)});
}

inline std::unexpected<Error> usage_error(std::string what, std::string hint = {}) {
    return std::unexpected(Error{Fault::usage, {}, std::move(what), std::move(hint)});
}

inline std::unexpected<Error> environment_error(std::string where, std::string what, std::string hint = {}) {
    return std::unexpected(Error{Fault::environment, std::move(where), std::move(what), std::move(hint)});
}

} // namespace ecc

#define ECC_CONCAT_(a, b) a##b
#define ECC_CONCAT(a, b) ECC_CONCAT_(a, b)
#define ECC_TRY_(tmp, target, ...)                                                                                \
    auto tmp = (__VA_ARGS__);                                                                                     \
    if (!tmp)                                                                                                     \
        return std::unexpected(std::move(tmp).error());                                                           \
    target = *std::move(tmp)
#define ECC_CHECK_(tmp, ...)                                                                                      \
    if (auto tmp = (__VA_ARGS__); !tmp)                                                                           \
    return std::unexpected(std::move(tmp).error())

/// `ECC_TRY(auto bytes, read_file(path));` takes the value or returns the error from the enclosing function.
#define ECC_TRY(target, ...) ECC_TRY_(ECC_CONCAT(ecc_try_, __COUNTER__), target, __VA_ARGS__)
/// `ECC_CHECK(write_file(path, bytes));` is the same for a Result<void>.
#define ECC_CHECK(...) ECC_CHECK_(ECC_CONCAT(ecc_check_, __COUNTER__), __VA_ARGS__)
