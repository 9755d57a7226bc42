#include "tests/fuzz/call_module.h"

namespace ecc::fuzz {

namespace {

// WebAssembly core specification, 5.4 and 5.5.
enum Section : std::uint8_t {
    types = 1,
    imports,
    functions,
    tables,
    memories,
    exports = 7,
    elements = 9,
    code
};
enum Kind : std::uint8_t { function_kind = 0, table_kind, memory_kind };
constexpr std::uint8_t funcref = 0x70, function_type = 0x60, end = 0x0b, unreachable = 0x00, call = 0x10,
                       drop = 0x1a, local_get = 0x20, memory_grow = 0x40, i32_const = 0x41;

struct Body {
    bool is_callback;
    Bytes instructions;
};

const Body table_bodies[] = {{true, {i32_const, 0}},
                             {true, {i32_const, 0x7f}}, // -1
                             {true, {unreachable}},
                             {true, {i32_const, 1, memory_grow, 0, drop, i32_const, 0}},
                             {false, {}}};
constexpr auto body_count = static_cast<std::uint32_t>(std::size(table_bodies));

std::uint32_t size32(const auto& container) {
    return static_cast<std::uint32_t>(container.size());
}

void put_sized(ByteWriter& out, ByteView bytes) {
    out.leb_u32(size32(bytes));
    out.put(bytes);
}

void put_section(ByteWriter& out, Section id, const ByteWriter& content) {
    out.u8(id);
    put_sized(out, content.bytes());
}

void put_type(ByteWriter& out, ByteView parameters, ByteView results) {
    out.u8(function_type);
    put_sized(out, parameters);
    put_sized(out, results);
}

ByteWriter type_section(const std::vector<HostFunction>& hosts) {
    ByteWriter out;
    out.leb_u32(size32(hosts) + 2);
    for (const auto& host : hosts)
        put_type(out, host.parameters, host.results);
    put_type(out, Bytes{i32, i32, i32}, Bytes{i32});
    put_type(out, {}, {});
    return out;
}

ByteWriter import_section(const std::vector<HostFunction>& hosts) {
    ByteWriter out;
    out.leb_u32(size32(hosts));
    for (std::uint32_t i = 0; i < hosts.size(); ++i) {
        out.name(hosts[i].module);
        out.name(hosts[i].name);
        out.u8(function_kind);
        out.leb_u32(i);
    }
    return out;
}

ByteWriter function_section(std::uint32_t hosts) {
    ByteWriter out;
    out.leb_u32(hosts + body_count);
    for (std::uint32_t i = 0; i < hosts; ++i)
        out.leb_u32(i);
    for (const auto& body : table_bodies)
        out.leb_u32(hosts + (body.is_callback ? 0 : 1));
    return out;
}

ByteWriter export_section(std::uint32_t hosts) {
    ByteWriter out;
    const auto put = [&](std::string_view name, Kind kind, std::uint32_t index) {
        out.name(name);
        out.u8(kind);
        out.leb_u32(index);
    };
    out.leb_u32(hosts + 3);
    put("memory", memory_kind, 0);
    put("__indirect_function_table", table_kind, 0);
    put("go-callback", function_kind, 2 * hosts);
    for (std::uint32_t i = 0; i < hosts; ++i)
        put(std::to_string(i), function_kind, hosts + i);
    return out;
}

ByteWriter element_section(std::uint32_t first_function) {
    ByteWriter out;
    for (const std::uint8_t byte : {std::uint8_t{1}, std::uint8_t{0}, i32_const, std::uint8_t{1}, end})
        out.u8(byte);
    out.leb_u32(body_count);
    for (std::uint32_t i = 0; i < body_count; ++i)
        out.leb_u32(first_function + i);
    return out;
}

void put_body(ByteWriter& out, const ByteWriter& instructions) {
    ByteWriter body;
    body.u8(0); // no locals
    body.put(instructions.bytes());
    body.u8(end);
    put_sized(out, body.bytes());
}

ByteWriter code_section(const std::vector<HostFunction>& hosts) {
    ByteWriter out;
    out.leb_u32(size32(hosts) + body_count);
    for (std::uint32_t i = 0; i < hosts.size(); ++i) {
        ByteWriter instructions;
        for (std::uint32_t parameter = 0; parameter < hosts[i].parameters.size(); ++parameter) {
            instructions.u8(local_get);
            instructions.leb_u32(parameter);
        }
        instructions.u8(call);
        instructions.leb_u32(i);
        put_body(out, instructions);
    }
    for (const auto& body : table_bodies) {
        ByteWriter instructions;
        instructions.put(body.instructions);
        put_body(out, instructions);
    }
    return out;
}

ByteWriter one(std::initializer_list<std::uint8_t> description) {
    ByteWriter out;
    out.leb_u32(1);
    for (const auto byte : description)
        out.u8(byte);
    return out;
}

} // namespace

Bytes call_module(const std::vector<HostFunction>& hosts) {
    const auto count = size32(hosts);
    ByteWriter out;
    out.put(as_bytes({"\0asm\1\0\0\0", 8}));
    put_section(out, types, type_section(hosts));
    put_section(out, imports, import_section(hosts));
    put_section(out, functions, function_section(count));
    put_section(out, tables, one({funcref, 0, body_count + 1}));
    put_section(out, memories, one({1, call_module_pages, 2 * call_module_pages - 1}));
    put_section(out, exports, export_section(count));
    put_section(out, elements, element_section(2 * count));
    put_section(out, code, code_section(hosts));
    return out.finish();
}

} // namespace ecc::fuzz
