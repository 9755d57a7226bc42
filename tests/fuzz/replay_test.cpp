// The fuzz targets on inputs that are the same in every run: changes of real ones, and random calls.
// libFuzzer goes further, but not in every run of the tests.
#include "support/files.h"
#include "tests/fuzz/targets.h"
#include "tests/unit/runtime/guest_process.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace ecc::fuzz {
namespace {

using Random = std::mt19937;

std::size_t below(Random& random, std::size_t limit) {
    return limit == 0 ? 0 : random() % limit;
}

Bytes random_bytes(Random& random, std::size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return bytes;
}

void change_a_bit(Random& random, Bytes& bytes) {
    if (!bytes.empty())
        bytes[below(random, bytes.size())] ^= static_cast<std::uint8_t>(1u << below(random, 8));
}

void put_an_extreme_number(Random& random, Bytes& bytes) {
    static constexpr std::uint8_t extremes[] = {0, 1, 0x7f, 0x80, 0xff};
    const auto at = below(random, bytes.size()), size = std::min<std::size_t>(4, bytes.size() - at);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size,
                extremes[below(random, std::size(extremes))]);
}

void cut_off(Random& random, Bytes& bytes) {
    bytes.resize(below(random, bytes.size() + 1));
}

void repeat_a_part(Random& random, Bytes& bytes) {
    const auto from = below(random, bytes.size()),
               size = below(random, std::min<std::size_t>(256, bytes.size() - from));
    const Bytes part(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                     bytes.begin() + static_cast<std::ptrdiff_t>(from + size));
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(random, bytes.size())), part.begin(),
                 part.end());
}

constexpr void (*changes[])(Random&, Bytes&) = {change_a_bit, put_an_extreme_number, cut_off, repeat_a_part};

/// Calls `target` with `count` changes of `seed`, most of them small.
void change(const Bytes& seed, int count, void (*target)(ByteView)) {
    target(seed);
    for (int i = 0; i < count; ++i) {
        Random random(static_cast<unsigned>(i));
        auto bytes = seed;
        for (auto left = 1 + below(random, 4); left > 0; --left)
            changes[below(random, std::size(changes))](random, bytes);
        SCOPED_TRACE(i);
        target(bytes);
    }
}

Bytes with_first(std::uint8_t first, ByteView rest) {
    Bytes bytes{first};
    bytes.insert(bytes.end(), rest.begin(), rest.end());
    return bytes;
}

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
