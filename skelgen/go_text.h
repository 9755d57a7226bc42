// Names, types and bitfield expressions as Go writes them. Private to skelgen.
#pragma once

#include "skelgen/plain_names.h"

namespace ecc {

/// A package's name: small letters and digits.
std::string go_package(std::string_view name);

/// "OutcomeOpened" for OPENED of Outcome (`enum outcome`), "BpfMapTypeHash" for BPF_MAP_TYPE_HASH of
/// BpfMapType, "ProtoUdp" for PROTO_UDP of ProtoT (`proto_t`).
std::string go_constant(std::string_view type, std::string_view c_name, std::string_view enumerator);

/// A string literal with its quotes.
std::string go_string(std::string_view text);

/// What text that was written needs from the fixed part of the template.
struct GoUses {
    bool boolean = false, pointer = false, wide = false, bits = false, place = false, copy = false;
};

class GoSpelling {
public:
    GoSpelling(const LayoutSet& layouts, const PlainNames& names) : layouts_(layouts), names_(names) {}

    /// "[2][3]uint16", "Ptr[TaskStruct]"; notes what it uses.
    std::string type(const PlainType& type, GoUses& uses, unsigned depth = 0) const;
    std::string element(const PlainType& type, GoUses& uses, unsigned depth = 0) const;
    static std::string integer(std::uint64_t size, bool is_signed);
    /// What a bitfield's value is: an integer, `bool` or an enumeration.
    std::string bit_value_type(const PlainType& type, GoUses& uses) const;
    /// Its value, read from `field`, whose bit `first` is its first one.
    std::string read_bits(const PlainAccessor& bits, const std::string& field, std::uint64_t first,
                          GoUses& uses) const;

private:
    std::string pointer(TypeId pointee, GoUses& uses, unsigned depth) const;

    const LayoutSet& layouts_;
    const PlainNames& names_;
};

} // namespace ecc
