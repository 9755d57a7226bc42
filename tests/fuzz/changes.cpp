#include "tests/fuzz/changes.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace ecc::fuzz {

std::size_t below(Random& random, std::size_t limit) {
    return limit == 0 ? 0 : random() % limit;
}

Bytes random_bytes(Random& random, std::size_t size) {
    Bytes bytes(size);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random());
    return bytes;
}

namespace {

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

} // namespace

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

} // namespace ecc::fuzz
