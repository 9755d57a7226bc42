#include "support/bytes.h"

#include <gtest/gtest.h>

namespace ecc {
namespace {

TEST(ByteReader, ReadsLittleEndian) {
    const Bytes bytes = {0x78, 0x56, 0x34, 0x12, 0xff};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.u32(), 0x12345678u);
    EXPECT_EQ(reader.u8(), 0xffu);
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(reader.at_end());
}

TEST(ByteReader, FailsForGoodAfterAReadPastTheEnd) {
    const Bytes bytes = {1, 2, 3};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.u32(), 0u);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.u8(), 0u);
    EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, RefusesALengthLargerThanWhatIsLeft) {
    const Bytes bytes = {0xff, 0xff, 0xff, 0xff, 0x0f, 'x'};
    ByteReader reader(bytes);
    EXPECT_TRUE(reader.name().empty());
    EXPECT_FALSE(reader.ok());
}

TEST(ByteReader, SubReaderEndsWhereItWasToldTo) {
    const Bytes bytes = {1, 2, 3};
    ByteReader reader(bytes);
    ByteReader inner = reader.sub(2);
    inner.take(2);
    EXPECT_TRUE(inner.at_end());
    inner.u8();
    EXPECT_FALSE(inner.ok());
    EXPECT_EQ(reader.u8(), 3);
    EXPECT_TRUE(reader.ok());
}

struct LebCase {
    Bytes bytes;
    std::uint32_t value;
    bool ok;
};

class Leb : public testing::TestWithParam<LebCase> {};

TEST_P(Leb, DecodesOrFails) {
    ByteReader reader(GetParam().bytes);
    EXPECT_EQ(reader.leb_u32(), GetParam().value);
    EXPECT_EQ(reader.ok(), GetParam().ok);
}

INSTANTIATE_TEST_SUITE_P(Cases, Leb,
                         testing::Values(LebCase{{0x00}, 0, true}, LebCase{{0x7f}, 127, true},
                                         LebCase{{0x80, 0x01}, 128, true},
                                         LebCase{{0xff, 0xff, 0xff, 0xff, 0x0f}, 0xffffffffu, true},
                                         LebCase{{0x80, 0x00}, 0, true}, // padded, as linkers write it
                                         LebCase{{0xff, 0xff, 0xff, 0xff, 0x1f}, 0, false}, // 33 bits
                                         LebCase{{0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, 0, false},
                                         LebCase{{0x80}, 0, false}, LebCase{{}, 0, false}));

TEST(ByteWriter, WritesWhatTheReaderReads) {
    ByteWriter writer;
    writer.leb_u32(300);
    writer.u32(0xdeadbeef);
    writer.name("ecc.bpf");
    const Bytes bytes = writer.finish();
    ByteReader reader(bytes);
    EXPECT_EQ(reader.leb_u32(), 300u);
    EXPECT_EQ(reader.u32(), 0xdeadbeefu);
    EXPECT_EQ(reader.name(), "ecc.bpf");
    EXPECT_TRUE(reader.ok() && reader.at_end());
}

} // namespace
} // namespace ecc
