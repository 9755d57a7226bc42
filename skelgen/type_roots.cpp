#include "skelgen/type_roots.h"

#include <algorithm>

namespace ecc {

namespace {

void name_unnamed(std::vector<TypeRoot>& roots, TypeId type, const std::string& name) {
    const auto root = std::ranges::find(roots, type, &TypeRoot::type);
    if (root != roots.end() && root->name.empty())
        root->name = name;
}

} // namespace

TypeRequest types_of_model(const BindingModel& model) {
    TypeRequest request{model.object.layouts, {}, model.annotations.docs, model.file_stem};
    for (TypeId type : model.root_types)
        request.roots.push_back({type, {}});
    for (const BpfMap& map : model.object.maps) {
        name_unnamed(request.roots, map.key_type, map.ident + "_key");
        name_unnamed(request.roots, map.value_type, map.ident + "_value");
    }
    for (const RecordBinding& record : model.records)
        name_unnamed(request.roots, record.type, record.name);
    for (const DataSection& section : model.object.data_sections)
        for (const GlobalVariable& variable : section.variables)
            name_unnamed(request.roots, variable.type, variable.ident);
    return request;
}

} // namespace ecc
