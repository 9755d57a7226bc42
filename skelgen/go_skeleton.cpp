#include "skelgen/go_types.h"
#include "skelgen/render_plain.h"
#include "skelgen/skeleton_parts.h"
#include "skelgen/type_roots.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

using kainjow::mustache::data;

constexpr const char* guest_package = "ecc/guest";

/// A member of a generated struct.
struct Entry {
    std::string field, doc;
    data item;
};

/// gofmt aligns types of lines that follow each other without a comment between them.
data aligned(std::vector<Entry>& entries) {
    data list(data::type::list);
    const auto width_of = [](auto from, auto to) {
        std::size_t width = 0;
        for (; from != to; ++from)
            width = std::max(width, from->field.size());
        return width;
    };
    for (auto from = entries.begin(); from != entries.end();) {
        const auto to =
            std::find_if(from + 1, entries.end(), [](const Entry& entry) { return !entry.doc.empty(); });
        const std::size_t width = width_of(from, to);
        for (; from != to; ++from) {
            from->item.set("field", from->field);
            from->item.set("padded", fmt::format("{:<{}}", from->field, width));
            from->item.set("doc", from->doc.empty() ? data(false) : data(from->doc));
            list << from->item;
        }
    }
    return list;
}

class GoSkeleton {
public:
    GoSkeleton(const BindingModel& model, const TypesOptions& options)
        : model_(model), request_(types_of_model(model)), types_(request_, options) {}

    Result<data> run() {
        ECC_TRY(parts_, skeleton_parts(model_));
        std::vector<RecordLayout> layouts;
        for (SkeletonSection& section : parts_.sections) {
            section.layout.size = size_of(section);
            layouts.push_back(section.layout);
        }
        data root;
        ECC_CHECK(types_.define(root, layouts));
        root.set("object", line_comment(model_.object.name));
        root.set("object_string", go_string(model_.object.name));
        const std::string own = camel_case(parts_.stem);
        const std::string skeleton = types_.claim_exactly(own) ? own : types_.claim(parts_.stem + "_object");
        root.set("skeleton", skeleton);
        root.set("maps_type", types_.claim(parts_.stem + "_maps"));
        root.set("programs_type", types_.claim(parts_.stem + "_programs"));
        root.set("links_type", types_.claim(parts_.stem + "_links"));
        root.set("open", types_.claim("Open_" + parts_.stem));
        add_programs(root);
        add_maps(root);
        add_struct_ops(root);
        add_sections(root);
        types_.finish(root, {guest_package});
        return root;
    }

private:
    /// Go aligns nothing to more, so that a struct ends sooner than C's does.
    static std::uint64_t size_of(const SkeletonSection& part) {
        constexpr std::uint64_t alignment = 8;
        const std::uint64_t bytes = (part.section->initial.size() + alignment - 1) / alignment * alignment;
        return std::min(part.layout.size, bytes);
    }

    void add_programs(data& root) {
        std::vector<Entry> entries;
        for (const BpfProgram& program : model_.object.programs) {
            Entry entry{link_scope_.claim(program.name), line_comment(doc_of(model_, program.name)), {}};
            entry.item.set("text", go_string(program.name));
            links_.push_back({entry.field, {}, {}});
            entries.push_back(std::move(entry));
        }
        root.set("programs", aligned(entries));
    }

    void add_struct_ops(data& root) {
        data list(data::type::list);
        for (const auto& [map, field] : struct_ops_) {
            data item;
            item.set("field", field);
            item.set("link", link_scope_.claim(map->ident));
            links_.push_back({item.get("link")->string_value(), {}, {}});
            list << item;
        }
        root.set("struct_ops", list);
        root.set("has_struct_ops", !list.is_empty_list());
        root.set("links", aligned(links_));
    }

    void add_maps(data& root) {
        NameScope scope(camel_case, "");
        for (const SkeletonMap& part : parts_.maps)
            scope.expect(part.map->ident);
        std::vector<Entry> entries;
        data rings(data::type::list), unions(data::type::list);
        for (const SkeletonMap& part : parts_.maps) {
            Entry entry{scope.claim(part.map->ident), line_comment(part.doc), {}};
            describe(entry, part);
            if (part.is_buffer())
                add_ring(part, entry.field, scope, rings, unions);
            if (part.kind == SkeletonMap::Kind::struct_ops)
                struct_ops_.emplace_back(part.map, entry.field);
            entries.push_back(std::move(entry));
        }
        root.set("maps", aligned(entries));
        root.set("rings", rings);
        root.set("unions", unions);
        root.set("senders", senders_);
    }

    void describe(Entry& entry, const SkeletonMap& part) {
        entry.item.set("text", go_string(part.map->name));
        entry.item.set("plain", !has_type(part));
        if (part.kind == SkeletonMap::Kind::user_ring && part.records.size() > 1) {
            const std::string name = add_sender(part);
            entry.item.set("plain", false);
            entry.item.set("type", "*" + name);
            entry.item.set("make", "new" + name);
            return;
        }
        if (!has_type(part)) {
            entry.item.set("type", "*guest.Map");
            entry.item.set("make", data(false));
            return;
        }
        const std::string type = elements_type(part);
        entry.item.set("type", "*guest." + type);
        entry.item.set("make", "guest.New" + type);
    }

    static bool has_type(const SkeletonMap& part) {
        return part.has_elements() || part.kind == SkeletonMap::Kind::user_ring;
    }

