#include "compiler/review.h"

#include "compiler/program_sections.h"
#include "packager/package/map_rules.h"
#include "skelgen/generated_program.h"

#include <algorithm>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ecc {
namespace {

constexpr const char* list_of_sections =
    "a section of the list in https://docs.kernel.org/bpf/libbpf/program_types.html";

/// libbpf takes the type of a program from its section.
bool has_known_section(const BpfProgram& program) {
    return program.type != libbpf_bpf_prog_type_str(BPF_PROG_TYPE_UNSPEC);
}

std::string section_hint(const std::string& section) {
    const std::vector<std::string> similar = similar_sections(section);
    return similar.empty() ? list_of_sections : fmt::format("SEC(\"{}\")", fmt::join(similar, "\"), SEC(\""));
}

/// A written user part may leave the program out, so it is only warned.
Result<void> review_section(const BpfProgram& program, UserPartOrigin user_part, const std::string& where,
                            const Diagnostics& diagnostics) {
    const std::string what = fmt::format(
        "program '{}' has the section \"{}\", which libbpf does not know: nothing says what it is, "
        "and it cannot be loaded",
        program.name, program.section);
    const std::string hint = section_hint(program.section);
    if (user_part == UserPartOrigin::generated && program.is_loaded)
        return input_error(where, what, hint);
    diagnostics.warning(where, fmt::format("{}; try {}", what, hint));
    return {};
}

/// A generated user part creates every map as the source has it.
Result<void> review_map(const BpfMap& map, const std::string& where) {
    const std::string fault = map_fault({.name = map.name,
                                         .type = map.type_number,
                                         .type_name = map.type,
                                         .key_size = map.key_size,
                                         .value_size = map.value_size,
                                         .max_entries = map.max_entries,
                                         .flags = map.flags});
    if (fault.empty())
        return {};
    return input_error(where,
                       fmt::format("map '{}' ({}) can never be created: {}", map.name, map.type, fault),
                       map_fault_hint);
}

bool has_output(const BindingModel& model) {
    return std::ranges::any_of(model.object.maps, is_event_stream) ||
           std::ranges::any_of(model.object.programs, is_iterator);
}

/// What a generated user part leaves undone.
void review_generated(const BindingModel& model, const std::string& where, const Diagnostics& diagnostics) {
    for (const std::string& name : fixed_constants(model))
        diagnostics.note(
            fmt::format("{}: '{}' is const volatile, but no number, text or enum: no flag sets it, it "
                        "keeps the value of the source (a user part can set it before loading)",
                        where, name));
    if (!has_output(model))
        diagnostics.note(
            fmt::format("{}: no ring buffer, perf event array or iterator: the generated program "
                        "attaches it and prints nothing (a user part can read its maps)",
                        where));
}

} // namespace

Result<void> review_kernel_part(const BindingModel& model, UserPartOrigin user_part, const std::string& where,
                                const Diagnostics& diagnostics) {
    for (const BpfProgram& program : model.object.programs)
        if (!has_known_section(program))
            ECC_CHECK(review_section(program, user_part, where, diagnostics));
    if (user_part != UserPartOrigin::generated)
        return {};
    for (const BpfMap& map : model.object.maps)
        ECC_CHECK(review_map(map, where));
    review_generated(model, where, diagnostics);
    return {};
}

} // namespace ecc
