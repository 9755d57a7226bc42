// A package as an OCI artifact in the CNCF Wasm format (tag-runtime, "Wasm OCI Artifact layout"): a config of
// type application/vnd.wasm.config.v0+json and exactly one layer application/wasm, whose title annotation is
// the file name that `oras pull` and `ecc pull` write. Same package, same bytes, same digest.
#pragma once

#include "packager/oci/artifact.h"
#include "packager/oci/source_date.h"
#include "packager/package/manifest.h"

#include <optional>

namespace ecc {

/// `created`, seconds since 1970, comes from SOURCE_DATE_EPOCH; without it the config says 1970, for
/// reproducible digests.
Artifact make_wasm_artifact(ByteView package, const Manifest& manifest, std::optional<std::int64_t> created);

/// Annotations of any artifact made from the package: title, version, description, licences, created.
AnnotationMap annotations_of(const Manifest& manifest, std::optional<std::int64_t> created);

/// The file name under which the package is stored: "opensnoop.wasm".
std::string package_file_name(const Manifest& manifest);

/// The one layer that is a module, ours or another tool's. An input error names the media types that were
/// found.
Result<Descriptor> wasm_layer_of(const ImageManifest& manifest, const std::string& where);

/// A title from a stranger as the name of a file in the current folder: the base name, without control
/// characters, not hidden, ending in ".wasm". `fallback` is used if nothing sensible is left.
std::string safe_file_name(std::string_view title, std::string_view fallback);

} // namespace ecc
