// The package: one .wasm, a WASI command module with custom sections (WebAssembly core specification,
// appendix "Custom Sections"). In: a linked module and what goes with it. Out: the bytes of the package, and
// back.
//
//   ecc.package  the manifest, JSON (manifest.h); exactly one
//   ecc.btf      optional, minimal BTF for kernels without their own
//   ecc.bpf      one per object and architecture: name (Wasm name), architecture (Wasm name), then the ELF
#pragma once

#include "packager/package/manifest.h"
#include "support/bytes.h"

namespace ecc {

struct EmbeddedObject {
    std::string name;         ///< what `ecc_object_open` asks for
    std::string architecture; ///< the kernel's name: "x86", "arm64", "riscv"
    Bytes elf;
    bool operator==(const EmbeddedObject&) const = default;
};

struct Package {
    Manifest manifest;
    std::vector<EmbeddedObject> objects;
    std::optional<Bytes> btf;
    bool operator==(const Package&) const = default;
};

/// The bytes of the package. `module` must be a Wasm module without sections of ours. The manifest's
/// `objects` are filled in from `package.objects`. Same inputs, same bytes.
Result<Bytes> write_package(ByteView module, Package package);

/// What `wasm` carries, checked: section framing, one manifest of a format we know, objects with the digests
/// that the manifest states. `where` names the file or reference in errors.
Result<Package> read_package(ByteView wasm, const std::string& where);

} // namespace ecc
