#include "runtime-min/btf_cut_cache.h"

#include "packager/package/owned_btf.h"
#include "runtime-min/btf_cut.h"
#include "support/digest.h"
#include "support/files.h"

#include <bpf/btf.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/utsname.h>

namespace ecc {

namespace {

constexpr const char* kernel_btf = "/sys/kernel/btf/vmlinux";
constexpr const char* kernel_notes = "/sys/kernel/notes";

/// An ELF note (elf(5)): lengths of name and description, a type, and both padded to 4 bytes.
bool has_build_id(ByteView notes) {
    constexpr std::uint32_t nt_gnu_build_id = 3;
    const auto padded = [](std::uint32_t length) { return (std::size_t{length} + 3) & ~std::size_t{3}; };
    ByteReader reader(notes);
    while (reader.ok() && !reader.at_end()) {
        const auto name_length = reader.u32(), length = reader.u32(), type = reader.u32();
        const auto name = as_text(reader.take(padded(name_length)));
        reader.take(padded(length));
        if (reader.ok() && type == nt_gnu_build_id && name == std::string_view("GNU\0", 4))
            return true;
    }
    return false;
}

std::string entry_name(const std::string& kernel, ByteView elf) {
    const auto digest =
        sha256_digest(as_bytes(fmt::format("{} {} {}", ECC_VERSION, kernel, sha256_digest(elf))));
    return "types-" + digest.substr(digest.find(':') + 1);
}

std::optional<Bytes> make_cut(const ElfScan& scan) {
    if (scan.btf.size() != 1 || scan.btf_ext.size() != 1)
        return std::nullopt;
    const OwnedBtf kernel(btf__parse(kernel_btf, nullptr));
    return kernel ? cut_btf(kernel.get(), scan.btf.front(), scan.btf_ext.front()) : std::nullopt;
}

} // namespace

std::optional<std::string> kernel_build() {
    struct stat types{};
    utsname system{};
    const auto notes = read_file(kernel_notes);
    if (::stat(kernel_btf, &types) != 0 || ::uname(&system) != 0 || !notes || !has_build_id(*notes))
        return std::nullopt;
    // A kernel's id need not cover types that were added to it after linking.
    return fmt::format("{} {} {} {} {}", system.release, system.version, system.machine, types.st_size,
                       sha256_digest(*notes));
}

std::optional<Bytes> BtfCutCache::find_or_make(ByteView elf, const ElfScan& scan) const {
    const auto kernel = folder_ != nullptr ? kernel_build() : std::nullopt;
    if (!kernel)
        return std::nullopt;
    const auto name = entry_name(*kernel, elf);
    if (auto kept = folder_->read(name))
        return kept;
    auto cut = make_cut(scan);
    (void)folder_->write(name, cut.value_or(Bytes()));
    return cut;
}

std::optional<BtfSource> BtfCutCache::find(ByteView elf, const ElfScan& scan) const {
    const auto cut = find_or_make(elf, scan);
    // An empty entry says that this object must see all types.
    if (!cut || cut->empty())
        return std::nullopt;
    auto source = btf_in_memory(*cut);
    return source ? std::optional(*std::move(source)) : std::nullopt;
}

} // namespace ecc
