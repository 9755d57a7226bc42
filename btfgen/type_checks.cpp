#include "btfgen/type_checks.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

/// Above any address space: sums and products of sizes stay far from overflow.
constexpr std::uint64_t max_size = std::uint64_t{1} << 48;

/// A name that two of `parts` have, or an empty one: no language can tell these apart.
template <class Part> std::string_view name_of_two(const std::vector<Part>& parts) {
    std::vector<std::string_view> names;
    names.reserve(parts.size());
    for (const Part& part : parts)
        if (!part.name.empty())
            names.push_back(part.name);
    std::ranges::sort(names);
    const auto found = std::ranges::adjacent_find(names);
    return found != names.end() ? *found : std::string_view();
}

class Checker {
public:
    Checker(const TypeGraph& graph, const std::string& where) : graph_(graph), where_(where) {}

    Result<void> references() const {
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            ECC_CHECK(references_of(id));
        return {};
    }

    Result<std::vector<std::uint64_t>> sizes(const std::vector<TypeId>& order) const {
        std::vector<std::uint64_t> sizes(graph_.types.size());
        for (TypeId id : order) {
            ECC_TRY(sizes[id], size_of(id, sizes));
        }
        return sizes;
    }

private:
    std::unexpected<Error> error(TypeId id, std::string_view what) const {
        return input_error(where_, fmt::format("malformed BTF: type {}: {}", describe_type(graph_, id), what),
                           "compile or copy it again, or take it from where it comes");
    }

    Result<void> references_of(TypeId id) const {
        const Type& type = graph_.at(id);
        ECC_CHECK(reference(id, type.target));
        for (const TypeMember& member : type.members)
            ECC_CHECK(reference(id, member.type));
        for (const Parameter& parameter : type.parameters)
            ECC_CHECK(reference(id, parameter.type));
        for (const SectionVariable& variable : type.variables)
            ECC_CHECK(section_entry(id, variable.type));
        if (type.kind == TypeKind::function && graph_.at(type.target).kind != TypeKind::function_prototype)
            return error(id, "the type of a function is not a prototype");
        return distinct_names(id);
    }

    Result<void> distinct_names(TypeId id) const {
        const Type& type = graph_.at(id);
        if (const auto name = name_of_two(type.members); !name.empty())
            return error(id, fmt::format("two members are named '{}'", name));
        if (const auto name = name_of_two(type.enumerators); !name.empty())
            return error(id, fmt::format("two enumerators are named '{}'", name));
        return {};
    }

    Result<void> in_range(TypeId id, TypeId target) const {
        if (target < graph_.types.size())
            return {};
        return error(id, fmt::format("refers to type {}, but there are {} (the BTF of a kernel module, which "
                                     "continues the kernel's, cannot be read alone)",
                                     target, graph_.types.size() - 1));
    }

    Result<void> reference(TypeId id, TypeId target) const {
        ECC_CHECK(in_range(id, target));
        const TypeKind kind = graph_.at(target).kind;
        const bool tag = graph_.at(id).kind == TypeKind::declaration_tag;
        if (kind == TypeKind::data_section || kind == TypeKind::declaration_tag)
            return error(id, "refers to something that is not a type");
        if ((kind == TypeKind::variable || kind == TypeKind::function) && !tag)
            return error(id, "refers to a variable or function as if it were a type");
        return {};
    }

    Result<void> section_entry(TypeId id, TypeId target) const {
        ECC_CHECK(in_range(id, target));
        const TypeKind kind = graph_.at(target).kind;
        if (kind != TypeKind::variable && kind != TypeKind::function)
            return error(id, "lists something that is neither a variable nor a function");
        return {};
    }

    Result<std::uint64_t> size_of(TypeId id, const std::vector<std::uint64_t>& sizes) const {
        const Type& type = graph_.at(id);
        switch (type.kind) {
        case TypeKind::pointer:
            return 8;
        case TypeKind::array:
            return array_size(id, sizes);
        case TypeKind::structure:
        case TypeKind::union_type:
            ECC_CHECK(members_fit(id, sizes));
            return type.size;
        case TypeKind::integer:
        case TypeKind::enumeration:
        case TypeKind::floating:
        case TypeKind::data_section:
            return type.size;
        case TypeKind::type_def:
        case TypeKind::volatile_type:
        case TypeKind::const_type:
        case TypeKind::restrict_type:
        case TypeKind::type_tag:
        case TypeKind::variable:
            return sizes[type.target];
        default:
            return 0;
        }
    }

    Result<std::uint64_t> array_size(TypeId id, const std::vector<std::uint64_t>& sizes) const {
        const Type& array = graph_.at(id);
        // An array of a declared-only struct is fine behind `extern`; a member of that type is refused below.
        const std::uint64_t element = sizes[array.target];
        if (element != 0 && array.element_count > max_size / element)
            return error(id, "the array is larger than any address space");
        return element * array.element_count;
    }

    Result<void> members_fit(TypeId id, const std::vector<std::uint64_t>& sizes) const {
        const Type& record = graph_.at(id);
        for (const TypeMember& member : record.members)
            if (const char* problem = member_problem(record, member, sizes[member.type]))
                return error(id, fmt::format("member '{}' {}", member.name, problem));
        return {};
    }

    const char* member_problem(const Type& record, const TypeMember& member, std::uint64_t size) const {
        if (!has_size(member.type))
            return "has a type without a size";
        if (record.kind == TypeKind::union_type && member.offset_bits != 0)
            return "is not at the start of its union";
        const std::uint64_t bits = member.bitfield_bits != 0 ? member.bitfield_bits : size * 8;
        if (member.offset_bits + bits > record.size * 8)
            return "lies outside its type";
        if (member.bitfield_bits == 0)
            return member.offset_bits % 8 == 0 ? nullptr : "does not start at a byte";
        const TypeKind kind = graph_.at(graph_.resolve(member.type)).kind;
        if (kind != TypeKind::integer && kind != TypeKind::enumeration)
            return "is a bitfield of a type that cannot be one";
        return member.bitfield_bits <= size * 8 ? nullptr : "is a bitfield wider than its type";
    }

    bool has_size(TypeId id) const {
        const Type* type = &graph_.at(graph_.resolve(id));
        while (type->kind == TypeKind::array)
            type = &graph_.at(graph_.resolve(type->target));
        return type->kind != TypeKind::void_type && type->kind != TypeKind::forward &&
               type->kind != TypeKind::function_prototype;
    }

    const TypeGraph& graph_;
    const std::string& where_;
};

} // namespace

Result<void> check_references(const TypeGraph& graph, const std::string& where) {
    return Checker(graph, where).references();
}

Result<std::vector<std::uint64_t>> check_sizes(const TypeGraph& graph, const std::vector<TypeId>& order,
                                               const std::string& where) {
    return Checker(graph, where).sizes(order);
}

std::string describe_type(const TypeGraph& graph, TypeId id) {
    const std::string& name = graph.at(id).name;
    return name.empty() ? fmt::format("[{}]", id) : fmt::format("[{}] '{}'", id, name);
}

} // namespace ecc
