#include "packager/package/manifest_check.h"

#include "packager/package/map_rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace ecc {

namespace {

constexpr std::size_t most_shown = 5;

using Lines = std::set<std::string>;

/// libbpf puts a part of the object's name, which the package chooses, before the name of a data section.
std::string plain_map_name(const std::string& name) {
    const auto dot = name.find('.');
    return dot == std::string::npos ? name : name.substr(dot);
}

/// A ring buffer's size is rounded up to the pages of the machine that looks at it.
bool is_ring(std::string_view type) {
    return type == "ringbuf" || type == "user_ringbuf";
}

std::string program_line(const auto& program, const std::string& type) {
    return fmt::format("program '{}' ({}, section \"{}\")", program.name, type, program.section);
}

std::string map_line(const auto& map, const std::string& type) {
    return fmt::format("map '{}' ({}, keys of {} and values of {} bytes, {}flags {:#x})",
                       plain_map_name(map.name), type, map.key_size, map.value_size,
                       is_ring(type) ? "" : fmt::format("{} entries, ", map.max_entries), map.flags);
}

Lines declared_by(const Manifest& manifest) {
    Lines lines;
    for (const auto& program : manifest.programs)
        lines.insert(program_line(program, program.type));
    for (const auto& map : manifest.maps)
        lines.insert(map_line(map, map.type));
    return lines;
}

Lines found_in(std::span<const ObjectFacts> objects) {
    Lines lines;
    for (const auto& object : objects) {
        for (const auto& program : object.programs)
            lines.insert(program_line(program, program.type_name));
        for (const auto& map : object.maps)
            lines.insert(map_line(map, map.type_name));
    }
    return lines;
}

void add_missing(const Lines& all, const Lines& from, std::string_view what,
                 std::vector<std::string>& lines) {
    for (const auto& line : all) {
        if (!from.contains(line))
            lines.push_back(fmt::format("{} {}", what, line));
    }
}

/// Of a data section the comparison looks at a part of the name only.
void add_wrong_names(const Manifest& manifest, std::vector<std::string>& lines) {
    for (const auto& map : manifest.maps) {
        if (!is_map_name(map.name))
            lines.push_back(fmt::format("it declares map '{:.40}', which is no name of a map", map.name));
    }
}

std::vector<std::string> acts_of(std::span<const ObjectFacts> objects) {
    std::vector<std::string> reasons;
    for (const auto& object : objects) {
        auto more = acting_reasons(object);
        reasons.insert(reasons.end(), more.begin(), more.end());
    }
    return reasons;
}

/// `permissions` is what a build derives from the objects: "observe", and "act" if one acts.
void compare_permissions(const std::vector<std::string>& declared, const std::vector<std::string>& acts,
                         std::vector<std::string>& lines) {
    const std::set<std::string_view> words(declared.begin(), declared.end());
    if (!words.contains("observe"))
        lines.emplace_back("it does not ask for \"observe\", as every package does");
    for (const auto& word : words) {
        if (word != "observe" && word != "act")
            lines.push_back(fmt::format("it asks for \"{:.40}\", which is no permission", word));
    }
    if (words.contains("act") && acts.empty())
        lines.emplace_back("it asks for \"act\", and its objects only observe");
    if (words.contains("act"))
        return;
    for (const auto& reason : acts)
        lines.push_back("it does not ask for \"act\", but " + reason);
}

} // namespace

Result<> check_manifest(const Manifest& manifest, std::span<const ObjectFacts> objects,
                        const std::string& where) {
    const auto declared = declared_by(manifest), found = found_in(objects);
    std::vector<std::string> differences;
    add_missing(found, declared, "it does not declare", differences);
    add_missing(declared, found, "it declares, and no object has,", differences);
    add_wrong_names(manifest, differences);
    compare_permissions(manifest.permissions, acts_of(objects), differences);
    if (differences.empty())
        return {};
    const auto count = differences.size();
    if (count > most_shown) {
        differences.resize(most_shown);
        differences.push_back(fmt::format("and {} more", count - most_shown));
    }
    return input_error(where,
                       fmt::format("the manifest does not describe the BPF objects of this package:\n  {}",
                                   fmt::join(differences, "\n  ")),
                       "the package as its author built it; this one was changed");
}

} // namespace ecc
