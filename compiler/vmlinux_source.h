// `#include "vmlinux.h"` without such a file: the header is made when clang looks for it, first cut to the
// identifiers that the program uses, and whole if compiling with the cut one fails. BTF is read at most once
// per build, and not at all by a program that does not ask for it.
#pragma once

#include "btfgen/vmlinux_header.h"
#include "compiler/architecture.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>

namespace ecc {

inline constexpr const char* running_kernel = "/sys/kernel/btf/vmlinux";

/// BTF of the running kernel. An environment error says how to give it by hand if the kernel has none.
Result<Bytes> read_kernel_btf();

class VmlinuxSource {
public:
    using Identifiers = std::unordered_set<std::string>;

    VmlinuxSource(KernelTarget target, std::function<Result<Identifiers>()> identifiers)
        : target_(std::move(target)), identifiers_(std::move(identifiers)) {}

    /// Starts to read BTF beside what the caller does next, because `header` will be asked for.
    void prefetch();

    /// The header's text; nothing after an error, which `error` then tells.
    std::optional<std::string> header();
    /// From now on `header` is the whole one. False if the whole one was used already or none was asked for.
    bool use_full_header();

    /// Whose kernel the BTF is of, as its registers say; null if they do not. Reads it once more.
    const Architecture* architecture() const;

    const std::optional<Error>& error() const { return error_; }
    /// What reading BTF and making headers took so far, wherever it ran.
    std::chrono::duration<double, std::milli> cost() const { return cost_; }
    /// Digest of the BTF that a header was made from; empty if none was. Waits for the hash.
    std::string digest() const { return btf_ ? btf_->digest() : std::string(); }

private:
    using Milliseconds = std::chrono::duration<double, std::milli>;
    struct Read {
        Result<VmlinuxBtf> btf;
        Milliseconds cost;
    };
    Result<VmlinuxBtf> parse_btf() const;
    Read read_btf() const;
    bool is_of_another_architecture() const;
    Result<std::string> make_header();
    Result<std::string> make_text() const;

    KernelTarget target_;
    std::function<Result<Identifiers>()> identifiers_;
    std::optional<VmlinuxBtf> btf_;
    std::optional<std::string> cut_;
    std::optional<std::string> full_;
    std::optional<Error> error_;
    bool want_full_ = false;
    Milliseconds cost_{};
    std::future<Read> reading_; ///< last, so that it ends before what it reads
};

} // namespace ecc
