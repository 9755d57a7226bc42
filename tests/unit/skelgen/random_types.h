// Random C types, of all that C can say, with values for some members: input for what must hold of any
// program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ecc::testing {

struct KnownMember {
    std::string name;
    std::int64_t value = 0; ///< of what the member is set to; the bits of an unsigned one
};

struct RandomRecord {
    std::string name; ///< the tag
    bool is_union = false;
    std::vector<KnownMember> known; ///< integers, enumerations, truth values and pointers, bitfields too
    std::string initializer;        ///< "{ .m0 = 5, .m1 = P(7) }"; P is a cast to a pointer
};

struct RandomTypes {
    std::string definitions; ///< after tests/golden/bpf_base.h
    std::vector<RandomRecord> records;
};

/// The same for the same seed on every machine.
RandomTypes random_types(std::uint64_t seed, std::size_t count);

} // namespace ecc::testing
