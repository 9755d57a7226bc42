#include "packager/package/wasm_module.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {
namespace {

constexpr std::array<std::uint8_t, 4> magic = {0, 'a', 's', 'm'};
constexpr const char* expected = "a package, as `ecc PROG.bpf.c` makes it, or a WASI preview-1 module";
constexpr std::uint32_t core_version = 1;
constexpr std::uint32_t component_version = 0x0001000d;

// Bounds on hostile input; both are far above what any toolchain writes (imports: the limit of the JavaScript
// API).
constexpr std::size_t max_sections = 65536;
constexpr std::uint32_t max_imports = 100000;

constexpr std::uint8_t last_section_id = 13; // tag section
constexpr std::uint8_t custom_section = 0;
constexpr std::uint8_t import_section = 2;
constexpr std::uint8_t code_section = 10;

std::unexpected<Error> malformed(const std::string& where, std::size_t offset, std::string_view what) {
    return input_error(where, fmt::format("malformed Wasm module at offset {:#x}: {}", offset, what),
                       "build or fetch the file again; it is truncated or corrupted");
}

Result<void> check_header(ByteReader& reader, const std::string& where) {
    ByteView found = reader.take(magic.size());
    if (!std::ranges::equal(found, magic))
        return input_error(where, "is not a WebAssembly module: it does not start with \"\\0asm\"", expected);
    std::uint32_t version = reader.u32();
    if (!reader.ok())
        return malformed(where, 4, "the version is cut off");
    if (version == component_version)
        return input_error(where, "is a WebAssembly component; expected a core module", expected);
    if (version != core_version)
        return input_error(
            where, fmt::format("is WebAssembly version {}; expected {}", version, core_version), expected);
    return {};
}

Result<WasmSection> read_section(ByteReader& reader, const std::string& where) {
    const std::size_t start = reader.position();
    WasmSection section{.id = reader.u8()};
    if (section.id > last_section_id)
        return malformed(where, start, fmt::format("there is no section with id {}", section.id));
    std::uint32_t size = reader.leb_u32();
    if (!reader.ok())
        return malformed(where, start, "the section's size is cut off or not a number of 32 bits");
    if (size > reader.remaining())
        return malformed(
            where, start,
            fmt::format("the section has {} bytes, but only {} follow", size, reader.remaining()));
    ByteReader content = reader.sub(size);
    if (section.id == custom_section)
        section.name = content.name();
    if (!content.ok())
        return malformed(where, start, "the name of the custom section does not fit into it");
    section.payload = content.take(content.remaining());
    return section;
}

enum class External : std::uint8_t { function, table, memory, global, tag };

void skip_value_type(ByteReader& reader) {
    std::uint8_t type = reader.u8();
    if (type == 0x63 || type == 0x64) // (ref null? heaptype)
        reader.leb_u32();
}

bool skip_limits(ByteReader& reader) {
    std::uint8_t flags = reader.u8();
    reader.leb_u32();
    if (flags & 1)
        reader.leb_u32();
    return flags <= 3;
}

/// Steps over what is imported; false if it is of a kind that we do not know.
bool skip_description(ByteReader& reader) {
    switch (External{reader.u8()}) {
    case External::function:
        reader.leb_u32();
        return true;
    case External::table:
        skip_value_type(reader);
        return skip_limits(reader);
    case External::memory:
        return skip_limits(reader);
    case External::global:
        skip_value_type(reader);
        reader.u8();
        return true;
    case External::tag:
        reader.u8();
        reader.leb_u32();
        return true;
    }
    return false;
}

Result<std::vector<WasmImport>> read_imports(ByteView wasm, ByteView payload, const std::string& where) {
    const auto base = static_cast<std::size_t>(payload.data() - wasm.data());
    ByteReader reader(payload);
    std::uint32_t count = reader.leb_u32();
    if (count > max_imports)
        return malformed(where, base, fmt::format("{} imports; at most {} are read", count, max_imports));
    std::vector<WasmImport> imports;
    while (reader.ok() && imports.size() < count) {
        const std::size_t start = base + reader.position();
        WasmImport import{reader.name(), reader.name()};
        if (!skip_description(reader))
            return malformed(where, start, "an import of an unknown kind");
        imports.push_back(import);
    }
    if (!reader.ok() || !reader.at_end())
        return malformed(where, base, "the import section does not hold what its size and count say");
    return imports;
}

} // namespace

Result<std::vector<WasmSection>> wasm_sections(ByteView wasm, const std::string& where) {
    if (wasm.empty())
        return input_error(where, "is empty; expected a WebAssembly module", expected);
    ByteReader reader(wasm);
    ECC_CHECK(check_header(reader, where));
    std::vector<WasmSection> sections;
    while (!reader.at_end()) {
        if (sections.size() == max_sections)
            return malformed(where, reader.position(), fmt::format("more than {} sections", max_sections));
        ECC_TRY(auto section, read_section(reader, where));
        sections.push_back(section);
    }
    return sections;
}

Result<std::vector<WasmImport>> wasm_imports(ByteView wasm, const std::string& where) {
    ECC_TRY(auto sections, wasm_sections(wasm, where));
    auto section = std::ranges::find(sections, import_section, &WasmSection::id);
    if (section == sections.end())
        return std::vector<WasmImport>{};
    return read_imports(wasm, section->payload, where);
}

Result<WasmCode> wasm_code(ByteView wasm, const std::string& where) {
    ECC_TRY(const auto sections, wasm_sections(wasm, where));
    WasmCode code;
    for (const auto& section : sections) {
        if (section.id != code_section)
            continue;
        ByteReader reader(section.payload);
        const std::uint32_t count = reader.leb_u32();
        for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
            const auto body = reader.take(reader.leb_u32());
            code.functions += 1;
            code.bytes += body.size();
            code.largest = std::max<std::uint64_t>(code.largest, body.size());
        }
        if (!reader.ok())
            return malformed(where, static_cast<std::size_t>(section.payload.data() - wasm.data()),
                             "the code section has fewer functions than it says");
    }
    return code;
}

} // namespace ecc
