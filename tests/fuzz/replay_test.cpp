// The fuzz targets on inputs that are the same in every run: changes of real ones, and random calls.
// libFuzzer goes further, but not in every run of the tests.
#include "support/files.h"
#include "tests/fuzz/changes.h"
#include "tests/fuzz/targets.h"
#include "tests/unit/runtime/guest_process.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ecc::fuzz {
namespace {

/// The content of the first custom section of that name.
Bytes section(ByteView wasm, std::string_view name) {
    const auto text = as_text(wasm);
    const auto at = text.find(name) + name.size();
    return {wasm.begin() + static_cast<std::ptrdiff_t>(at), wasm.end()};
}

TEST(FuzzReplay, packages) {
    change(test::packaged("plain.wasm", {"events"}), 2000, package);
    change(test::packaged("old.wasm", {}), 500, package);
}

TEST(FuzzReplay, manifests) {
    const auto wasm = test::packaged("plain.wasm", {"events", "acting"});
    const auto rest = section(wasm, "ecc.package");
    const Bytes json(rest.begin(), std::ranges::find(rest, 0)); // JSON has no byte of 0, the next section has
    for (const std::uint8_t first : {1, 2})
        change(with_first(first, json), 2000, package);
}

TEST(FuzzReplay, objects) {
    for (const auto* object : {"events.bpf.o", "congestion.bpf.o"})
        change(with_first(3, test::guest_bytes(object)), 3000, package);
}

TEST(FuzzReplay, policies) {
    constexpr std::string_view policy = R"(version = 1
[allow]
act = true
env = ["TERM", "LANG"]
[only]
permissions = ["act"]
hooks = ["tp/*"]
[limits]
memory = "256M"
cpu = "10m"
[[package]]
digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
allow = { files = ["/srv:rw"] }
)";
    change(with_first(5, as_bytes(policy)), 3000, package);
}

TEST(FuzzReplay, policies_of_signers) {
    constexpr std::string_view policy = R"(version = 1
[only]
signers = ["me"]
[[signer]]
name = "me"
key = """
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEcNc6YtcqFhCdAfpWWJV17kA1wBgb
d2o3xGChb0llFPP5SRIiQRwktgokP4VsaBVmX+dKB5t7X9EPp97awNPuIg==
-----END PUBLIC KEY-----
"""
allow = { act = true }
)";
    change(with_first(5, as_bytes(policy)), 2000, package);
}

TEST(FuzzReplay, signed_manifests) {
    // A manifest with a layer application/wasm, in base64, and a bundle with nothing in its envelope.
    constexpr std::string_view text =
        R"({"mediaType":"application/vnd.ecc.signed-manifest.v1+json","manifests":[)"
        R"("eyJsYXllcnMiOlt7ImRpZ2VzdCI6InNoYTI1NjowMCIsIm1lZGlhVHlwZSI6ImFwcGxpY2F0aW9uL3dhc20ifV19"],)"
        R"("signatures":[{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":)"
        R"({"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"AA=="}]}}]})";
    change(with_first(6, as_bytes(text)), 2000, package);
}

TEST(FuzzReplay, btf) {
    const auto elf = test::guest_bytes("events.bpf.o");
    // What the target takes is a section of it; its magic number is 0xeb9f, then version 1 and no flags.
    const auto start = std::ranges::search(elf, Bytes{0x9f, 0xeb, 1, 0}).begin();
    ASSERT_NE(start, elf.end());
    change(Bytes(start, elf.end()), 60, btf_text);
}

TEST(FuzzReplay, host_calls) {
    for (unsigned i = 0; i < 300; ++i) {
        Random random(i);
        SCOPED_TRACE(i);
        host_calls(random_bytes(random, 64 + below(random, 512)));
    }
}

} // namespace
} // namespace ecc::fuzz
