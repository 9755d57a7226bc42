#include "skelgen/render_c.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

using kainjow::mustache::data;

namespace {

std::string guard(const std::string& name) {
    std::string text = c_identifier(name + "_TYPES_H");
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
    return text;
}

data assertion_list(const CDefinition& definition) {
    data list(data::type::list);
    for (const CAssertion& assertion : definition.assertions) {
        data item;
        item.set("condition", assertion.condition);
        item.set("message", c_string(assertion.message));
        list << item;
    }
    return list;
}

void name_unnamed(std::vector<CRoot>& roots, TypeId type, const std::string& name) {
    const auto root = std::ranges::find(roots, type, &CRoot::type);
    if (root != roots.end() && root->name.empty())
        root->name = name;
}

} // namespace

std::vector<CRoot> c_model_roots(const BindingModel& model) {
    std::vector<CRoot> roots;
    for (TypeId type : model.root_types)
        roots.push_back({type, {}});
    for (const BpfMap& map : model.object.maps) {
        name_unnamed(roots, map.key_type, map.ident + "_key");
        name_unnamed(roots, map.value_type, map.ident + "_value");
    }
    for (const DataSection& section : model.object.data_sections)
        for (const GlobalVariable& variable : section.variables)
            name_unnamed(roots, variable.type, variable.name);
    return roots;
}

Result<data> c_types_data(const LayoutSet& layouts, const std::vector<CRoot>& roots, const std::string& name,
                          TypesOptions options) {
    ECC_TRY(const CTypes types, c_types(layouts, roots, name));
    data definitions(data::type::list);
    for (const CDefinition& definition : types.definitions) {
        data item;
        item.set("text", definition.text);
        if (options.assertions)
            item.set("assertions", assertion_list(definition));
        definitions << item;
    }
    data root;
    root.set("guard", guard(name));
    root.set("name", c_comment(name));
    root.set("uses_bool", types.uses_bool);
    root.set("assertions", options.assertions);
    root.set("definitions", definitions);
    return root;
}

} // namespace ecc
