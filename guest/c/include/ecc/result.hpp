/* SPDX-License-Identifier: Apache-2.0 */
// What the C++ skeletons return: a value or an error number. Nothing throws. With C++23 it is std::expected, before
// that a type with the part of its interface that is used here: bool, *, ->, value_or and error().
#pragma once

#if __cplusplus < 202002L
#error "the skeleton in C++ needs C++20: give -std=c++20, or include the one in C"
#endif

#include <cerrno>
#include <cstring>
#include <utility>
#include <version>

#ifdef __cpp_lib_expected
#include <expected>
#else
#include <optional>
#endif

// How much padding there is depends on T.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpadded"

namespace ecc {

struct error {
    int code = 0; ///< ENOENT and the like, positive

    const char *message() const { return std::strerror(code); }
    friend bool operator==(error, error) = default;
};

#ifdef __cpp_lib_expected

template <class T> using result = std::expected<T, error>;
using failure = std::unexpected<error>;

#else

class failure {
public:
    explicit failure(ecc::error error) : error_(error) {}
    ecc::error error() const { return error_; }

private:
    ecc::error error_;
};

template <class T> class [[nodiscard]] result {
public:
    result(T value) : value_(std::move(value)) {}
    result(failure failed) : error_(failed.error()) {}

    bool has_value() const { return value_.has_value(); }
    explicit operator bool() const { return has_value(); }
    T &operator*() & { return *value_; }
    const T &operator*() const & { return *value_; }
    T &&operator*() && { return *std::move(value_); }
    T *operator->() { return &*value_; }
    const T *operator->() const { return &*value_; }
    T value_or(T otherwise) const & { return value_.value_or(std::move(otherwise)); }
    ecc::error error() const { return error_; }

private:
    std::optional<T> value_;
    ecc::error error_;
};

template <> class [[nodiscard]] result<void> {
public:
    result() = default;
    result(failure failed) : error_(failed.error()), failed_(true) {}

    bool has_value() const { return !failed_; }
    explicit operator bool() const { return has_value(); }
    ecc::error error() const { return error_; }

private:
    ecc::error error_;
    bool failed_ = false;
};

#endif

/// Done, or why not.
using status = result<void>;

/// Of a function of libbpf that returns 0 or more, or -errno.
inline status status_of(int returned) {
    if (returned < 0)
        return failure(error{-returned});
    return {};
}

/// The same with what it returns.
inline result<int> number_of(int returned) {
    if (returned < 0)
        return failure(error{-returned});
    return returned;
}

} // namespace ecc

#pragma GCC diagnostic pop
