#include "skelgen/section_layout.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

const DataSection* section_of(const BpfObject& object, const BpfMap& map) {
    const auto section = std::ranges::find(object.data_sections, map.name, &DataSection::map_name);
    return map.mmapable && section != object.data_sections.end() ? &*section : nullptr;
}

Result<RecordLayout> section_layout(const BindingModel& model, const DataSection& section,
                                    std::uint64_t min_size) {
    const LayoutSet& layouts = model.object.layouts;
    RecordLayout record;
    record.name = section.name;
    std::uint64_t end = 0;
    std::uint32_t alignment = 1;
    for (const GlobalVariable& variable : section.variables) {
        if (variable.is_static)
            continue;
        if (variable.offset < end)
            return input_error(model.object.name, fmt::format("global '{}' overlaps the one before it in {}",
                                                              variable.name, section.name));
        const std::uint64_t size = layouts.size_of(variable.type);
        record.members.push_back({variable.name, variable.type, variable.offset * 8, size * 8, false});
        end = variable.offset + size;
        alignment = std::max(alignment, layouts.alignment_of(variable.type));
    }
    end = std::max(end, min_size);
    record.size = (end + alignment - 1) / alignment * alignment;
    infer_alignment(layouts, record);
    if (record.packed)
        record.size = end;
    return record;
}

} // namespace ecc
