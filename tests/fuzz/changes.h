// Inputs for the fuzz targets that are the same in every run: changes of real ones.
#pragma once

#include "support/bytes.h"

#include <random>

namespace ecc::fuzz {

using Random = std::mt19937;

/// 0 to `limit` - 1; 0 if that is none.
std::size_t below(Random& random, std::size_t limit);

Bytes random_bytes(Random& random, std::size_t size);

/// Calls `target` with `seed` and with `count` changes of it, most of them small.
void change(const Bytes& seed, int count, void (*target)(ByteView));

/// `rest` behind the byte that says what it is.
Bytes with_first(std::uint8_t first, ByteView rest);

} // namespace ecc::fuzz
