#include "compiler/commands/runtime_files.h"

#include "compiler/commands/runner.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <elf.h>
#include <fmt/format.h>
#include <memory>
#include <sstream>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_program_headers = 64;

/// The loader that an ELF program names (elf(5), PT_INTERP); empty for one that is linked statically.
std::string interpreter_of(ByteView program) {
    Elf64_Ehdr header;
    if (program.size() < sizeof header)
        return {};
    std::memcpy(&header, program.data(), sizeof header);
    for (std::size_t i = 0; i < std::min<std::size_t>(header.e_phnum, max_program_headers); i++) {
        Elf64_Phdr segment;
        const std::size_t offset = header.e_phoff + i * sizeof segment;
        if (offset + sizeof segment > program.size())
            return {};
        std::memcpy(&segment, program.data() + offset, sizeof segment);
        if (segment.p_type == PT_INTERP && segment.p_offset + segment.p_filesz <= program.size())
            return std::string(as_text(program.subspan(segment.p_offset, segment.p_filesz)).data());
    }
    return {};
}

/// What the loader would map, as ldd(1) asks it: lines "libc.so.6 => /lib/…/libc.so.6 (0x…)".
Result<std::vector<std::string>> libraries_of(const fs::path& program, const std::string& loader) {
    const std::string command = fmt::format("'{}' --list '{}'", loader, program.string());
    if (program.string().find('\'') != std::string::npos || loader.find('\'') != std::string::npos)
        return environment_error(program.string(), "has a quote in its path");
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "re"), ::pclose);
    std::string text;
    std::array<char, 4096> buffer;
    for (std::size_t n;
         pipe && (n = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0 && text.size() < 1u << 20;)
        text.append(buffer.data(), n);
    std::vector<std::string> libraries;
    std::istringstream lines(text);
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
    ECC_TRY(auto bytes, read_file(path));
    return RuntimeFile{name.substr(name.find_first_not_of('/')),
                       std::make_shared<const Bytes>(std::move(bytes))};
}

} // namespace

Result<std::vector<RuntimeFile>> runtime_files() {
    ECC_TRY(auto runner, find_runner());
    std::vector<RuntimeFile> files;
    ECC_TRY(auto program, load("usr/bin/ecc-run", runner));
    const std::string loader = interpreter_of(*program.content);
    files.push_back(std::move(program));
    if (loader.empty())
        return files;
    ECC_TRY(auto loader_file, load(loader, loader));
    files.push_back(std::move(loader_file));
    ECC_TRY(auto libraries, libraries_of(runner, loader));
    for (const std::string& library : libraries) {
        ECC_TRY(auto file, load(library, library));
        files.push_back(std::move(file));
    }
    return files;
}

} // namespace ecc
