#include "compiler/commands/runtime_files.h"

#include "compiler/architecture.h"
#include "compiler/commands/runner.h"
#include "compiler/guest/tool.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <elf.h>
#include <fmt/format.h>
#include <sstream>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_program_headers = 64;

template <class Part> Result<Part> read_part(const BlobSource& file, std::uint64_t offset) {
    Part part = {};
    ECC_CHECK(file.read(offset, {reinterpret_cast<std::uint8_t*>(&part), sizeof part}));
    return part;
}

Result<Elf64_Ehdr> elf_header(const BlobSource& program, const std::string& where) {
    ECC_TRY(const auto header, read_part<Elf64_Ehdr>(program, 0));
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != ELFDATA2LSB)
        return environment_error(where, "is no 64-bit little-endian ELF program, so no image can start it",
                                 "install the program ecc-run itself beside ecc, or name it with --runtime");
    return header;
}

Result<const Architecture*> architecture_of_program(const Elf64_Ehdr& header, const std::string& where) {
    if (const Architecture* known = architecture_of_elf(header.e_machine))
        return known;
    return environment_error(
        where, fmt::format("is for a machine that has no name here (e_machine {})", header.e_machine),
        "packages are for " + architecture_names());
}

/// The loader that it names (elf(5), PT_INTERP); empty for one that is linked statically.
Result<std::string> interpreter_of(const Elf64_Ehdr& header, const BlobSource& program) {
    for (std::size_t i = 0; i < std::min<std::size_t>(header.e_phnum, max_program_headers); i++) {
        ECC_TRY(const auto segment, read_part<Elf64_Phdr>(program, header.e_phoff + i * sizeof(Elf64_Phdr)));
        if (segment.p_type != PT_INTERP)
            continue;
        Bytes path(std::min<std::size_t>(segment.p_filesz, PATH_MAX));
        ECC_TRY(const std::size_t count, program.read(segment.p_offset, path));
        const std::string_view text = as_text(ByteView(path).first(count));
        return std::string(text.substr(0, text.find('\0')));
    }
    return std::string();
}

/// What the loader would map, as ldd(1) asks it: lines "libc.so.6 => /lib/…/libc.so.6 (0x…)". LD_LIBRARY_PATH
/// and the like are of whoever pushes, and not there in the image.
Result<std::vector<std::string>> libraries_of(const fs::path& program, const std::string& loader) {
    // A name without a slash would be looked for among the libraries.
    const std::string path = (program.has_parent_path() ? program : "." / program).string();
    ToolRun run{.arguments = {loader, "--list", path}, .folder = ".", .environment = {}, .withheld = "LD_"};
    ECC_TRY(const ToolAnswer answer, run_tool(run, "install the libraries of " + program.string()));
    std::vector<std::string> libraries;
    std::istringstream lines(answer.output);
    for (std::string line; std::getline(lines, line);) {
        const auto arrow = line.find("=> /");
        if (line.find("not found") != line.npos)
            return environment_error(program.string(), "misses a library:" + line);
        if (arrow != line.npos)
            libraries.push_back(line.substr(arrow + 3, line.find(' ', arrow + 3) - arrow - 3));
    }
    if (libraries.empty())
        return environment_error(program.string(), "has libraries that its loader does not tell");
    return libraries;
}

Result<RuntimeFile> load(const std::string& name, const fs::path& path) {
    ECC_TRY(std::shared_ptr<const BlobSource> content, FileSource::open(path));
    return RuntimeFile{name.substr(name.find_first_not_of('/')), std::move(content)};
}

Result<Runtime> load_runtime(const fs::path& runner) {
    ECC_TRY(auto program, load("usr/bin/ecc-run", runner));
    ECC_TRY(const Elf64_Ehdr header, elf_header(*program.content, runner.string()));
    ECC_TRY(const Architecture* architecture, architecture_of_program(header, runner.string()));
    Runtime runtime{.architecture = std::string(architecture->oci), .files = {}};
    ECC_TRY(const std::string loader, interpreter_of(header, *program.content));
    runtime.files.push_back(std::move(program));
    if (loader.empty())
        return runtime;
    if (architecture->name != host_architecture().name)
        return environment_error(
            runner.string(),
            fmt::format("is for {} and linked with libraries, which only such a machine can tell",
                        architecture->oci),
            "name one that is linked statically, or push from a machine of that architecture: "
            "`ecc manifest index create` joins the images");
    ECC_TRY(auto loader_file, load(loader, loader));
    runtime.files.push_back(std::move(loader_file));
    ECC_TRY(const auto libraries, libraries_of(runner, loader));
    for (const std::string& library : libraries) {
        ECC_TRY(auto file, load(library, library));
        runtime.files.push_back(std::move(file));
    }
    return runtime;
}

} // namespace

Result<std::vector<Runtime>> load_runtimes(const std::vector<std::string>& programs) {
    std::vector<Runtime> runtimes(programs.size());
    for (std::size_t i = 0; i < programs.size(); i++) {
        auto runtime = load_runtime(programs[i]);
        if (!runtime)
            return input_error(runtime.error().where, runtime.error().what, runtime.error().hint);
        runtimes[i] = std::move(*runtime);
    }
    if (programs.empty()) {
        ECC_TRY(const fs::path runner, find_runner());
        ECC_TRY(runtimes.emplace_back(), load_runtime(runner));
    }
    return runtimes;
}

} // namespace ecc
