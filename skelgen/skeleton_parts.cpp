#include "skelgen/skeleton_parts.h"

#include "skelgen/section_layout.h"

#include <algorithm>
#include <array>
#include <bpf/bpf.h>

namespace ecc {

namespace {

constexpr std::array typed_maps = {BPF_MAP_TYPE_HASH, BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_LRU_HASH,
                                   BPF_MAP_TYPE_LPM_TRIE, BPF_MAP_TYPE_STACK_TRACE};
constexpr std::array per_cpu_maps = {BPF_MAP_TYPE_PERCPU_HASH, BPF_MAP_TYPE_PERCPU_ARRAY,
                                     BPF_MAP_TYPE_LRU_PERCPU_HASH};
constexpr std::array queues = {BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK};
constexpr std::array numbered_maps = {BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_PERCPU_ARRAY,
                                      BPF_MAP_TYPE_STACK_TRACE};

/// Structs at the end of structs.
constexpr unsigned most_tails = 64;

bool among(const auto& types, const BpfMap& map) {
    return std::ranges::find(types, map.type_number) != types.end();
}

SkeletonMap::Kind kind_of(const BpfMap& map, bool has_records) {
    if (map.type_number == BPF_MAP_TYPE_RINGBUF && has_records)
        return SkeletonMap::Kind::ring_buffer;
    if (map.type_number == BPF_MAP_TYPE_PERF_EVENT_ARRAY && has_records)
        return SkeletonMap::Kind::perf_buffer;
    if (map.type_number == BPF_MAP_TYPE_USER_RINGBUF && has_records)
        return SkeletonMap::Kind::user_ring;
    if (map.type_number == BPF_MAP_TYPE_STRUCT_OPS)
        return SkeletonMap::Kind::struct_ops;
    if (among(queues, map) && map.value_size != 0)
        return SkeletonMap::Kind::queue;
    if (map.key_size == 0 || map.value_size == 0)
        return SkeletonMap::Kind::other;
    return among(typed_maps, map)     ? SkeletonMap::Kind::typed
           : among(per_cpu_maps, map) ? SkeletonMap::Kind::per_cpu
                                      : SkeletonMap::Kind::other;
}

} // namespace

bool SkeletonMap::has_number_keys() const {
    return map->key_type == 0 && map->key_size == sizeof(std::uint32_t) && among(numbered_maps, *map);
}

std::uint32_t SkeletonMap::address_count() const {
    const bool has_addresses = map->type_number == BPF_MAP_TYPE_STACK_TRACE && map->value_type == 0 &&
                               (map->flags & BPF_F_STACK_BUILD_ID) == 0;
    return has_addresses && map->value_size % sizeof(std::uint64_t) == 0
               ? map->value_size / sizeof(std::uint64_t)
               : 0;
}

std::optional<FlexibleTail> flexible_tail(const LayoutSet& layouts, TypeId type) {
    std::uint64_t offset = 0;
    for (unsigned depth = 0; depth < most_tails; ++depth) {
        const RecordLayout* record = layouts.of(layouts.graph.resolve(type));
        if (record == nullptr || record->is_union || record->members.empty())
            return std::nullopt;
        const MemberLayout& last = record->members.back();
        offset += last.offset_bits / 8;
        type = last.type;
        const Type& array = layouts.graph.at(layouts.graph.resolve(type));
        if (array.kind == TypeKind::array)
            return array.element_count == 0 ? std::optional(FlexibleTail{array.target, offset})
                                            : std::nullopt;
    }
    return std::nullopt;
}

std::optional<FlexibleTail> tail_in_place(const LayoutSet& layouts, TypeId type) {
    const auto tail = flexible_tail(layouts, type);
    const bool is_in_place = tail && layouts.alignment_of(type) <= record_alignment &&
                             layouts.size_of(tail->element) != 0 &&
                             tail->offset % layouts.alignment_of(tail->element) == 0;
    return is_in_place ? tail : std::nullopt;
}

const RecordLayout* struct_ops_layout(const LayoutSet& layouts, const BpfMap& map) {
    return map.type_number == BPF_MAP_TYPE_STRUCT_OPS && map.value_type != 0
               ? layouts.of(layouts.graph.resolve(map.value_type))
               : nullptr;
}

std::string doc_of(const BindingModel& model, const std::string& name) {
    const auto doc = model.annotations.docs.find(name);
    return doc != model.annotations.docs.end() ? doc->second : std::string();
}

void add_docs(TypeDocs& docs, const BindingModel& model, const DataSection& section,
              const RecordLayout& layout) {
    for (const GlobalVariable& variable : section.variables)
        if (const std::string doc = doc_of(model, variable.name); !doc.empty())
            docs[doc_key(layout) + "." + variable.ident] = doc;
}

Result<SkeletonParts> skeleton_parts(const BindingModel& model) {
    SkeletonParts parts;
    const std::string& name = model.object.name;
    parts.stem = name.ends_with("_bpf") ? name.substr(0, name.size() - 4) : name;
    for (const BpfMap& map : model.object.maps) {
        if (const DataSection* section = section_of(model.object, map)) {
            const bool is_settable = section->name != ".kconfig";
            const bool is_variable = is_settable && !section->name.starts_with(".rodata");
            const bool is_element = is_variable && !map.mmapable;
            ECC_TRY(RecordLayout layout,
                    section_layout(model, *section, section->initial.size(), is_element));
            if (is_element)
                parts.maps.push_back({SkeletonMap::Kind::typed, &map, {}, {}, parts.sections.size()});
            parts.sections.push_back({section, std::move(layout), is_settable, is_variable && map.mmapable});
            continue;
        }
        if (map.is_internal) // of constants without names, such as texts
            continue;
        SkeletonMap part{{}, &map, {}, doc_of(model, map.name), {}};
        for (const RecordBinding& record : model.records)
            if (record.map == map.name)
                part.records.push_back(&record);
        part.is_one_type = part.records.size() == 1 && !model.annotations.untyped.contains(map.name) &&
                           !model.annotations.varying.contains(map.name);
        part.kind = kind_of(map, !part.records.empty());
        parts.maps.push_back(std::move(part));
    }
    return parts;
}

} // namespace ecc
