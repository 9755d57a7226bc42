#include "runtime-min/wasi_passage.h"

namespace ecc {

namespace {

/// (module
///   (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
///   (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
///   (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
///   (import "" "memory" (memory 0))
///   (export "memory" (memory 0))
///   (func (export "fd_write") (param i32 i32 i32 i32) (result i32)
///     (call $write (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
///   (func (export "fd_renumber") (param i32 i32) (result i32)
///     (call $renumber (local.get 0) (local.get 1)))
///   (func (export "fd_close") (param i32) (result i32)
///     (call $close (local.get 0))))
constexpr std::uint8_t passage_module[] = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x14, 0x03, 0x60, 0x04, 0x7f, 0x7f, 0x7f, 0x7f,
    0x01, 0x7f, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f, 0x60, 0x01, 0x7f, 0x01, 0x7f, 0x02, 0x75, 0x04, 0x16,
    0x77, 0x61, 0x73, 0x69, 0x5f, 0x73, 0x6e, 0x61, 0x70, 0x73, 0x68, 0x6f, 0x74, 0x5f, 0x70, 0x72, 0x65,
    0x76, 0x69, 0x65, 0x77, 0x31, 0x08, 0x66, 0x64, 0x5f, 0x77, 0x72, 0x69, 0x74, 0x65, 0x00, 0x00, 0x16,
    0x77, 0x61, 0x73, 0x69, 0x5f, 0x73, 0x6e, 0x61, 0x70, 0x73, 0x68, 0x6f, 0x74, 0x5f, 0x70, 0x72, 0x65,
    0x76, 0x69, 0x65, 0x77, 0x31, 0x0b, 0x66, 0x64, 0x5f, 0x72, 0x65, 0x6e, 0x75, 0x6d, 0x62, 0x65, 0x72,
    0x00, 0x01, 0x16, 0x77, 0x61, 0x73, 0x69, 0x5f, 0x73, 0x6e, 0x61, 0x70, 0x73, 0x68, 0x6f, 0x74, 0x5f,
    0x70, 0x72, 0x65, 0x76, 0x69, 0x65, 0x77, 0x31, 0x08, 0x66, 0x64, 0x5f, 0x63, 0x6c, 0x6f, 0x73, 0x65,
    0x00, 0x02, 0x00, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00, 0x00, 0x03, 0x04, 0x03, 0x00,
    0x01, 0x02, 0x07, 0x2e, 0x04, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00, 0x08, 0x66, 0x64,
    0x5f, 0x77, 0x72, 0x69, 0x74, 0x65, 0x00, 0x03, 0x0b, 0x66, 0x64, 0x5f, 0x72, 0x65, 0x6e, 0x75, 0x6d,
    0x62, 0x65, 0x72, 0x00, 0x04, 0x08, 0x66, 0x64, 0x5f, 0x63, 0x6c, 0x6f, 0x73, 0x65, 0x00, 0x05, 0x0a,
    0x1e, 0x03, 0x0c, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0x20, 0x03, 0x10, 0x00, 0x0b, 0x08, 0x00,
    0x20, 0x00, 0x20, 0x01, 0x10, 0x01, 0x0b, 0x06, 0x00, 0x20, 0x00, 0x10, 0x02, 0x0b,
};

} // namespace

Result<WasiPassage> WasiPassage::open(wasmtime::Engine& engine, wasmtime::Store::Context store,
                                      const wasmtime::Memory& memory) {
    const wasmtime::Span<std::uint8_t> code(const_cast<std::uint8_t*>(passage_module), sizeof passage_module);
    auto module = wasmtime::Module::compile(engine, code);
    if (!module)
        return environment_error("", "cannot compile the passage to WASI: " + module.err().message());
    wasmtime::Linker linker(engine);
    if (auto wasi = linker.define_wasi(); !wasi)
        return environment_error("", "cannot define WASI: " + wasi.err().message());
    if (auto defined = linker.define(store, "", "memory", memory); !defined)
        return environment_error("", "cannot pass the memory on: " + defined.err().message());
    auto instance = linker.instantiate(store, module.ok_ref());
    if (!instance)
        return environment_error("", "cannot make the passage to WASI: " + instance.err().message());
    return WasiPassage(instance.ok());
}

WasiPassage::Outcome WasiPassage::call(wasmtime::Store::Context store, const char* name,
                                       const std::vector<wasmtime::Val>& arguments) const {
    auto exported = wasmtime::Instance(instance_).get(store, name);
    auto results = std::get<wasmtime::Func>(exported.value()).call(store, arguments);
    if (results)
        return results.ok_ref().front().i32();
    auto error = results.err();
    if (auto* trap = std::get_if<wasmtime::Trap>(&error.data))
        return std::move(*trap);
    return wasmtime::Trap(error.message());
}

WasiPassage::Outcome WasiPassage::fd_write(wasmtime::Store::Context store, std::uint32_t fd,
                                           std::uint32_t parts, std::uint32_t count,
                                           std::uint32_t written) const {
    return call(store, "fd_write",
                {static_cast<std::int32_t>(fd), static_cast<std::int32_t>(parts),
                 static_cast<std::int32_t>(count), static_cast<std::int32_t>(written)});
}

WasiPassage::Outcome WasiPassage::fd_renumber(wasmtime::Store::Context store, std::uint32_t from,
                                              std::uint32_t to) const {
    return call(store, "fd_renumber", {static_cast<std::int32_t>(from), static_cast<std::int32_t>(to)});
}

WasiPassage::Outcome WasiPassage::fd_close(wasmtime::Store::Context store, std::uint32_t fd) const {
    return call(store, "fd_close", {static_cast<std::int32_t>(fd)});
}

} // namespace ecc