    /// A struct with a sender for each type of records; its name.
    std::string add_sender(const SkeletonMap& part) {
        data item;
        const std::string name = types_.claim(part.map->ident + "_senders");
        NameScope scope(camel_case, "");
        std::vector<Entry> entries;
        for (const RecordBinding* record : part.records) {
            Entry entry{scope.claim(record->name), {}, {}};
            entry.item.set("record", types_.type(record->type));
            entries.push_back(std::move(entry));
        }
        item.set("map", line_comment(part.map->name));
        item.set("type", name);
        item.set("choices", aligned(entries));
        senders_ << item;
        return name;
    }

    std::string elements_type(const SkeletonMap& part) {
        if (part.kind == SkeletonMap::Kind::queue)
            return fmt::format("QueueMap[{}]", value(part));
        if (part.kind == SkeletonMap::Kind::user_ring)
            return fmt::format("UserRingBuffer[{}]", types_.type(part.records.front()->type));
        return fmt::format("{}[{}, {}]", part.kind == SkeletonMap::Kind::typed ? "TypedMap" : "PerCPUMap",
                           key(part), value(part));
    }

    std::string key(const SkeletonMap& part) {
        return part.section || part.has_number_keys() ? "uint32"
                                                      : element(part.map->key_type, part.map->key_size);
    }

    std::string value(const SkeletonMap& part) {
        if (part.section)
            return types_.section(*part.section);
        return part.address_count() != 0 ? fmt::format("[{}]uint64", part.address_count())
                                         : element(part.map->value_type, part.map->value_size);
    }

    /// A map's definition may give sizes without types.
    std::string element(TypeId type, std::uint32_t size) {
        return type != 0 && model_.object.layouts.size_of(type) == size ? types_.type(type)
                                                                        : fmt::format("[{}]byte", size);
    }

    void add_ring(const SkeletonMap& part, const std::string& field, NameScope& scope, data& rings,
                  data& unions) {
        data ring;
        const bool per_cpu = part.kind == SkeletonMap::Kind::perf_buffer;
        ring.set("map", line_comment(part.map->name));
        ring.set("buffer", per_cpu ? "PerfBuffer" : "RingBuffer");
        ring.set("per_cpu", per_cpu);
        ring.set("pages_parameter", per_cpu ? "pages int" : "");
        ring.set("pages", per_cpu ? ", pages" : "");
        ring.set("field", field);
        ring.set("reader", scope.claim("Read_" + part.map->ident));
        if (part.is_one_type) {
            const std::string type = types_.type(part.records.front()->type);
            ring.set("view", "*" + type);
            ring.set("single", type);
            ring.set("record", data(false));
        } else {
            const std::string record = types_.claim(part.map->ident + "_record");
            ring.set("view", record);
            ring.set("single", data(false));
            ring.set("record", record);
            unions << choices(part, record);
        }
        rings << ring;
    }

    /// What ends with a flexible array may be longer than its type.
    data excluded_lengths(const SkeletonMap& part, const RecordBinding& record) const {
        if (flexible_tail(model_.object.layouts, record.type))
            return data(false);
        const std::uint64_t size = model_.object.layouts.size_of(record.type);
        return data(part.kind == SkeletonMap::Kind::perf_buffer ? fmt::format(">= {}", size + 8)
                                                                : fmt::format("!= {}", size));
    }

    data choices(const SkeletonMap& part, const std::string& name) {
        NameScope scope(camel_case, "");
        data list(data::type::list);
        for (const RecordBinding* record : part.records) {
            data choice;
            choice.set("field", scope.claim(record->name));
            choice.set("type", types_.type(record->type));
            choice.set("excluded", excluded_lengths(part, *record));
            list << choice;
        }
        data item;
        item.set("map", line_comment(part.map->name));
        item.set("record", name);
        item.set("choices", list);
        return item;
    }

    void add_sections(data& root) {
        NameScope scope(camel_case, "");
        for (const char* own : {"Object", "Maps", "Programs", "Links", "Load", "Attach", "Close"})
            scope.claim_exactly(own);
        data list(data::type::list);
        for (std::size_t i = 0; i < parts_.sections.size(); ++i) {
            const SkeletonSection& part = parts_.sections[i];
            data item;
            item.set("field",
                     scope.claim(part.is_live ? "Initial_" + part.section->ident : part.section->ident));
            item.set("live", part.is_live ? data(scope.claim(part.section->ident)) : data(false));
            item.set("name", line_comment(part.section->name));
            item.set("text", go_string(part.section->name));
            item.set("type", types_.section(i));
            item.set("settable", part.is_settable);
            item.set("given", part.is_given());
            list << item;
        }
        add_struct_ops_values(list, scope);
        root.set("sections", list);
    }

    void add_struct_ops_values(data& sections, NameScope& scope) {
        for (const auto& [map, field] : struct_ops_) {
            if (struct_ops_layout(model_.object.layouts, *map) == nullptr)
                continue;
            data item;
            item.set("field", scope.claim("Struct_ops_" + map->ident));
            item.set("live", data(false));
            item.set("name", line_comment(map->name));
            item.set("text", go_string(map->name));
            item.set("type", types_.type(map->value_type));
            item.set("settable", true);
            item.set("given", false);
            sections << item;
        }
    }

    const BindingModel& model_;
    TypeRequest request_;
    GoTypes types_;
    SkeletonParts parts_;
    data senders_{data::type::list};
    NameScope link_scope_{camel_case, ""}; // of programs and struct_ops maps
    std::vector<Entry> links_;
    std::vector<std::pair<const BpfMap*, std::string>> struct_ops_; // with their fields
};

} // namespace

Result<data> go_skeleton_data(const BindingModel& model, const TypesOptions& options) {
    return GoSkeleton(model, options).run();
}

} // namespace ecc
