// Names, types and bitfield expressions as Rust writes them. Private to skelgen.
#pragma once

#include "skelgen/plain_names.h"

namespace ecc {

/// `name` as a field, function or constant: keywords become raw identifiers (`r#type`).
std::string rust_identifier(std::string_view name);

/// `name` as a type, in CamelCase and apart from the names of Rust's prelude.
std::string rust_type_identifier(std::string_view name);

/// A string literal with its quotes.
std::string rust_string(std::string_view text);

/// What text that was written needs from the fixed part of the template.
struct RustUses {
    bool boolean = false, pointer = false, wide = false, text = false, padding = false, bits = false,
         place = false, copy = false;
};

class RustSpelling {
public:
    /// `path` stands before names of generated types: "types::".
    RustSpelling(const LayoutSet& layouts, const PlainNames& names, std::string_view path)
        : layouts_(layouts), names_(names), path_(path) {}

    /// "[[u16; 3]; 2]", "Ptr<TaskStruct>"; notes what it uses.
    std::string type(const PlainType& type, RustUses& uses) const;
    /// The same of one element.
    std::string element(const PlainType& type, RustUses& uses, unsigned depth = 0) const;
    /// "u32" for what is an integer in Rust's eyes too.
    static std::string integer(std::uint64_t size, bool is_signed);
    /// What a bitfield's value is: an integer, `bool` or an enumeration.
    std::string bit_value_type(const PlainType& type) const;
    /// Its value, read from `field`, whose first bit is bit `first` of `self.field`.
    std::string read_bits(const PlainAccessor& bits, const std::string& field, std::uint64_t first) const;
    /// What it is as a number with all its bits set.
    static std::string all_bits_set(const PlainAccessor& bits);

private:
    std::string named(std::string_view name) const { return std::string(path_) + std::string(name); }
    bool is_named(TypeId type) const { return names_.contains(type); }
    std::string pointer(TypeId pointee, RustUses& uses, unsigned depth) const;

    const LayoutSet& layouts_;
    const PlainNames& names_;
    std::string_view path_;
};

} // namespace ecc
