#include "skelgen/render_c.h"
#include "skelgen/section_layout.h"
#include "skelgen/skeleton_parts.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <fmt/format.h>

namespace ecc {

namespace {

using kainjow::mustache::data;

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

/// The types that bpftool's skeletons refer to, so that the user's headers have them. Those of statics are
/// often known to the BPF program alone: what no global has is written out.
CTypeNames names_of_globals(const BpfObject& object) {
    std::vector<TypeRoot> roots;
    for (const DataSection& section : object.data_sections)
        for (const GlobalVariable& variable : section.variables)
            if (!variable.is_static)
                roots.push_back({variable.type, {}});
    CTypeNames names = source_names(object.layouts);
    const std::vector<bool> known = contained_by(object.layouts.graph, roots);
    std::erase_if(names, [&](const auto& name) { return !known[name.first]; });
    return names;
}

class Skeleton {
public:
    explicit Skeleton(const BindingModel& model)
        : model_(model), names_(names_of_globals(model.object)),
          writer_(model.object.layouts, names_, model.object.name, c_dialect, &docs_) {}

    Result<data> run() {
        data root;
        const std::string name = c_identifier(model_.object.name);
        root.set("name", name);
        root.set("name_string", c_string(model_.object.name));
        root.set("guard", fmt::format("__{}_SKEL_H__", upper(name)));
        add_programs(root);
        ECC_CHECK(add_maps(root));
        ECC_CHECK(add_sections(root));
        root.set("uses_bool", uses_bool_);
        root.set("links", links_);
        return root;
    }

private:
    void add_programs(data& root) {
        data list(data::type::list);
        std::size_t index = 0;
        for (const BpfProgram& program : model_.object.programs) {
            const std::string ident = link_idents_.claim(program.name);
            data item;
            item.set("index", std::to_string(index++));
            item.set("name_string", c_string(program.name));
            item.set("ident", ident);
            set_doc(item, doc_of(model_, program.name));
            list << item;
            add_link(ident);
        }
        root.set("programs", list);
        root.set("program_count", std::to_string(index));
    }

    Result<void> add_maps(data& root) {
        data list(data::type::list), struct_ops(data::type::list);
        std::size_t index = 0;
        for (const BpfMap& map : model_.object.maps) {
            data item;
            item.set("index", std::to_string(index++));
            item.set("name_string", c_string(map.name));
            item.set("ident", map.ident);
            set_doc(item, map.is_internal ? "" : doc_of(model_, map.name));
            if (const DataSection* section = section_of(model_.object, map))
                item.set("section", section->ident);
            if (map.type_number == BPF_MAP_TYPE_STRUCT_OPS) {
                const std::string link = link_idents_.claim(map.ident);
                item.set("link", link);
                add_link(link);
            }
            if (const RecordLayout* layout = struct_ops_layout(model_.object.layouts, map)) {
                item.set("section", "struct_ops." + map.ident);
                ECC_TRY(const data described, describe(*layout, map));
                struct_ops << described;
            }
            list << item;
        }
        root.set("maps", list);
        root.set("map_count", std::to_string(index));
        root.set("has_maps", index != 0);
        root.set("has_struct_ops", !struct_ops.is_empty_list());
        root.set("struct_ops", struct_ops);
        return {};
    }

    Result<data> describe(const RecordLayout& layout, const BpfMap& map) {
        ECC_TRY(const CRecordText text, writer_.write(layout, 2));
        uses_bool_ = uses_bool_ || text.uses_bool;
        data item;
        item.set("ident", map.ident);
        item.set("type", c_identifier(layout.name));
        item.set("body", text.body);
        item.set("assertions", assertions(layout, text));
        return item;
    }

    void add_link(const std::string& ident) {
        data item;
        item.set("ident", ident);
        links_ << item;
    }

    Result<void> add_sections(data& root) {
        data list(data::type::list);
        for (const BpfMap& map : model_.object.maps) {
            const DataSection* section = section_of(model_.object, map);
            if (section == nullptr)
                continue;
            const bool is_element = !map.mmapable;
            ECC_TRY(const RecordLayout layout,
                    section_layout(model_, *section, is_element ? map.value_size : 0, is_element));
            add_docs(docs_, model_, *section, layout);
            ECC_TRY(const CRecordText text, writer_.write(layout, 1));
            uses_bool_ = uses_bool_ || text.uses_bool;
            data item;
            item.set("ident", section->ident);
            item.set("body", text.body);
            item.set("unmapped", is_element);
            item.set("assertions", assertions(layout, text));
            list << item;
        }
        root.set("sections", list);
        return {};
    }

    /// One per global: the writer lists its members with the first place each.
    data assertions(const RecordLayout& layout, const CRecordText& text) const {
        data list(data::type::list);
        for (const CMemberPlace& place : text.places) {
            if (place.path.find('.') != std::string::npos)
                continue;
            const auto member = std::ranges::find_if(layout.members, [&](const MemberLayout& candidate) {
                return candidate.offset_bits == place.offset * 8 && candidate.size_bits != 0;
            });
            if (member == layout.members.end())
                continue;
            data item;
            item.set("path", place.path);
            item.set("offset", std::to_string(place.offset));
            item.set("size", std::to_string(member->size_bits / 8));
            list << item;
        }
        return list;
    }

    const BindingModel& model_;
    CTypeNames names_;
    TypeDocs docs_; // of variables
    CRecordWriter writer_;
    CScope link_idents_; // of programs, and of struct_ops maps, which are attached too
    data links_{data::type::list};
    bool uses_bool_ = false;
};

} // namespace

Result<data> c_skeleton_data(const BindingModel& model, const TypesOptions&) {
    return Skeleton(model).run();
}

} // namespace ecc
