#include "skelgen/retained_records.h"

#include "skelgen/elf_sections.h"
#include "support/type_relocations.h"

#include <algorithm>

namespace ecc {
namespace {

using TypeSet = std::vector<bool>; ///< by type id

TypeSet referred_to(const TypeGraph& graph) {
    TypeSet found(graph.types.size());
    for (const Type& type : graph.types) {
        found[type.target] = true;
        for (const TypeMember& member : type.members)
            found[member.type] = true;
        for (const Parameter& parameter : type.parameters)
            found[parameter.type] = true;
        for (const SectionVariable& variable : type.variables)
            found[variable.type] = true;
    }
    return found;
}

void add_relocated(TypeSet& found, const BpfObject& object) {
    const auto sections = bpf_elf_sections(object.elf, object.name);
    if (!sections)
        return;
    const auto section = std::ranges::find(*sections, ".BTF.ext", &ElfSection::name);
    if (section == sections->end())
        return;
    for (const TypeRelocation& relocation :
         read_type_relocations(section->data).value_or(std::vector<TypeRelocation>()))
        if (relocation.type < found.size())
            found[relocation.type] = true;
}

bool is_record(const TypeGraph& graph, TypeId id) {
    const TypeKind kind = graph.at(id).kind;
    const TypeKind resolved = graph.at(graph.resolve(id)).kind;
    const bool is_named = !graph.at(id).name.empty();
    const bool is_direct =
        kind == TypeKind::structure || kind == TypeKind::union_type || kind == TypeKind::type_def;
    return is_named && is_direct && (resolved == TypeKind::structure || resolved == TypeKind::union_type);
}

} // namespace

std::vector<TypeId> retained_records(const BpfObject& object) {
    const TypeGraph& graph = object.layouts.graph;
    TypeSet known = referred_to(graph);
    add_relocated(known, object);
    std::vector<TypeId> records;
    for (TypeId id = 1; id < graph.types.size(); ++id)
        if (!known[id] && is_record(graph, id))
            records.push_back(id);
    return records;
}

} // namespace ecc
