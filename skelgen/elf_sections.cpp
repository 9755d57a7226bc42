#include "skelgen/elf_sections.h"

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

constexpr std::string_view build_hint =
    "Pass what `clang -target bpf -g -O2 -c` or `ecc --save-temps` writes.";

Result<void> check_header(ByteView elf, const std::string& where) {
    if (elf.empty())
        return input_error(where, "the file is empty, expected a BPF object", std::string(build_hint));
    if (elf.size() < sizeof(Elf64_Ehdr) || as_text(elf.first(4)) != ELFMAG)
        return input_error(where, "not an ELF file, expected a BPF object", std::string(build_hint));
    if (elf[EI_CLASS] != ELFCLASS64)
        return input_error(where, "a 32-bit ELF file, expected a BPF object", std::string(build_hint));
    if (elf[EI_DATA] != ELFDATA2LSB)
        return input_error(where, "a big-endian ELF file: only 64-bit little-endian targets are supported",
                           "Compile with -target bpfel.");
    const unsigned type = elf[16] | elf[17] << 8u;
    const unsigned machine = elf[18] | elf[19] << 8u;
    if (machine != EM_BPF || type != ET_REL)
        return input_error(
            where,
            fmt::format("an ELF file for machine {} of type {}, expected a relocatable BPF object", machine,
                        type),
            std::string(build_hint));
    return {};
}

} // namespace

Result<std::vector<ElfSection>> bpf_elf_sections(ByteView elf, const std::string& where) {
    ECC_CHECK(check_header(elf, where));
    elf_version(EV_CURRENT);
    // libelf does not write to memory that nobody asked it to update.
    ElfHandle handle(elf_memory(reinterpret_cast<char*>(const_cast<std::uint8_t*>(elf.data())), elf.size()));
    std::size_t names = 0;
    if (!handle || elf_getshdrstrndx(handle.get(), &names) != 0)
        return input_error(where, fmt::format("malformed ELF: {}", elf_errmsg(-1)));

    std::vector<ElfSection> sections;
    for (Elf_Scn* scn = nullptr; (scn = elf_nextscn(handle.get(), scn)) != nullptr;) {
        GElf_Shdr header;
        if (gelf_getshdr(scn, &header) == nullptr)
            return input_error(where, fmt::format("malformed ELF: {}", elf_errmsg(-1)));
        const char* name = elf_strptr(handle.get(), names, header.sh_name);
        if (name == nullptr)
            return input_error(where, "malformed ELF: a section's name lies outside the string table");
        ElfSection& section = sections.emplace_back();
        section.name = name;
        section.executable = (header.sh_flags & SHF_EXECINSTR) != 0;
        if (header.sh_type == SHT_NOBITS)
            continue;
        if (header.sh_offset > elf.size() || header.sh_size > elf.size() - header.sh_offset)
            return input_error(where, fmt::format("malformed ELF: section {} lies outside the file", name));
        section.data = elf.subspan(header.sh_offset, header.sh_size);
    }
    return sections;
}

} // namespace ecc
