// The frame of a Wasm module: its sections, imports and functions' sizes, bounds-checked. No code is decoded;
// the engine validates that.
#pragma once

#include "support/bytes.h"
#include "support/result.h"

#include <string_view>
#include <vector>

namespace ecc {

inline constexpr std::string_view wasm_media_type = "application/wasm";
/// What wasm-to-oci and ecli call it.
inline constexpr std::string_view ecli_media_type = "application/vnd.wasm.content.layer.v1+wasm";

inline bool is_wasm_media_type(std::string_view type) {
    return type == wasm_media_type || type == ecli_media_type;
}

struct WasmSection {
    std::uint8_t id = 0;
    std::string_view name; ///< of a custom section (id 0)
    ByteView payload;      ///< after the name
};

struct WasmImport {
    std::string_view module;
    std::string_view name;
};

/// How much there is to compile.
struct WasmCode {
    std::uint32_t functions = 0;
    std::uint64_t bytes = 0;   ///< of all functions together
    std::uint64_t largest = 0; ///< bytes of the largest function
    bool operator==(const WasmCode&) const = default;
};

/// All sections in order; views into `wasm`. An input error names the offset of what is wrong.
Result<std::vector<WasmSection>> wasm_sections(ByteView wasm, const std::string& where);

/// The imports of a module, from its import section.
Result<std::vector<WasmImport>> wasm_imports(ByteView wasm, const std::string& where);

/// The sizes in a module's code sections, of which a valid one has at most one.
Result<WasmCode> wasm_code(ByteView wasm, const std::string& where);

} // namespace ecc
