// The part of a kernel's BTF that a program needs. In: BTF and the identifiers of a program. Out: a BTF with
// only the types that these name, and what they need to be complete.
#pragma once

#include "btfgen/btf_handle.h"
#include "support/result.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace ecc {

struct BtfSubset {
    struct Kfunc {
        std::string name;
        std::uint32_t prototype = 0;
        bool fastcall = false;
    };
    BtfHandle types;
    std::vector<Kfunc> kfuncs;
};

/// The functions that carry the declaration tag "bpf_kfunc", in the order of their tags.
std::vector<BtfSubset::Kfunc> find_kfuncs(const btf* types);

/// Structs, unions, enumerations and typedefs whose name, and enumerations of which an enumerator's name, is
/// among the identifiers; kfuncs likewise. What is contained by value comes with it. What is only pointed to
/// is declared, unless the member that points to it is itself named.
Result<BtfSubset> make_subset(const btf* types, const std::unordered_set<std::string>& identifiers);

} // namespace ecc
