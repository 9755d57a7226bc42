#include "btfgen/btf_subset.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <unordered_map>

namespace ecc {

namespace {

// What bpf_helper_defs.h, which every program includes, is written in.
constexpr std::array<std::string_view, 16> basic_typedefs = {
    "__u8",   "__u16",  "__u32",  "__u64",  "__s8",   "__s16",  "__s32",  "__s64",
    "__le16", "__le32", "__le64", "__be16", "__be32", "__be64", "__wsum", "__sum16"};

// Most names of a kernel are not in the program: a bit per hash of the first bytes turns those away without
// hashing the whole name.
class NameFilter {
public:
    explicit NameFilter(const std::unordered_set<std::string>& names) {
        for (const std::string& name : names)
            add(name);
        for (std::string_view name : basic_typedefs)
            add(name);
    }

    bool contains(const char* name) const {
        if (!name[0] || !bits_[hash(name)])
            return false;
        return names_.contains(std::string_view(name));
    }

private:
    void add(std::string_view name) {
        names_.insert(name);
        bits_[hash(name.data())] = true;
    }
    static std::size_t hash(const char* name) {
        std::uint32_t value = 0;
        for (int i = 0; i < 6 && name[i]; i++)
            value = value * 31 + static_cast<unsigned char>(name[i]);
        return value % 65536;
    }

    std::vector<bool> bits_ = std::vector<bool>(65536);
    std::unordered_set<std::string_view> names_;
};

class Selector {
public:
    Selector(const btf* types, const std::unordered_set<std::string>& identifiers)
        : types_(types), filter_(identifiers), needs_(btf__type_cnt(types)) {}

    Result<BtfSubset> make() {
        select_by_name();
        close();
        return copy();
    }

private:
    // Declared: a named struct behind a pointer, and what leads to it.
    enum class Need : std::uint8_t { none, declared, defined };
    struct Task {
        std::uint32_t id;
        Need need;
    };

    const char* name_of(std::uint32_t offset) const { return btf__name_by_offset(types_, offset); }
    bool is_named(std::uint32_t offset) const { return offset != 0 && filter_.contains(name_of(offset)); }
    bool is_definition(const btf_type* type) const { return btf_is_composite(type) && type->name_off != 0; }

    void select_by_name() {
        for (std::uint32_t id = 1; id < needs_.size(); id++)
            if (is_wanted(btf__type_by_id(types_, id)))
                add(id, Need::defined);
        for (BtfSubset::Kfunc& kfunc : find_kfuncs(types_))
            if (filter_.contains(kfunc.name.c_str()))
                select_kfunc(std::move(kfunc));
    }

    bool is_wanted(const btf_type* type) const {
        switch (btf_kind(type)) {
        case BTF_KIND_STRUCT:
        case BTF_KIND_UNION:
        case BTF_KIND_TYPEDEF:
            return is_named(type->name_off);
        case BTF_KIND_ENUM:
            return is_named(type->name_off) || has_named_enumerator(btf_enum(type), btf_vlen(type));
        case BTF_KIND_ENUM64:
            return is_named(type->name_off) || has_named_enumerator(btf_enum64(type), btf_vlen(type));
        default:
            return false;
        }
    }

    template <class Enumerator> bool has_named_enumerator(const Enumerator* first, std::size_t count) const {
        return std::any_of(first, first + count, [&](const Enumerator& e) { return is_named(e.name_off); });
    }

    void select_kfunc(BtfSubset::Kfunc kfunc) {
        add(kfunc.prototype, Need::declared);
        follow_pointer(btf__type_by_id(types_, kfunc.prototype)->type);
        kfuncs_.push_back(std::move(kfunc));
    }

    void add(std::uint32_t id, Need need) {
        if (id == 0 || needs_[id] >= need)
            return;
        needs_[id] = need;
        tasks_.push_back({id, need});
    }

    void close() {
        while (!tasks_.empty()) {
            const Task task = tasks_.back();
            tasks_.pop_back();
            if (needs_[task.id] == task.need)
                add_parts(btf__type_by_id(types_, task.id), task.need);
        }
    }

    // The same rules by which libbpf orders definitions: an array needs its element, a pointer only a
    // declaration.
    void add_parts(const btf_type* type, Need need) {
        if (btf_is_composite(type))
            return add_members(type, need);
        if (btf_is_ptr(type))
            need = Need::declared;
        else if (btf_is_array(type))
            need = Need::defined;
        for_each_reference(type, [&](std::uint32_t id) { add(id, need); });
        if (btf_is_typedef(type) && need == Need::defined)
            follow_pointer(type->type);
    }

    void add_members(const btf_type* type, Need need) {
        if (is_definition(type) && need == Need::declared)
            return;
        for (const btf_member& member : std::span(btf_members(type), btf_vlen(type))) {
            add(member.type, Need::defined);
            if (is_named(member.name_off))
                follow_pointer(member.type);
        }
    }

