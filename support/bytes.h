// Byte strings and a bounded little-endian reader and writer, with the LEB128 numbers that Wasm uses.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecc {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads forward through hostile bytes. A read past the end returns zero or nothing and makes the reader fail for
/// good, so that a parser may read a whole header and then ask `ok()` once.
class ByteReader {
public:
    explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

    bool ok() const { return ok_; }
    bool at_end() const { return position_ == bytes_.size(); }
    std::size_t position() const { return position_; }
    std::size_t remaining() const { return bytes_.size() - position_; }

    std::uint8_t u8();
    std::uint32_t u32();
    /// Unsigned LEB128 of at most 32 bits (WebAssembly core specification, 5.2.2).
    std::uint32_t leb_u32();
    ByteView take(std::size_t count);
    /// A Wasm name: LEB128 length, then that many bytes (core specification, 5.2.4).
    std::string_view name();
    /// A reader of the next `count` bytes, which this one skips.
    ByteReader sub(std::size_t count);

private:
    ByteView bytes_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

class ByteWriter {
public:
    void u8(std::uint8_t value) { bytes_.push_back(value); }
    void u32(std::uint32_t value);
    void leb_u32(std::uint32_t value);
    void put(ByteView bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
    void name(std::string_view text);

    const Bytes& bytes() const { return bytes_; }
    Bytes finish() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

} // namespace ecc
