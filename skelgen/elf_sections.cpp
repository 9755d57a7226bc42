#include "skelgen/elf_sections.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <gelf.h>
#include <libelf.h>
#include <memory>

namespace ecc {

namespace {

struct ElfCloser {
    void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, ElfCloser>;

constexpr const char* build_hint = "give what `clang -target bpf -g -O2 -c` or `ecc --save-temps` writes";
constexpr const char* again_hint = "compile or copy it again";

std::unexpected<Error> corrupt(const std::string& where, const std::string& what) {
    return input_error(where, "truncated or corrupt ELF file: " + what, again_hint);
}

Elf64_Ehdr header_of(ByteView elf) {
    Elf64_Ehdr header;
    std::memcpy(&header, elf.data(), sizeof header);
    return header;
}

/// The table of sections stands last in what compilers and linkers write, so it is what a cut file lacks;
/// libelf then finds no sections and sees no error.
Result<void> check_section_table(const Elf64_Ehdr& header, std::uint64_t file_size,
                                 const std::string& where) {
    if (header.e_shoff == 0)
        return input_error(where, "this ELF file has no sections", build_hint);
    const std::uint64_t count = std::max<std::uint64_t>(header.e_shnum, 1); // 0: the first header tells
    const std::uint64_t length = count * sizeof(Elf64_Shdr);
    if (header.e_shoff > file_size || length > file_size - header.e_shoff)
        return corrupt(where, fmt::format("{} section headers at byte {} are not in its {} bytes", count,
                                          header.e_shoff, file_size));
    return {};
}

Result<void> check_file(ByteView elf, const std::string& where) {
    if (elf.empty())
        return input_error(where, "the file is empty, expected an object", build_hint);
    if (!as_text(elf).starts_with(ELFMAG))
        return input_error(where, "not an ELF file, expected an object", build_hint);
    if (elf.size() < sizeof(Elf64_Ehdr))
        return corrupt(where, fmt::format("{} bytes are too few for a header", elf.size()));
    if (elf[EI_CLASS] != ELFCLASS64)
        return input_error(where, "a 32-bit ELF file, expected a 64-bit one", build_hint);
    if (elf[EI_DATA] != ELFDATA2LSB)
        return input_error(where, "a big-endian ELF file: only 64-bit little-endian targets are supported",
                           "compile with -target bpfel");
    return check_section_table(header_of(elf), elf.size(), where);
}

Result<void> check_is_bpf(const Elf64_Ehdr& header, const std::string& where) {
    if (header.e_machine == EM_BPF && header.e_type == ET_REL)
        return {};
    return input_error(where,
                       fmt::format("an ELF file for machine {} of type {}, expected a relocatable BPF object",
                                   header.e_machine, header.e_type),
                       build_hint);
}

} // namespace

Result<std::vector<ElfSection>> elf_sections(ByteView elf, const std::string& where) {
    ECC_CHECK(check_file(elf, where));
    elf_version(EV_CURRENT);
    // libelf does not write to memory that nobody asked it to update.
    ElfHandle handle(elf_memory(reinterpret_cast<char*>(const_cast<std::uint8_t*>(elf.data())), elf.size()));
    std::size_t names = 0;
    if (!handle || elf_getshdrstrndx(handle.get(), &names) != 0)
        return corrupt(where, elf_errmsg(-1));

    std::vector<ElfSection> sections;
    for (Elf_Scn* scn = nullptr; (scn = elf_nextscn(handle.get(), scn)) != nullptr;) {
        GElf_Shdr header;
        if (gelf_getshdr(scn, &header) == nullptr)
            return corrupt(where, elf_errmsg(-1));
        const char* name = elf_strptr(handle.get(), names, header.sh_name);
        if (name == nullptr)
            return corrupt(where, "a section's name lies outside the string table");
        ElfSection& section = sections.emplace_back();
        section.name = name;
        section.executable = (header.sh_flags & SHF_EXECINSTR) != 0;
        if (header.sh_type == SHT_NOBITS)
            continue;
        if (header.sh_offset > elf.size() || header.sh_size > elf.size() - header.sh_offset)
            return corrupt(where, fmt::format("section {} lies outside the file", name));
        section.data = elf.subspan(header.sh_offset, header.sh_size);
    }
    return sections;
}

Result<std::vector<ElfSection>> bpf_elf_sections(ByteView elf, const std::string& where) {
    ECC_TRY(auto sections, elf_sections(elf, where));
    ECC_CHECK(check_is_bpf(header_of(elf), where));
    return sections;
}

} // namespace ecc
