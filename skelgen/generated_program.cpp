#include "skelgen/generated_program.h"

#include <algorithm>
#include <bpf/libbpf.h>

namespace ecc {
namespace {

/// Of typedefs, qualifiers and dimensions around a global's type.
constexpr unsigned most_wrappers = 64;

bool is_const_volatile(const TypeGraph& graph, TypeId id) {
    bool is_const = false;
    bool is_volatile = false;
    for (unsigned depth = 0; depth < most_wrappers; ++depth, id = graph.at(id).target) {
        const TypeKind kind = graph.at(id).kind;
        is_const = is_const || kind == TypeKind::const_type;
        is_volatile = is_volatile || kind == TypeKind::volatile_type;
        if (graph.resolve(id) == id && kind != TypeKind::array)
            break;
    }
    return is_const && is_volatile;
}

} // namespace

bool is_event_stream(const BpfMap& map) {
    return map.type_number == BPF_MAP_TYPE_RINGBUF || map.type_number == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

bool is_iterator(const BpfProgram& program) {
    return program.section.starts_with("iter/") || program.section.starts_with("iter.s/");
}

std::vector<std::string> fixed_constants(const BindingModel& model) {
    std::vector<std::string> names;
    for (const DataSection& section : model.object.data_sections)
        for (const GlobalVariable& variable : section.variables)
            if (section.name == ".rodata" && !variable.is_static &&
                is_const_volatile(model.object.layouts.graph, variable.type) &&
                std::ranges::find(model.settings, variable.name, &SettingBinding::name) ==
                    model.settings.end())
                names.push_back(variable.name);
    return names;
}

} // namespace ecc
