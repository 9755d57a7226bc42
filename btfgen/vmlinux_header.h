// vmlinux.h made from BTF: whole, or cut to the identifiers that a program uses. In: a kernel's BTF blob.
// Out: text that clang reads as `#include "vmlinux.h"`.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

namespace ecc {

class VmlinuxBtf {
public:
    /// `where` names the blob in errors.
    static Result<VmlinuxBtf> parse(ByteView blob, std::string where);
    /// Of /sys/kernel/btf/vmlinux, which must be there.
    static Result<VmlinuxBtf> running_kernel(std::string where);
    VmlinuxBtf(VmlinuxBtf&&) noexcept;
    VmlinuxBtf& operator=(VmlinuxBtf&&) noexcept;
    ~VmlinuxBtf();

    /// Every type, as `bpftool btf dump file vmlinux format c` prints it.
    Result<std::string> full_header() const;

    /// Only the types named by `identifiers` and what these contain by value; pointers are followed where the
    /// member's name is itself an identifier. Prototypes of the kfuncs that are named come with it.
    Result<std::string> cut_header(const std::unordered_set<std::string>& identifiers) const;

    const std::string& digest() const;

private:
    struct State;
    static VmlinuxBtf of(std::unique_ptr<State> state);
    explicit VmlinuxBtf(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace ecc
