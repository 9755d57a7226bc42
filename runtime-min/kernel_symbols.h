// Where the kernel's functions lie, as /proc/kallsyms (proc(5)) tells whoever has CAP_SYSLOG.
#pragma once

#include "runtime-min/errno_result.h"

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

struct KernelFunction {
    std::uint64_t start = 0;
    std::string_view name; ///< without the module's
};

class KernelSymbols {
public:
    /// Of the running kernel. -EPERM: it hides the addresses from this process.
    static OrErrno<KernelSymbols> load();
    /// Lines in the form of /proc/kallsyms; others are skipped. -EPERM: every address is 0.
    static OrErrno<KernelSymbols> read(std::istream& lines);

    /// The function that `address` lies in.
    std::optional<KernelFunction> at(std::uint64_t address) const;
    /// The first of that name.
    std::optional<KernelFunction> find(std::string_view name) const;

private:
    struct Entry {
        std::uint64_t start;
        std::uint32_t name; ///< where it begins in `names_`
    };

    void add(std::string_view line);
    KernelFunction function_of(const Entry& entry) const;

    std::vector<Entry> entries_; ///< by address
    std::string names_;          ///< each ends with NUL
};

} // namespace ecc
