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

class Comparison {
public:
    Comparison(const LayoutSet& one, const LayoutSet& other) : one_(one), other_(other) {}

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
            return fmt::format("{} has {} bytes in one and {} in the other", name, one_.size_of(one),
                               other_.size_of(other));
        if (scalar_kind(one_.graph, one) != scalar_kind(other_.graph, other))
            return fmt::format("{} has another kind of type in the other", name);
        const Type& first = one_.graph.at(one);
        const Type& second = other_.graph.at(other);
        if (depth < depth_limit && first.kind == TypeKind::array && second.kind == TypeKind::array)
            return types(first.target, second.target, "an element of " + name, depth + 1);
        return std::nullopt;
    }

private:
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
        return fmt::format("member '{}' of {} is only in the {}",
                           (is_first ? one : other).members[shared].name, record, is_first ? "one" : "other");
    }

    std::optional<std::string> members(const MemberLayout& one, const MemberLayout& other,
                                       const std::string& record, int depth) {
        const std::string name = fmt::format("member '{}' of {}", one.name, record);
        if (one.name != other.name)
            return fmt::format("{} is called '{}' in the other", name, other.name);
        if (one.offset_bits != other.offset_bits)
            return fmt::format("{} is at {} in one and at {} in the other", name, place(one.offset_bits),
                               place(other.offset_bits));
        if (one.bitfield != other.bitfield || one.size_bits != other.size_bits)
            return fmt::format("{} has {} bits in one and {} in the other", name, one.size_bits,
                               other.size_bits);
        return types(one.type, other.type, name, depth);
    }

    const LayoutSet& one_;
    const LayoutSet& other_;
    std::set<std::pair<TypeId, TypeId>> seen_;
};

} // namespace

std::optional<std::string> layout_difference(TypeIn one, TypeIn other) {
    return Comparison(one.layouts, other.layouts).types(one.type, other.type, "the type", 0);
}

} // namespace ecc
