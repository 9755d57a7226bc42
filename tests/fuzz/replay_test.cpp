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
    change(with_first(3, test::guest_bytes("events.bpf.o")), 3000, package);
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
