#include "runtime-min/code_cache.h"

#include "support/digest.h"

#include <fmt/format.h>
#include <sys/auxv.h>
#include <wasmtime.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace ecc {

namespace {

/// What this CPU can do, which compiled code makes use of.
std::string cpu_features() {
    auto features = fmt::format("{:x}-{:x}", ::getauxval(AT_HWCAP), ::getauxval(AT_HWCAP2));
#if defined(__x86_64__)
    struct Leaf {
        unsigned number, subleaf;
        bool use_b;
    };
    // EBX of leaf 1 says which CPU of the machine this is.
    for (const auto leaf :
         {Leaf{1, 0, false}, Leaf{7, 0, true}, Leaf{7, 1, true}, Leaf{0x80000001, 0, true}}) {
        unsigned a = 0, b = 0, c = 0, d = 0;
        __get_cpuid_count(leaf.number, leaf.subleaf, &a, &b, &c, &d);
        features += fmt::format("-{:x}.{:x}.{:x}.{:x}", a, leaf.use_b ? b : 0, c, d);
    }
#endif
    return features;
}

} // namespace

std::string code_cache_key(ByteView wasm) {
    const auto parts =
        fmt::format("wasmtime {} {} {}", WASMTIME_VERSION, cpu_features(), sha256_digest(wasm));
    const auto digest = sha256_digest(as_bytes(parts));
    return "code-" + digest.substr(digest.find(':') + 1);
}

std::optional<wasmtime::Module> CodeCache::find(wasmtime::Engine& engine, const std::string& key) const {
    auto code = folder_ ? folder_->read(key) : std::nullopt;
    if (!code)
        return std::nullopt;
    auto module = wasmtime::Module::deserialize(engine, *code);
    return module ? std::optional(module.ok()) : std::nullopt;
}

void CodeCache::keep(const wasmtime::Module& module, const std::string& key) const {
    if (!folder_)
        return;
    const auto code = module.serialize();
    if (code)
        (void)folder_->write(key, code.ok_ref());
}

} // namespace ecc
