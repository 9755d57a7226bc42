// The shapes in which a package is stored, each for the tools that read it. The formats that carry the .wasm
// file itself share that blob.
//
//   wasm       CNCF Wasm artifact: oras, Wasm runtimes, `ecc` (wasm_artifact.h)
//   runwasi    an image whose layer is the .wasm file: containerd's shims
//   compat     an image with /app.wasm in a tar layer: crun, WasmEdge ("compat" of the Wasm image variants)
//   ecli       wasm-to-oci's artifact: eunomia's ecli
//   bpfman     the kernel part alone, one image for each architecture: bpfman
//   container  an ordinary image with ecc-run: podman, docker, Kubernetes
#pragma once

#include "packager/oci/artifact.h"
#include "packager/package/package.h"

#include <span>

namespace ecc {

/// A file of the runtime in a container: its path there and here.
struct RuntimeFile {
    std::string name; ///< "usr/bin/ecc-run"
    std::shared_ptr<const BlobSource> content;
};

/// ecc-run and all that it needs to start, for one architecture.
struct Runtime {
    std::string architecture; ///< Go's name: "amd64"
    std::vector<RuntimeFile> files;
};

struct FormatInput {
    ByteView bytes; ///< the whole package
    const Package& package;
    AnnotationMap annotations; ///< of manifest and index
    std::int64_t created = 0;
    /// Go's name for the kernel's name of an architecture: "amd64" for "x86".
    std::function<std::string(std::string_view)> go_architecture;
    std::function<Result<std::vector<Runtime>>()> runtimes; ///< asked for by `container` only; at least one
};

struct PlatformArtifact {
    Artifact artifact;
    Platform platform;
};

struct PackedFormat {
    std::vector<PlatformArtifact> artifacts;
    bool indexed = false; ///< an index lists them; otherwise there is one
};

struct Format {
    std::string_view name;
    std::string_view readers;
    Result<PackedFormat> (*pack)(const FormatInput& input);
    bool holds_package = true; ///< it can be had back from there (artifact_module.h)
};

std::span<const Format> formats();

/// A usage error lists the formats that there are.
Result<const Format*> find_format(std::string_view name);

/// Stores all of it; the reference's tag names the index, or the only manifest.
Result<Descriptor> push_format(Store& store, const Reference& reference, const PackedFormat& packed,
                               const PushOptions& options);

Result<PackedFormat> pack_bpfman(const FormatInput& input);
Result<PackedFormat> pack_container(const FormatInput& input);

} // namespace ecc
