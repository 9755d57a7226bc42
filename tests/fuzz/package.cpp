// The readers of everything that somebody else made and that is read before anything of it runs. What is left
// out is libbpf's own reader of ELF files, which ecc-run keeps in a confined process.
#include "packager/package/package.h"
#include "packager/package/elf_scan.h"
#include "packager/package/object_rules.h"
#include "packager/package/signed_manifest.h"
#include "packager/package/sigstore_bundle.h"
#include "packager/package/wasm_module.h"
#include "runtime-min/guest_module.h"
#include "runtime-min/libbpf_log.h"
#include "runtime-min/policy.h"
#include "tests/fuzz/targets.h"

#include <cstdlib>

namespace ecc::fuzz {

namespace {

const std::string where = "fuzz";

/// Nobody has kept the private half.
constexpr std::string_view public_key = "-----BEGIN PUBLIC KEY-----\n"
                                        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcNc6YtcqFhCdAfpWWJV17kA1wBgb\n"
                                        "d2o3xGChb0llFPP5SRIiQRwktgokP4VsaBVmX+dKB5t7X9EPp97awNPuIg==\n"
                                        "-----END PUBLIC KEY-----\n";

void require(bool condition) {
    if (!condition)
        std::abort();
}

void require_input_error(const auto& result) {
    require(result || result.error().fault == Fault::input);
}

void read_manifest(ByteView json) {
    const auto manifest = manifest_from_json(as_text(json), where);
    require_input_error(manifest);
    // What is accepted is written again and means the same.
    if (manifest)
        require(manifest_from_json(manifest_to_json(*manifest), where) == *manifest);
}

void read_object(ByteView elf) {
    const auto scan = scan_elf(elf, where);
    require_input_error(scan);
    LibbpfLog log;
    const LibbpfLogScope scope(log);
    if (scan)
        require_input_error(check_object(*scan, where));
}

void read_module(ByteView wasm) {
    require_input_error(wasm_sections(wasm, where));
    require_input_error(wasm_imports(wasm, where));
    require_input_error(inspect_module(wasm, where));
    const auto package = read_package(wasm, where);
    require_input_error(package);
    if (!package)
        return;
    for (const auto& object : package->objects)
        read_object(object.elf);
}

/// The manifest of a package is behind a digest of nothing, so it can be changed at will.
void read_package_with_manifest(ByteView json) {
    static constexpr std::uint8_t empty_module[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    ByteWriter content, wasm;
    content.name("ecc.package");
    content.put(json);
    wasm.put(empty_module);
    wasm.u8(0);
    wasm.leb_u32(static_cast<std::uint32_t>(content.bytes().size()));
    wasm.put(content.bytes());
    read_module(wasm.bytes());
}

void read_signature(ByteView bundle) {
    static const auto owner = PublicKey::parse(public_key, where).value();
    const std::string digest = "sha256:" + std::string(64, '0');
    require(!verify_bundle(as_text(bundle), owner, digest));
}

/// Signed by somebody, perhaps, but never by this owner.
void read_signed_manifest(ByteView text) {
    static const auto owner = PublicKey::parse(public_key, where).value();
    const auto manifest = signed_manifest_from_json(as_text(text), where);
    require_input_error(manifest);
    if (!manifest)
        return;
    const std::string written = signed_manifest_to_json(*manifest);
    const auto again = signed_manifest_from_json(written, where);
    require(again && signed_manifest_to_json(*again) == written);
    require_input_error(check_leads_to(*manifest, "sha256:" + std::string(64, '0'), where));
    require(!verify_signatures(*manifest, owner, where));
}

void read_policy_text(ByteView toml) {
    require_input_error(parse_policy(as_text(toml), where));
}

constexpr void (*readers[])(ByteView) = {read_module,         read_manifest,  read_package_with_manifest,
                                         read_object,         read_signature, read_policy_text,
                                         read_signed_manifest};

} // namespace

void package(ByteView input) {
    if (!input.empty())
        readers[input[0] % std::size(readers)](input[0] == 0 ? input : input.subspan(1));
}

} // namespace ecc::fuzz
