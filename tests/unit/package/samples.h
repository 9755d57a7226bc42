// Packages for tests, small but complete.
#pragma once

#include "packager/package/package.h"

namespace ecc::samples {

/// A Wasm module with a type, an import, an exported `_start` and a name section.
Bytes module();

/// A manifest in which every list has an entry and every field differs from its default.
Manifest full_manifest();

/// Two objects and a BTF; `manifest.objects` matches them.
Package package();

/// `package()` around `module()`.
Bytes package_bytes();

/// A custom section as it stands in a module.
Bytes custom_section(std::string_view name, ByteView payload);

Bytes join(std::initializer_list<ByteView> parts);

} // namespace ecc::samples
