#include "skelgen/render_c.h"
#include "skelgen/skeleton_parts.h"
#include "skelgen/type_roots.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <fmt/format.h>

namespace ecc {

namespace {

using kainjow::mustache::data;

class CppSkeleton {
public:
    CppSkeleton(const BindingModel& model, const TypesOptions& options, CTypes types, SkeletonParts parts)
        : model_(model), options_(options), types_(std::move(types)), parts_(std::move(parts)),
          writer_(model.object.layouts, types_.names, model.file_stem, cpp_dialect, &docs_) {}

    Result<data> run() {
        data root = cpp_types_data(types_, model_.file_stem, options_);
        root.set("has_skeleton", true);
        root.set("object", c_comment(model_.object.name));
        root.set("object_string", c_string(model_.object.name));
        const std::string skeleton = types_.scope.claim("skeleton");
        root.set("skeleton", skeleton);
        for (const char* kind : {"maps", "programs", "links"}) {
            inner_types_.push_back(types_.scope.claim(fmt::format("{}_of_{}", kind, skeleton)));
            root.set(fmt::format("{}_type", kind), inner_types_.back());
        }
        for (const SkeletonSection& part : parts_.sections)
            section_types_.push_back(types_.scope.claim(part.section->ident + "_variables"));
        add_programs(root);
        add_struct_ops(root);
        add_rows(root);
        add_maps(root);
        ECC_CHECK(add_sections(root));
        return root;
    }

private:
    /// The members of a struct: none is named like one of the types around it.
    CScope member_scope() const {
        CScope scope;
        for (const std::string& type : inner_types_)
            scope.claim_exactly(type);
        return scope;
    }

    void add_programs(data& root) {
        link_scope_ = member_scope();
        data list(data::type::list);
        std::size_t row = 0;
        for (const BpfProgram& program : model_.object.programs) {
            data item;
            item.set("ident", link_scope_.claim(program.name));
            item.set("name_string", c_string(program.name));
            item.set("row", std::to_string(row++));
            set_doc(item, doc_of(model_, program.name));
            list << item;
        }
        root.set("programs", list);
    }

    void add_struct_ops(data& root) {
        data list(data::type::list);
        for (const SkeletonMap& part : parts_.maps) {
            if (part.kind != SkeletonMap::Kind::struct_ops)
                continue;
            data item;
            item.set("ident", link_scope_.claim(part.map->ident));
            item.set("row", row_of(*part.map));
            list << item;
        }
        root.set("struct_ops", list);
        root.set("has_struct_ops", !list.is_empty_list());
    }

    /// Every map of the object, those that show variables included.
    void add_rows(data& root) const {
        data list(data::type::list);
        for (const BpfMap& map : model_.object.maps) {
            const bool is_section = std::ranges::any_of(parts_.sections, [&](const SkeletonSection& part) {
                return part.section->map_name == map.name;
            });
            data item;
            item.set("name_string", c_string(map.name));
            item.set("is_section", is_section ? "true" : "false");
            item.set("is_struct_ops", map.type_number == BPF_MAP_TYPE_STRUCT_OPS);
            list << item;
        }
        root.set("map_rows", list);
        root.set("map_row_count", std::to_string(model_.object.maps.size()));
    }

    std::string row_of(const BpfMap& map) const { return std::to_string(&map - model_.object.maps.data()); }

    void add_maps(data& root) {
        CScope scope = member_scope();
        data list(data::type::list), unions(data::type::list);
        for (const SkeletonMap& part : parts_.maps) {
            data item;
            item.set("ident", scope.claim(part.map->ident));
            item.set("type", "::ecc::" + map_type(part, unions));
            item.set("row", row_of(*part.map));
            set_doc(item, part.doc);
            list << item;
        }
        root.set("maps", list);
        root.set("has_maps", !list.is_empty_list());
        root.set("unions", unions);
    }