    // The bound ends a cycle that only corrupt BTF has.
    void follow_pointer(std::uint32_t id) {
        for (int steps = 0; steps < 64; steps++) {
            const btf_type* type = btf__type_by_id(types_, id);
            if (btf_is_composite(type))
                return add(id, Need::defined);
            if (btf_is_array(type))
                id = btf_array(type)->type;
            else if (btf_is_ptr(type) || btf_is_mod(type) || btf_is_typedef(type))
                id = type->type;
            else
                return;
        }
    }

    Result<BtfSubset> copy() {
        BtfSubset subset;
        subset.types.reset(btf__new_empty());
        if (!subset.types || btf__set_pointer_size(subset.types.get(), 8) != 0)
            return environment_error({}, "out of memory");
        name_definitions();
        std::vector<std::uint32_t> new_ids(needs_.size());
        for (bool declarations : {false, true}) // definitions first, because declarations may stand for them
            ECC_CHECK(copy_types(subset.types.get(), declarations, new_ids));
        for (std::uint32_t id = 1; id < btf__type_cnt(subset.types.get()); id++) {
            auto* type = const_cast<btf_type*>(btf__type_by_id(subset.types.get(), id));
            for_each_reference(type, [&](std::uint32_t& old_id) { old_id = new_ids[old_id]; });
        }
        for (BtfSubset::Kfunc& kfunc : kfuncs_)
            kfunc.prototype = new_ids[kfunc.prototype];
        subset.kfuncs = std::move(kfuncs_);
        return subset;
    }

    Result<void> copy_types(btf* target, bool declarations, std::vector<std::uint32_t>& new_ids) {
        for (std::uint32_t id = 1; id < needs_.size(); id++) {
            if (needs_[id] == Need::none || is_declaration(id) != declarations)
                continue;
            ECC_TRY(new_ids[id], copy_type(target, id, new_ids));
        }
        return {};
    }

    bool is_declaration(std::uint32_t id) const {
        const btf_type* type = btf__type_by_id(types_, id);
        return btf_is_fwd(type) || (is_definition(type) && needs_[id] == Need::declared);
    }

    void name_definitions() {
        for (std::uint32_t id = 1; id < needs_.size(); id++) {
            const btf_type* type = btf__type_by_id(types_, id);
            if (needs_[id] == Need::defined && is_definition(type))
                definitions_.emplace(name_of(type->name_off), id);
        }
    }

    Result<std::uint32_t> copy_type(btf* target, std::uint32_t id,
                                    const std::vector<std::uint32_t>& new_ids) {
        const btf_type* type = btf__type_by_id(types_, id);
        const char* name = name_of(type->name_off);
        if (!is_declaration(id))
            return added(btf__add_type(target, types_, type));
        if (auto found = definitions_.find(name); found != definitions_.end())
            return new_ids[found->second];
        auto [entry, is_new] = declarations_.try_emplace(name, 0);
        if (is_new) {
            const bool is_union = btf_is_fwd(type) ? btf_kflag(type) : btf_is_union(type);
            ECC_TRY(entry->second,
                    added(btf__add_fwd(target, name, is_union ? BTF_FWD_UNION : BTF_FWD_STRUCT)));
        }
        return entry->second;
    }

    Result<std::uint32_t> added(int id) const {
        if (id <= 0)
            return environment_error({}, "out of memory for the types that the program uses");
        return static_cast<std::uint32_t>(id);
    }

    const btf* types_;
    NameFilter filter_;
    std::vector<Need> needs_;
    std::vector<Task> tasks_;
    std::vector<BtfSubset::Kfunc> kfuncs_;
    std::unordered_map<std::string_view, std::uint32_t> definitions_;
    std::unordered_map<std::string_view, std::uint32_t> declarations_;
};

} // namespace

std::vector<BtfSubset::Kfunc> find_kfuncs(const btf* types) {
    std::map<std::uint32_t, std::size_t> position; // function -> index in kfuncs
    std::vector<std::uint32_t> fastcalls;
    std::vector<BtfSubset::Kfunc> kfuncs;
    for (std::uint32_t id = 1; id < btf__type_cnt(types); id++) {
        const btf_type* tag = btf__type_by_id(types, id);
        if (!btf_is_decl_tag(tag) || btf_decl_tag(tag)->component_idx != -1)
            continue;
        const btf_type* function = btf__type_by_id(types, tag->type);
        if (!btf_is_func(function))
            continue;
        const std::string_view text = btf__name_by_offset(types, tag->name_off);
        if (text == "bpf_fastcall")
            fastcalls.push_back(tag->type);
        else if (text == "bpf_kfunc" && position.try_emplace(tag->type, kfuncs.size()).second)
            kfuncs.push_back({btf__name_by_offset(types, function->name_off), function->type, false});
    }
    for (std::uint32_t function : fastcalls)
        if (auto found = position.find(function); found != position.end())
            kfuncs[found->second].fastcall = true;
    return kfuncs;
}

Result<BtfSubset> make_subset(const btf* types, const std::unordered_set<std::string>& identifiers) {
    return Selector(types, identifiers).make();
}

} // namespace ecc
