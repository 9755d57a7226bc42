// BTF blobs for tests, written by libbpf.
#pragma once

#include "support/bytes.h"

#include <bpf/btf.h>
#include <memory>
#include <string>
#include <vector>

namespace ecc::testing {

struct BtfMember {
    std::string name;
    int type = 0;
    std::uint32_t offset_bits = 0;
    std::uint32_t bits = 0; // of a bitfield
};

class BtfBuilder {
public:
    BtfBuilder() : btf_(btf__new_empty(), btf__free) {}
    /// Of split BTF, which adds to what `base` has by then.
    explicit BtfBuilder(BtfBuilder& base) : btf_(btf__new_empty_split(base.get()), btf__free) {}

    /// libbpf's own calls for what needs no shorthand.
    btf* get() { return btf_.get(); }

    int integer(const char* name, std::size_t size, int encoding = 0) {
        return btf__add_int(get(), name, size, encoding);
    }
    int u8() { return integer("unsigned char", 1); }
    int u32() { return integer("unsigned int", 4); }
    int u64() { return integer("unsigned long long", 8); }
    int character() { return integer("char", 1, BTF_INT_SIGNED); }
    int array(int element, std::uint32_t count);
    int record(const char* name, std::uint32_t size, const std::vector<BtfMember>& members) {
        return add_record(btf__add_struct(get(), name, size), members);
    }
    int union_of(const char* name, std::uint32_t size, const std::vector<BtfMember>& members) {
        return add_record(btf__add_union(get(), name, size), members);
    }

    Bytes blob() const;

private:
    int add_record(int id, const std::vector<BtfMember>& members);

    std::unique_ptr<btf, decltype(&btf__free)> btf_;
    int index_ = 0; // the type of array indices
};

/// A 32-bit number of the blob, for making it wrong.
void patch_u32(Bytes& blob, std::size_t offset, std::uint32_t value);

/// Where the type section starts in a blob of libbpf's.
inline constexpr std::size_t first_type = sizeof(btf_header);

} // namespace ecc::testing
