#include "tests/unit/package/samples.h"

#include "support/digest.h"

namespace ecc::samples {
namespace {

constexpr std::uint8_t module_bytes[] = {
    0,  'a', 's', 'm',  1,   0,    0,   0,                   // header
    1,  4,   1,   0x60, 0,   0,                              // type: () -> ()
    2,  9,   1,   3,    'e', 'n',  'v', 1,   'f', 0,   0,    // import env.f
    3,  2,   1,   0,                                         // function
    7,  10,  1,   6,    '_', 's',  't', 'a', 'r', 't', 0, 1, // export _start
    10, 4,   1,   2,    0,   0x0b,                           // code
    0,  8,   4,   'n',  'a', 'm',  'e', 0,   1,   0,         // name
};

EmbeddedObject object(std::string name, std::string architecture, std::string_view elf) {
    return {std::move(name), std::move(architecture), Bytes(elf.begin(), elf.end())};
}

} // namespace

Bytes module() {
    return {std::begin(module_bytes), std::end(module_bytes)};
}

Manifest full_manifest() {
    return {
        .name = "opensnoop",
        .version = "1.2.3",
        .license = "Dual BSD/GPL",
        .description = "files as they are opened",
        .abi = "ecc_bpf_v1",
        .build = {.tool = "ecc 0.1.0",
                  .llvm = "22.1.8",
                  .libbpf = "1.7.0",
                  .inputs = {{"opensnoop.bpf.c", sha256_digest(as_bytes("source"))}},
                  .btf_digest = sha256_digest(as_bytes("btf"))},
        .objects = {{"opensnoop_bpf", "x86", sha256_digest(as_bytes("elf")), 3}},
        .programs = {{"enter", "tracepoint/syscalls/sys_enter_openat", "tracepoint",
                      "syscalls/sys_enter_openat"}},
        .maps = {{"rb", "ringbuf", 1, 2, 4096, 3, "unsigned int", "struct event", {"struct event"}}},
        .types = {{"struct event", 12, 4, {{"pid", "int32_t", 0, 32}, {"comm", "char[8]", 32, 64}}}},
        .settings = {{"target_pid", "int32_t", ".rodata", 8, 4, "only this process"}},
        .permissions = {"observe"},
        .features = {"btf", "ringbuf"},
    };
}

Package package() {
    Package package{
        .manifest = full_manifest(),
        .objects = {object("opensnoop_bpf", "x86",
                           "\x7f"
                           "ELF for x86"),
                    object("opensnoop_bpf", "arm64",
                           "\x7f"
                           "ELF for arm64")},
        .btf = Bytes{0x9f, 0xeb, 1, 0},
    };
    package.manifest.objects.clear();
    for (const EmbeddedObject& o : package.objects)
        package.manifest.objects.push_back({o.name, o.architecture, sha256_digest(o.elf), o.elf.size()});
    return package;
}

Bytes package_bytes() {
    return write_package(module(), package()).value();
}

Bytes custom_section(std::string_view name, ByteView payload) {
    ByteWriter content;
    content.name(name);
    content.put(payload);
    ByteWriter section;
    section.u8(0);
    section.leb_u32(static_cast<std::uint32_t>(content.bytes().size()));
    section.put(content.bytes());
    return section.finish();
}

Bytes join(std::initializer_list<ByteView> parts) {
    Bytes all;
    for (ByteView part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

} // namespace ecc::samples
