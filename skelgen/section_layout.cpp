#include "skelgen/section_layout.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

const DataSection* section_of(const BpfObject& object, const BpfMap& map) {
    const auto section = std::ranges::find(object.data_sections, map.name, &DataSection::map_name);
    const bool shows_variables =
        section != object.data_sections.end() &&
        !std::ranges::all_of(section->variables, &std::string::empty, &GlobalVariable::ident);
    return shows_variables ? &*section : nullptr;
}

Result<RecordLayout> section_layout(const BindingModel& model, const DataSection& section,
                                    std::uint64_t min_size, bool exact) {
    const LayoutSet& layouts = model.object.layouts;
    RecordLayout record;
    record.name = section.name;
    std::uint64_t end = 0;
    std::uint32_t alignment = 1;
    for (const GlobalVariable& variable : section.variables) {
        if (variable.ident.empty())
            continue;
        if (variable.offset < end)
            return input_error(model.object.name, fmt::format("global '{}' overlaps the one before it in {}",
                                                              variable.name, section.name));
        const std::uint64_t size = layouts.size_of(variable.type);
        record.members.push_back({variable.ident, variable.type, variable.offset * 8, size * 8, false});
        end = variable.offset + size;
        alignment = std::max(alignment, layouts.alignment_of(variable.type));
    }
    end = std::max(end, min_size);
    record.size = exact ? end : (end + alignment - 1) / alignment * alignment;
    infer_alignment(layouts, record);
    if (record.packed)
        record.size = end;
    return record;
}

} // namespace ecc
