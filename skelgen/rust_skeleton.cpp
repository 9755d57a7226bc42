#include "skelgen/render_plain.h"
#include "skelgen/rust_types.h"
#include "skelgen/skeleton_parts.h"
#include "skelgen/type_roots.h"

#include <fmt/format.h>
#include <unordered_set>

namespace ecc {

namespace {

using kainjow::mustache::data;

class RustSkeleton {
public:
    RustSkeleton(const BindingModel& model, const TypesOptions& options)
        : model_(model), request_(types_of_model(model)), types_(request_, options) {}

    Result<data> run() {
        ECC_TRY(parts_, skeleton_parts(model_));
        std::vector<RecordLayout> layouts;
        for (const SkeletonSection& section : parts_.sections)
            layouts.push_back(section.layout);
        data root;
        ECC_CHECK(types_.define(root, layouts));
        root.set("object", line_comment(model_.object.name));
        root.set("object_string", rust_string(model_.object.name));
        add_names(root);
        add_programs(root);
        add_maps(root);
        add_sections(root);
        types_.finish(root);
        add_plain_types(root);
        return root;
    }

private:
    void add_names(data& root) {
        const auto name = [&](const char* key, const char* prefix, const char* suffix) {
            root.set(key, types_.claim(fmt::format("{}_{}_{}", prefix, parts_.stem, suffix)));
        };
        name("open_skeleton", "Open", "Skel");
        name("open_maps", "Open", "Maps");
        name("open_programs", "Open", "Progs");
        name("skeleton", "", "Skel");
        name("maps_type", "", "Maps");
        name("programs_type", "", "Progs");
        name("links_type", "", "Links");
    }

    void add_programs(data& root) {
        data list(data::type::list);
        for (const BpfProgram& program : model_.object.programs) {
            data item;
            item.set("field", links_.claim(program.name));
            item.set("text", rust_string(program.name));
            set_doc(item, doc_of(model_, program.name));
            list << item;
        }
        root.set("programs", list);
    }

    static void set_doc(data& item, const std::string& doc) {
        item.set("doc", doc.empty() ? data(false) : data(line_comment(doc)));
    }

    void add_maps(data& root) {
        NameScope fields(rust_identifier, "_");
        NameScope readers(rust_identifier, "_");
        data list(data::type::list), rings(data::type::list), unions(data::type::list);
        data struct_ops(data::type::list);
        for (const SkeletonMap& part : parts_.maps) {
            const std::string field = fields.claim(part.map->ident);
            data item;
            item.set("field", field);
            item.set("text", rust_string(part.map->name));
            const std::string type = map_type(part);
            item.set("type", type);
            item.set("make", make_map(part, type));
            set_doc(item, part.doc);
            list << item;
            if (part.is_buffer())
                add_ring(part, field, readers, rings, unions);
            if (part.kind == SkeletonMap::Kind::struct_ops) {
                item.set("link", links_.claim(part.map->ident));
                struct_ops << item;
            }
        }
        root.set("has_maps", !list.is_empty_list());
        root.set("maps_open", list.is_empty_list() ? "{}" : "{");
        root.set("maps", list);
        root.set("has_rings", !rings.is_empty_list());
        root.set("rings", rings);
        root.set("unions", unions);
        root.set("tails", tails_);
        root.set("senders", senders_);
        root.set("struct_ops", struct_ops);
        root.set("has_struct_ops", !struct_ops.is_empty_list());
    }

    std::string make_map(const SkeletonMap& part, const std::string& type) {
        const std::string map = fmt::format("object.map({})?", rust_string(part.map->name));
        switch (part.kind) {
        case SkeletonMap::Kind::typed:
            return fmt::format("ecc_guest::TypedMap::new(&{})?", map);
        case SkeletonMap::Kind::queue:
            return fmt::format("ecc_guest::QueueMap::new(&{})?", map);
        case SkeletonMap::Kind::per_cpu:
            return fmt::format("ecc_guest::PerCpuMap::new(&{})?", map);
        case SkeletonMap::Kind::user_ring:
            return fmt::format("{}::new(&{})?", part.records.size() == 1 ? "ecc_guest::UserRingBuffer" : type,
                               map);
        default:
            return map;
        }
    }

