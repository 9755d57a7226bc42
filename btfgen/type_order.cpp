#include "btfgen/type_order.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

bool is_transparent(TypeKind kind) {
    switch (kind) {
    case TypeKind::array:
    case TypeKind::type_def:
    case TypeKind::volatile_type:
    case TypeKind::const_type:
    case TypeKind::restrict_type:
    case TypeKind::type_tag:
    case TypeKind::variable:
        return true;
    default:
        return false;
    }
}

std::size_t contained_count(const Type& type) {
    return is_transparent(type.kind) ? 1 : type.members.size();
}

TypeId contained_at(const Type& type, std::size_t index) {
    return is_transparent(type.kind) ? type.target : type.members[index].type;
}

/// Depth-first search with a stack of its own: a hostile blob decides how deep it goes.
class Search {
public:
    Search(const TypeGraph& graph, const std::string& where) : graph_(graph), where_(where) {
        depth_.resize(graph.types.size());
        order_.reserve(graph.types.size());
    }

    Result<std::vector<TypeId>> run() {
        for (TypeId id = 0; id < graph_.types.size(); ++id)
            if (depth_[id] == unseen)
                ECC_CHECK(visit(id));
        return std::move(order_);
    }

private:
    static constexpr std::uint16_t unseen = 0;
    static constexpr std::uint16_t open = 0xffff;

    struct Frame {
        TypeId id;
        std::uint32_t next;
        std::uint16_t depth; // of the deepest contained type so far
    };

    Result<void> visit(TypeId root) {
        push(root);
        while (!stack_.empty()) {
            Frame& top = stack_.back();
            const Type& type = graph_.at(top.id);
            if (top.next == contained_count(type)) {
                ECC_CHECK(close());
                continue;
            }
            const TypeId next = contained_at(type, top.next);
            if (depth_[next] == open)
                return input_error(where_, fmt::format("BTF type {} contains itself", describe(next)));
            if (depth_[next] == unseen) {
                push(next);
            } else {
                top.depth = std::max(top.depth, depth_[next]);
                ++top.next;
            }
        }
        return {};
    }

    void push(TypeId id) {
        depth_[id] = open;
        stack_.push_back({id, 0, 0});
    }

    Result<void> close() {
        const Frame done = stack_.back();
        stack_.pop_back();
        if (done.depth >= max_type_depth)
            return input_error(where_, fmt::format("BTF type {} is nested more than {} levels deep",
                                                   describe(done.id), max_type_depth));
        depth_[done.id] = static_cast<std::uint16_t>(done.depth + 1);
        order_.push_back(done.id);
        return {};
    }

    std::string describe(TypeId id) const {
        const std::string& name = graph_.at(id).name;
        return name.empty() ? fmt::format("[{}]", id) : fmt::format("[{}] '{}'", id, name);
    }

    const TypeGraph& graph_;
    const std::string& where_;
    std::vector<std::uint16_t> depth_;
    std::vector<Frame> stack_;
    std::vector<TypeId> order_;
};

} // namespace

std::vector<TypeId> contained_types(const Type& type) {
    std::vector<TypeId> contained(contained_count(type));
    for (std::size_t i = 0; i < contained.size(); ++i)
        contained[i] = contained_at(type, i);
    return contained;
}

Result<std::vector<TypeId>> containment_order(const TypeGraph& graph, const std::string& where) {
    return Search(graph, where).run();
}

} // namespace ecc
