#include "btfgen/layout_difference.h"

#include <fmt/format.h>
#include <set>

namespace ecc {
namespace {

// Types nest by value, so far deeper than any source does.
constexpr int depth_limit = 64;

std::string place(std::uint32_t offset_bits) {
    return offset_bits % 8 == 0 ? fmt::format("byte {}", offset_bits / 8)
                                : fmt::format("bit {}", offset_bits);
}

std::string member_of(const std::string& record, const std::string& name) {
    return name.empty() ? "an unnamed member of " + record : fmt::format("member '{}' of {}", name, record);
}

std::string called(const std::string& name) {
    return name.empty() ? "unnamed" : fmt::format("called '{}'", name);
}

class Comparison {
public:
    Comparison(const TypeIn& one, const TypeIn& other)
        : one_(one.layouts), other_(other.layouts), one_name_(one.name), other_name_(other.name) {}

    std::optional<std::string> types(TypeId one, TypeId other, const std::string& name, int depth) {
        one = one_.graph.resolve(one);
        other = other_.graph.resolve(other);
        const RecordLayout* left = one_.of(one);
        const RecordLayout* right = other_.of(other);
        const bool both = left != nullptr && right != nullptr && depth != depth_limit;
        if (both && seen_.insert({one, other}).second) // the member before the size that it changes
            if (auto difference = records(*left, *right, depth + 1))
                return difference;
        if (one_.size_of(one) != other_.size_of(other))
            return differ(name + " has", fmt::format("{} bytes", one_.size_of(one)), other_.size_of(other));
        if (scalar_kind(one_.graph, one) != scalar_kind(other_.graph, other))
            return fmt::format("{} has another kind of type for {}", name, other_name_);
        const Type& first = one_.graph.at(one);
        const Type& second = other_.graph.at(other);
        if (depth < depth_limit && first.kind == TypeKind::array && second.kind == TypeKind::array)
            return types(first.target, second.target, "an element of " + name, depth + 1);
        return std::nullopt;
    }

private:
    std::string differ(const std::string& what, const auto& one, const auto& other) const {
        return fmt::format("{} {} for {} and {} for {}", what, one, one_name_, other, other_name_);
    }

    std::optional<std::string> records(const RecordLayout& one, const RecordLayout& other, int depth) {
        const std::string record = fmt::format("{} {}", one.is_union ? "union" : "struct",
                                               one.name.empty() ? "without a name" : one.name);
        const std::size_t shared = std::min(one.members.size(), other.members.size());
        for (std::size_t i = 0; i < shared; ++i)
            if (auto difference = members(one.members[i], other.members[i], record, depth))
                return difference;
        if (one.members.size() == other.members.size())
            return std::nullopt;
        const bool is_first = one.members.size() > shared;
        return fmt::format("{} is there only for {}",
                           member_of(record, (is_first ? one : other).members[shared].name),
                           is_first ? one_name_ : other_name_);
    }

    std::optional<std::string> members(const MemberLayout& one, const MemberLayout& other,
                                       const std::string& record, int depth) {
        const std::string name = member_of(record, one.name);
        if (one.name != other.name)
            return fmt::format("{} is {} for {}", name, called(other.name), other_name_);
        if (one.offset_bits != other.offset_bits)
            return differ(name + " is at", place(one.offset_bits), "at " + place(other.offset_bits));
        if (one.bitfield != other.bitfield || one.size_bits != other.size_bits)
            return differ(name + " has", fmt::format("{} bits", one.size_bits), other.size_bits);
        return types(one.type, other.type, name, depth);
    }

    const LayoutSet& one_;
    const LayoutSet& other_;
    std::string_view one_name_;
    std::string_view other_name_;
    std::set<std::pair<TypeId, TypeId>> seen_;
};

} // namespace

std::optional<std::string> layout_difference(TypeIn one, TypeIn other) {
    return Comparison(one, other).types(one.type, other.type, "the type", 0);
}

} // namespace ecc
