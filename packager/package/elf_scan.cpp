#include "packager/package/elf_scan.h"

#include "support/type_relocations.h"

#include <cstring>
#include <gelf.h>
#include <linux/bpf.h>
#include <memory>
#include <utility>

namespace ecc {

namespace {

struct CloseElf {
    void operator()(Elf* elf) const { elf_end(elf); }
};

void scan_code(ByteView code, ElfScan& scan) {
    for (std::size_t at = 0; at + sizeof(bpf_insn) <= code.size(); at += sizeof(bpf_insn)) {
        bpf_insn instruction;
        std::memcpy(&instruction, code.data() + at, sizeof instruction);
        if (instruction.code != (BPF_JMP | BPF_CALL))
            continue;
        if (instruction.src_reg == 0)
            scan.helpers.insert(instruction.imm);
        else if (instruction.src_reg != BPF_PSEUDO_CALL)
            scan.calls_kernel_by_id = true;
    }
}

ByteView section_bytes(Elf_Scn* section) {
    const Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr)
        return {};
    return {static_cast<const std::uint8_t*>(data->d_buf), data->d_size};
}

/// Empty if it lies outside.
ByteView part_of(ByteView elf, const GElf_Shdr& section) {
    const bool inside = section.sh_offset <= elf.size() && section.sh_size <= elf.size() - section.sh_offset;
    return inside ? elf.subspan(section.sh_offset, section.sh_size) : ByteView();
}

void scan_types(std::string_view name, ByteView section, ElfScan& scan) {
    if (name == ".BTF")
        scan.btf.push_back(section);
    scan.has_jump_tables |= name == ".jumptables";
    if (name == ".BTF.ext") {
        scan.btf_ext.push_back(section);
        const auto relocations = read_type_relocations(section);
        scan.relocates_types |= !relocations || !relocations->empty();
    }
}

/// As libbpf takes them: every function symbol in a section with code.
void scan_symbol(Elf* elf, ByteView bytes, const GElf_Sym& symbol, ElfScan& scan) {
    if (symbol.st_shndx == SHN_UNDEF)
        ++scan.externs;
    GElf_Shdr code;
    Elf_Scn* section = elf_getscn(elf, symbol.st_shndx);
    if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || section == nullptr ||
        gelf_getshdr(section, &code) == nullptr || (code.sh_flags & SHF_EXECINSTR) == 0)
        return;
    const ByteView all = part_of(bytes, code);
    if (symbol.st_value <= all.size() && symbol.st_size <= all.size() - symbol.st_value)
        scan.functions.push_back(all.subspan(symbol.st_value, symbol.st_size));
}

void scan_symbols(Elf* elf, ByteView bytes, Elf_Scn* table, ElfScan& scan) {
    Elf_Data* data = elf_getdata(table, nullptr);
    GElf_Sym symbol;
    for (int i = 0; data != nullptr && gelf_getsym(data, i, &symbol) != nullptr; ++i)
        scan_symbol(elf, bytes, symbol, scan);
}

/// The tables of an ELF that its relocations refer to. libbpf takes one symbol table, whichever section a
/// relocation names.
struct Symbols {
    Elf_Data* table = nullptr;
    std::size_t names = 0; ///< the section of their names
};

/// As libbpf takes them: by the section that `info` names, whatever its flags are.
void scan_relocations(Elf* elf, Elf_Scn* section, const GElf_Shdr& info, const Symbols& symbols,
                      ElfScan& scan) {
    Elf_Data* entries = elf_getdata(section, nullptr);
    const ByteView code = section_bytes(elf_getscn(elf, info.sh_info));
    GElf_Rel relocation;
    GElf_Sym symbol;
    for (int i = 0; entries != nullptr && gelf_getrel(entries, i, &relocation) != nullptr; ++i) {
        const auto at = relocation.r_offset;
        if (at >= code.size() || code[at] != (BPF_JMP | BPF_CALL))
            continue;
        const auto index = static_cast<int>(GELF_R_SYM(relocation.r_info));
        if (gelf_getsym(symbols.table, index, &symbol) == nullptr || symbol.st_shndx != SHN_UNDEF)
            continue;
        const char* name = elf_strptr(elf, symbols.names, symbol.st_name);
        if (name != nullptr)
            scan.called_externs.insert(name);
    }
}

} // namespace

Result<ElfScan> scan_elf(ByteView bytes, const std::string& where) {
    elf_version(EV_CURRENT);
    // libelf's interface wants a mutable buffer but reads only: the file is opened for reading.
    auto* image = reinterpret_cast<char*>(const_cast<std::uint8_t*>(bytes.data()));
    const std::unique_ptr<Elf, CloseElf> elf(elf_memory(image, bytes.size()));
    GElf_Ehdr header;
    if (!elf || gelf_getehdr(elf.get(), &header) == nullptr)
        return input_error(where, "not a readable ELF file");
    if (header.e_machine != EM_BPF || header.e_ident[EI_DATA] != ELFDATA2LSB)
        return input_error(where, "not a BPF object for a little-endian kernel");
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf.get(), &names) != 0)
        return input_error(where, "the section names cannot be read");
    ElfScan scan;
    Symbols symbols;
    std::vector<std::pair<Elf_Scn*, GElf_Shdr>> relocations;
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf.get(), section)) != nullptr;) {
        GElf_Shdr info;
        if (gelf_getshdr(section, &info) == nullptr)
            return input_error(where, "a section header cannot be read");
        const char* name = elf_strptr(elf.get(), names, info.sh_name);
        if ((info.sh_flags & SHF_EXECINSTR) != 0)
            scan_code(section_bytes(section), scan);
        if (info.sh_type == SHT_SYMTAB) {
            scan_symbols(elf.get(), bytes, section, scan);
            symbols = {.table = elf_getdata(section, nullptr), .names = info.sh_link};
        }
        if (info.sh_type == SHT_REL)
            relocations.emplace_back(section, info);
        if (name != nullptr) // libbpf too goes by the name first, whatever the flags say
            scan_types(name, part_of(bytes, info), scan);
    }
    for (const auto& [section, info] : relocations)
        scan_relocations(elf.get(), section, info, symbols, scan);
    return scan;
}

} // namespace ecc
