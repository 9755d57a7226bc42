// Cuts of the running kernel's BTF (btf_cut.h), kept between runs. An entry is named after the digest of
// everything that its bytes depend on: the kernel's build, the object, and this program's version.
//
// Nothing here can make a load fail: where there is no cut, libbpf reads the kernel's own BTF.
#pragma once

#include "packager/package/elf_scan.h"
#include "runtime-min/btf_source.h"
#include "runtime-min/private_folder.h"

#include <optional>

namespace ecc {

class BtfCutCache {
public:
    /// Without a folder there are no cuts.
    explicit BtfCutCache(const PrivateFolder* folder) : folder_(folder) {}

    /// What this object needs of the kernel's types, made if it is not there. Nothing if it must see all of
    /// them.
    std::optional<BtfSource> find(ByteView elf, const ElfScan& scan) const;

private:
    std::optional<Bytes> find_or_make(ByteView elf, const ElfScan& scan) const;

    const PrivateFolder* folder_;
};

/// Names the build of the running kernel. Nothing if it does not say: it has no BTF of its own, or no build
/// id.
std::optional<std::string> kernel_build();

} // namespace ecc
