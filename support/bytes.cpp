#include "support/bytes.h"

namespace ecc {

ByteView ByteReader::take(std::size_t count) {
    if (!ok_ || count > remaining()) {
        ok_ = false;
        return {};
    }
    auto taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
}

std::uint8_t ByteReader::u8() {
    auto b = take(1);
    return b.empty() ? 0 : b[0];
}

std::uint32_t ByteReader::u32() {
    auto b = take(4);
    if (b.empty())
        return 0;
    return b[0] | std::uint32_t{b[1]} << 8 | std::uint32_t{b[2]} << 16 | std::uint32_t{b[3]} << 24;
}

std::uint32_t ByteReader::leb_u32() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        std::uint8_t b = u8();
        if (shift == 28 && (b & 0xf0) != 0)
            break; // more than 32 bits
        value |= std::uint32_t{b & 0x7fu} << shift;
        if ((b & 0x80) == 0)
            return ok_ ? value : 0;
    }
    ok_ = false;
    return 0;
}

std::string_view ByteReader::name() {
    return as_text(take(leb_u32()));
}

ByteReader ByteReader::sub(std::size_t count) {
    ByteReader inner(take(count));
    inner.ok_ = ok_;
    return inner;
}

void ByteWriter::u32(std::uint32_t value) {
    for (unsigned shift = 0; shift < 32; shift += 8)
        u8(static_cast<std::uint8_t>(value >> shift));
}

void ByteWriter::leb_u32(std::uint32_t value) {
    while (value >= 0x80) {
        u8(static_cast<std::uint8_t>(value | 0x80));
        value >>= 7;
    }
    u8(static_cast<std::uint8_t>(value));
}

void ByteWriter::name(std::string_view text) {
    leb_u32(static_cast<std::uint32_t>(text.size()));
    put(as_bytes(text));
}

} // namespace ecc
