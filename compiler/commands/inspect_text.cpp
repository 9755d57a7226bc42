#include "compiler/commands/inspect_text.h"

#include "packager/package/wasm_module.h"
#include "support/diagnostics.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace ecc {
namespace {

using Row = std::vector<std::string>;

/// Columns as wide as their widest cell; the last is not padded.
std::string table(const std::vector<Row>& rows, std::string_view indent) {
    std::vector<std::size_t> widths;
    for (const Row& row : rows)
        for (std::size_t i = 0; i < row.size(); i++) {
            widths.resize(std::max(widths.size(), row.size()));
            widths[i] = std::max(widths[i], row[i].size());
        }
    std::string text;
    for (const Row& row : rows) {
        std::string line(indent);
        for (std::size_t i = 0; i < row.size(); i++)
            line += fmt::format("{:<{}}  ", printable_line(row[i]), widths[i]);
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

template <class Item>
std::string section(std::string_view title, Row head, const std::vector<Item>& items, auto to_row) {
    if (items.empty())
        return {};
    std::vector<Row> rows = {std::move(head)};
    for (const Item& item : items)
        rows.push_back(to_row(item));
    return fmt::format("\n{}\n{}", title, table(rows, "  "));
}

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

Row program_row(const ManifestProgram& program) {
    return {program.name, program.section, program.type, program.target};
}

Row map_row(const ManifestMap& map) {
    return {map.name,
            map.type,
            number(map.max_entries),
            map.key_type.empty() ? number(map.key_size) + " bytes" : map.key_type,
            map.value_type.empty() ? number(map.value_size) + " bytes" : map.value_type,
            fmt::format("{}", fmt::join(map.records, ", "))};
}

Row object_row(const ManifestObject& object) {
    return {object.name, object.architecture, number(object.size), object.digest};
}

Row setting_row(const ManifestSetting& setting) {
    return {setting.name, setting.type, setting.section + "+" + number(setting.offset), setting.help};
}

std::string member_offset(const ManifestMember& member) {
    return member.offset_bits % 8 ? fmt::format("{}:{}", member.offset_bits / 8, member.offset_bits % 8)
                                  : number(member.offset_bits / 8);
}

std::string member_size(const ManifestMember& member) {
    return member.size_bits % 8 ? fmt::format("{} bits", member.size_bits) : number(member.size_bits / 8);
}

std::string type_text(const ManifestType& type) {
    std::vector<Row> rows;
    for (const ManifestMember& member : type.members)
        rows.push_back({member_offset(member), member_size(member), member.type,
                        member.name.empty() ? "(anonymous)" : member.name});
    return fmt::format("  {}: {} bytes, aligned to {}\n{}", printable_line(type.name), type.size,
                       type.alignment, table(rows, "    "));
}

std::string types_text(const std::vector<ManifestType>& types) {
    if (types.empty())
        return {};
    std::string text = "\ntypes (offset, size, type, member)\n";
    for (const ManifestType& type : types)
        text += type_text(type);
    return text;
}

std::string head_text(const Manifest& manifest, const PackageSizes& sizes, const std::string& digest) {
    std::vector<Row> rows;
    auto put = [&](std::string label, std::string value) {
        if (!value.empty())
            rows.push_back({std::move(label), std::move(value)});
    };
    put("name", manifest.name);
    put("version", manifest.version);
    put("description", manifest.description);
    put("licence", manifest.license);
    put("interface", manifest.abi);
    put("permissions", fmt::format("{}", fmt::join(manifest.permissions, ", ")));
    put("kernel needs", fmt::format("{}", fmt::join(manifest.features, ", ")));
    put("built by", fmt::format("{}, LLVM {}, libbpf {}", manifest.build.tool, manifest.build.llvm,
                                manifest.build.libbpf));
    for (const ManifestInput& input : manifest.build.inputs)
        put("built from", fmt::format("{} {}", input.path, input.digest));
    put("kernel types", manifest.build.btf_digest);
    put("size", fmt::format("{} bytes: objects {}, BTF {}, manifest {}, user part {}", sizes.total,
                            sizes.objects, sizes.btf, sizes.manifest, sizes.user_part));
    put("digest", digest);
    return table(rows, "");
}

} // namespace

Result<PackageSizes> package_sizes(ByteView wasm, const Package& package, const std::string& where) {
    ECC_TRY(auto sections, wasm_sections(wasm, where));
    PackageSizes sizes{.total = wasm.size()};
    for (const EmbeddedObject& object : package.objects)
        sizes.objects += object.elf.size();
    for (const WasmSection& section : sections) {
        if (section.name == "ecc.package")
            sizes.manifest = section.payload.size();
        if (section.name == "ecc.btf")
            sizes.btf = section.payload.size();
    }
    sizes.user_part = sizes.total - sizes.objects - sizes.btf - sizes.manifest;
    return sizes;
}

std::string inspect_text(const Manifest& manifest, const PackageSizes& sizes, const std::string& digest) {
    std::string text = head_text(manifest, sizes, digest);
    text += section("objects", {"NAME", "ARCHITECTURE", "BYTES", "DIGEST"}, manifest.objects, object_row);
    text += section("programs", {"NAME", "SECTION", "TYPE", "ATTACHES TO"}, manifest.programs, program_row);
    text += section("maps", {"NAME", "TYPE", "ENTRIES", "KEY", "VALUE", "RECORDS"}, manifest.maps, map_row);
    text += types_text(manifest.types);
    text += section("settings", {"NAME", "TYPE", "PLACE", "MEANING"}, manifest.settings, setting_row);
    return text;
}

} // namespace ecc
