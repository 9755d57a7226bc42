// Which BTF describes the running kernel: the operator's file, the kernel's own, or what the package brings
// for kernels without.
#pragma once

#include "packager/package/package.h"
#include "runtime-min/file_descriptor.h"

namespace ecc {

/// True if libbpf will find the running kernel's BTF by itself.
bool kernel_has_btf();

struct BtfSource {
    std::string path;      ///< for libbpf; empty: the kernel's own
    FileDescriptor memory; ///< holds what `path` names, if that came from the package
};

/// What libbpf reads from a path, made of bytes.
Result<BtfSource> btf_in_memory(ByteView btf);

/// `option` is the operator's file, or empty; `package` may be null. A usage error: the file cannot be read
/// or holds no BTF. An input error: what the package brings is none.
Result<BtfSource> choose_btf(const std::string& option, const Package* package);

} // namespace ecc
