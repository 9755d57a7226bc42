#include "runtime-min/kernel_symbols.h"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace ecc {

namespace {

/// Kernels have some hundred thousand.
constexpr std::size_t most_symbols = 4u << 20;
/// KSYM_NAME_LEN of kernels since 6.1.
constexpr std::size_t longest_name = 512;
/// The list does not say where functions end; none is longer.
constexpr std::uint64_t longest_function = 1u << 20;

bool is_function(char type) {
    return type == 't' || type == 'T' || type == 'w' || type == 'W';
}

} // namespace

/// "ffffffff81000040 T name", for modules with a tab and "[module]" behind it.
void KernelSymbols::add(std::string_view line) {
    std::uint64_t start = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), start, 16);
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    if (error != std::errc() || line.size() < 4 || !is_function(line[1]))
        return;
    const auto name = line.substr(3, line.find_first_of("\t ", 3) - 3);
    if (name.empty() || name.size() > longest_name || entries_.size() == most_symbols)
        return;
    entries_.push_back({start, static_cast<std::uint32_t>(names_.size())});
    names_.append(name).push_back('\0');
}

OrErrno<KernelSymbols> KernelSymbols::read(std::istream& lines) {
    KernelSymbols symbols;
    for (std::string line; std::getline(lines, line);)
        symbols.add(line);
    std::ranges::stable_sort(symbols.entries_, {}, &Entry::start);
    if (symbols.entries_.empty() || symbols.entries_.back().start == 0)
        return errno_error(EPERM);
    return symbols;
}

OrErrno<KernelSymbols> KernelSymbols::load() {
    std::ifstream file("/proc/kallsyms");
    return read(file);
}

KernelFunction KernelSymbols::function_of(const Entry& entry) const {
    return {entry.start, names_.c_str() + entry.name};
}

std::optional<KernelFunction> KernelSymbols::at(std::uint64_t address) const {
    const auto after = std::ranges::upper_bound(entries_, address, {}, &Entry::start);
    if (after == entries_.begin() || address - std::prev(after)->start > longest_function)
        return std::nullopt;
    // Of several names of one place, the first.
    return function_of(*std::ranges::lower_bound(entries_, std::prev(after)->start, {}, &Entry::start));
}

std::optional<KernelFunction> KernelSymbols::find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(entries_, [&](const Entry& entry) { return function_of(entry).name == name; });
    if (found == entries_.end())
        return std::nullopt;
    return function_of(*found);
}

} // namespace ecc