    std::string map_type(const SkeletonMap& part) {
        if (part.kind == SkeletonMap::Kind::user_ring)
            return part.records.size() == 1
                       ? fmt::format("ecc_guest::UserRingBuffer<{}>", types_.type(part.records.front()->type))
                       : add_sender(part);
        if (!part.has_elements())
            return "ecc_guest::Map";
        if (part.section)
            return fmt::format("ecc_guest::TypedMap<u32, types::{}>", types_.section(*part.section));
        if (part.kind == SkeletonMap::Kind::queue)
            return fmt::format("ecc_guest::QueueMap<{}>",
                               element(part.map->value_type, part.map->value_size));
        return fmt::format("ecc_guest::{}<{}, {}>",
                           part.kind == SkeletonMap::Kind::typed ? "TypedMap" : "PerCpuMap", key(part),
                           value(part));
    }

    std::string key(const SkeletonMap& part) {
        return part.has_number_keys() ? "u32" : element(part.map->key_type, part.map->key_size);
    }

    std::string value(const SkeletonMap& part) {
        return part.address_count() != 0 ? fmt::format("[u64; {}]", part.address_count())
                                         : element(part.map->value_type, part.map->value_size);
    }

    /// A map's definition may give sizes without types.
    std::string element(TypeId type, std::uint32_t size) {
        return type != 0 && model_.object.layouts.size_of(type) == size ? types_.type(type)
                                                                        : fmt::format("[u8; {}]", size);
    }

    void add_ring(const SkeletonMap& part, const std::string& field, NameScope& readers, data& rings,
                  data& unions) {
        data ring;
        const std::string bare = field.starts_with("r#") ? field.substr(2) : field;
        ring.set("follows", !rings.is_empty_list());
        const bool per_cpu = part.kind == SkeletonMap::Kind::perf_buffer;
        ring.set("buffer", per_cpu ? "PerfBuffer" : "RingBuffer");
        ring.set("per_cpu", per_cpu);
        ring.set("field", field);
        ring.set("reader", readers.claim("read_" + bare));
        if (part.is_one_type) {
            ring.set("view", view_of(part.records.front()->type));
        } else {
            const std::string view = types_.claim(part.map->ident + "_view");
            ring.set("view", view);
            unions << choices(part, view);
        }
        rings << ring;
    }

    /// A struct with a sender for each type of records; its name.
    std::string add_sender(const SkeletonMap& part) {
        data item;
        const std::string name = types_.claim(part.map->ident + "_senders");
        NameScope scope(rust_identifier, "_");
        data list(data::type::list);
        for (const RecordBinding* record : part.records) {
            data choice;
            choice.set("field", scope.claim(record->name));
            choice.set("record", types_.type(record->type));
            list << choice;
        }
        item.set("map", line_comment(part.map->name));
        item.set("type", name);
        item.set("choices", list);
        senders_ << item;
        return name;
    }

    std::string view_of(TypeId record) {
        const std::string type = types_.type(record);
        return is_copied(record)  ? fmt::format("ecc_guest::Copied<{}>", type)
               : add_tail(record) ? fmt::format("ecc_guest::WithTail<{}>", type)
                                  : type;
    }

    /// True if that type ends with a flexible array, which the skeleton then tells the crate.
    bool add_tail(TypeId record) {
        const LayoutSet& layouts = model_.object.layouts;
        const auto tail = tail_in_place(layouts, record);
        if (!tail)
            return false;
        if (!with_tails_.insert(layouts.graph.resolve(record)).second)
            return true;
        data item;
        item.set("type", types_.type(record));
        item.set("element", types_.type(tail->element));
        item.set("offset", std::to_string(tail->offset));
        tails_ << item;
        return true;
    }