    std::string map_type(const SkeletonMap& part, data& unions) {
        const BpfMap& map = *part.map;
        if (map.type_number == BPF_MAP_TYPE_RINGBUF)
            return fmt::format("ring_of<{}>", record_type(part, unions));
        if (map.type_number == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
            return fmt::format("perf_of<{}>", record_type(part, unions));
        if (map.type_number == BPF_MAP_TYPE_USER_RINGBUF)
            return fmt::format("user_ring_of<{}>", sent_types(part));
        if (struct_ops_layout(model_.object.layouts, map) != nullptr)
            return fmt::format("struct_ops_of<{}>", element(map.value_type, map.value_size));
        if (!part.has_elements())
            return "map";
        if (part.section)
            return fmt::format("map_of<std::uint32_t, {}>", section_types_[*part.section]);
        if (part.kind == SkeletonMap::Kind::queue)
            return fmt::format("queue_of<{}>", element(map.value_type, map.value_size));
        return fmt::format("{}<{}, {}>",
                           part.kind == SkeletonMap::Kind::per_cpu ? "per_cpu_map_of" : "map_of", key(part),
                           value(part));
    }

    std::string key(const SkeletonMap& part) {
        return part.has_number_keys() ? "std::uint32_t" : element(part.map->key_type, part.map->key_size);
    }

    std::string value(const SkeletonMap& part) {
        return part.address_count() != 0
                   ? fmt::format("::std::array<std::uint64_t, {}>", part.address_count())
                   : element(part.map->value_type, part.map->value_size);
    }

    /// A map's definition may give sizes without types.
    std::string element(TypeId type, std::uint32_t size) {
        const bool known = type != 0 && model_.object.layouts.size_of(type) == size;
        const std::string text = known ? writer_.cpp_value(type) : std::string();
        return text.empty() ? fmt::format("::std::array<::std::byte, {}>", size) : text;
    }

    std::string element(TypeId type) {
        return element(type, static_cast<std::uint32_t>(model_.object.layouts.size_of(type)));
    }

    std::string record_type(const SkeletonMap& part, data& unions) {
        if (part.records.empty())
            return "::ecc::record";
        if (part.is_one_type) {
            const TypeId type = part.records.front()->type;
            return tailed(type).value_or(element(type));
        }
        const std::string name = types_.scope.claim(part.map->ident + "_record");
        unions << choices(part, name);
        return "class " + name;
    }

    std::string sent_types(const SkeletonMap& part) {
        std::vector<std::string> types;
        for (const RecordBinding* record : part.records)
            types.push_back(element(record->type));
        return fmt::format("{}", fmt::join(types, ", "));
    }

    /// The type of records that know how many elements their flexible array has.
    std::optional<std::string> tailed(TypeId type) {
        const auto tail = tail_in_place(model_.object.layouts, type);
        const std::string elements = tail ? writer_.cpp_value(tail->element) : std::string();
        if (elements.empty())
            return std::nullopt;
        return fmt::format("::ecc::tailed<{}, {}, {}>", element(type), elements, tail->offset);
    }

    data choices(const SkeletonMap& part, const std::string& name) {
        data item;
        item.set("map", c_comment(part.map->name));
        item.set("record", name);
        CScope scope = member_scope();
        for (const char* own : {"as", "bytes", "record"})
            scope.claim_exactly(own);
        scope.claim_exactly(name);
        data list(data::type::list);
        for (const RecordBinding* record : part.records) {
            data choice;
            choice.set("function", scope.claim("as_" + record->name));
            const auto with_tail = tailed(record->type);
            choice.set("make",
                       with_tail ? fmt::format("as_tailed<{}>()", *with_tail)
                                 : fmt::format("as<{}>({})", element(record->type), surplus(part, *record)));
            list << choice;
        }
        item.set("choices", list);
        return item;
    }

    /// How many bytes a record may have beyond its type: the kernel rounds those of perf buffers up.
    std::string surplus(const SkeletonMap& part, const RecordBinding& record) const {
        if (flexible_tail(model_.object.layouts, record.type))
            return {};
        return part.kind == SkeletonMap::Kind::perf_buffer ? "7" : "0";
    }

    Result<void> add_sections(data& root) {
        data list(data::type::list);
        for (std::size_t i = 0; i < parts_.sections.size(); ++i) {
            ECC_TRY(data item, describe(parts_.sections[i], section_types_[i]));
            list << item;
        }
        root.set("sections", list);
        return {};
    }

    Result<data> describe(const SkeletonSection& part, const std::string& type) {
        add_docs(docs_, model_, *part.section, part.layout);
        ECC_TRY(const CRecordText text, writer_.write(part.layout, 0));
        const auto map = std::ranges::find(model_.object.maps, part.section->map_name, &BpfMap::name);
        data item;
        item.set("name", c_comment(part.section->name));
        item.set("ident", part.section->ident);
        item.set("type", type);
        item.set("body", text.body);
        item.set("row", row_of(*map));
        item.set("given", part.is_given());
        item.set("live", part.is_live);
        item.set("constant", part.is_settable && !part.is_live);
        item.set("assertions", options_.assertions ? assertions(part.layout, text, type) : data(false));
        return item;
    }

    static data assertions(const RecordLayout& layout, const CRecordText& text, const std::string& type) {
        data list(data::type::list);
        const auto add = [&](const std::string& condition, const std::string& message) {
            data item;
            item.set("condition", condition);
            item.set("message", c_string(fmt::format("{}: {}", type, message)));
            list << item;
        };
        add(fmt::format("sizeof({}) == {}", type, layout.size), "size");
        for (const CMemberPlace& place : text.places)
            add(fmt::format("offsetof({}, {}) == {}", type, place.path, place.offset),
                "offset of " + place.path);
        return list;
    }

    const BindingModel& model_;
    const TypesOptions& options_;
    CTypes types_;
    SkeletonParts parts_;
    TypeDocs docs_; // of variables
    CRecordWriter writer_;
    std::vector<std::string> inner_types_;
    std::vector<std::string> section_types_; // names, as parts_.sections
    CScope link_scope_;                      // of programs and struct_ops maps
};

} // namespace

Result<data> cpp_skeleton_data(const BindingModel& model, const TypesOptions& options) {
    const TypeRequest request = types_of_model(model);
    ECC_TRY(CTypes types, c_types(request, cpp_dialect));
    ECC_TRY(SkeletonParts parts, skeleton_parts(model));
    return CppSkeleton(model, options, std::move(types), std::move(parts)).run();
}

} // namespace ecc
