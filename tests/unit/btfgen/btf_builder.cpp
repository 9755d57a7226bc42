#include "tests/unit/btfgen/btf_builder.h"

namespace ecc::testing {

int BtfBuilder::array(int element, std::uint32_t count) {
    if (index_ == 0)
        index_ = integer("__ARRAY_SIZE_TYPE__", 4);
    return btf__add_array(get(), index_, element, count);
}

int BtfBuilder::add_record(int id, const std::vector<BtfMember>& members) {
    for (const BtfMember& member : members)
        btf__add_field(get(), member.name.c_str(), member.type, member.offset_bits, member.bits);
    return id;
}

Bytes BtfBuilder::blob() const {
    std::uint32_t size = 0;
    const auto* data = static_cast<const std::uint8_t*>(btf__raw_data(btf_.get(), &size));
    return Bytes(data, data + size);
}

void patch_u32(Bytes& blob, std::size_t offset, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i)
        blob.at(offset + i) = static_cast<std::uint8_t>(value >> (8 * i));
}

} // namespace ecc::testing