    bool is_copied(TypeId type) const { return model_.object.layouts.alignment_of(type) > record_alignment; }

    data choices(const SkeletonMap& part, const std::string& view) {
        data item;
        item.set("map", line_comment(part.map->name));
        item.set("view", view);
        item.set("record", types_.claim(part.map->ident + "_record"));
        NameScope scope(rust_identifier, "_");
        data list(data::type::list);
        for (const RecordBinding* record : part.records) {
            data choice;
            const std::string type = types_.type(record->type);
            choice.set("follows", !list.is_empty_list());
            choice.set("field", scope.claim("as_" + record->name));
            choice.set("type", type);
            const bool copied = is_copied(record->type);
            const bool tailed = !copied && add_tail(record->type);
            choice.set("result", copied   ? type
                                 : tailed ? fmt::format("ecc_guest::Tailed<'a, {}>", type)
                                          : "&'a " + type);
            choice.set("condition", tailed ? "ecc_guest::Tailed::new(self.0)"
                                           : fmt::format("{}::{}(self.0){}", path_of(type),
                                                         copied ? "copy_from_bytes" : "from_bytes",
                                                         length_condition(part, *record, type)));
            list << choice;
        }
        item.set("choices", list);
        return item;
    }

    static std::string path_of(const std::string& type) {
        return type.starts_with('[') ? "<" + type + ">" : type;
    }

    /// What ends with a flexible array may be longer than its type.
    std::string length_condition(const SkeletonMap& part, const RecordBinding& record,
                                 const std::string& type) const {
        if (flexible_tail(model_.object.layouts, record.type))
            return {};
        const std::string size = fmt::format("core::mem::size_of::<{}>()", type);
        return fmt::format(".filter(|_| self.0.len() {})",
                           part.kind == SkeletonMap::Kind::perf_buffer ? "< " + size + " + 8" : "== " + size);
    }

    void add_sections(data& root) {
        NameScope scope(rust_identifier, "_");
        for (const char* own : {"object", "maps", "progs", "links"})
            scope.claim_exactly(own);
        data list(data::type::list);
        for (std::size_t i = 0; i < parts_.sections.size(); ++i) {
            const SkeletonSection& part = parts_.sections[i];
            data item;
            item.set("field", scope.claim(part.section->ident));
            item.set("name", line_comment(part.section->name));
            item.set("text", rust_string(part.section->name));
            item.set("type", "types::" + types_.section(i));
            item.set("settable", part.is_settable);
            item.set("live", part.is_live);
            item.set("given", part.is_given());
            list << item;
        }
        add_struct_ops_values(list, scope);
        root.set("sections", list);
    }

    void add_struct_ops_values(data& sections, NameScope& scope) {
        for (const SkeletonMap& part : parts_.maps) {
            if (struct_ops_layout(model_.object.layouts, *part.map) == nullptr)
                continue;
            data item;
            item.set("field", scope.claim("struct_ops_" + part.map->ident));
            item.set("name", line_comment(part.map->name));
            item.set("text", rust_string(part.map->name));
            item.set("type", types_.type(part.map->value_type));
            item.set("settable", true);
            item.set("live", false);
            item.set("given", false);
            sections << item;
        }
    }

    void add_plain_types(data& root) const {
        data list(data::type::list);
        for (const std::string& name : types_.names())
            list << data("type", name);
        for (const auto& [name, used] : types_.helpers())
            if (used)
                list << data("type", name);
        root.set("plain_types", list);
    }

    const BindingModel& model_;
    TypeRequest request_;
    RustTypes types_;
    SkeletonParts parts_;
    std::unordered_set<TypeId> with_tails_;
    data tails_{data::type::list}; // of these
    data senders_{data::type::list};
    NameScope links_{rust_identifier, "_"}; // of programs and struct_ops maps
};

} // namespace

Result<data> rust_skeleton_data(const BindingModel& model, const TypesOptions& options) {
    return RustSkeleton(model, options).run();
}

} // namespace ecc
