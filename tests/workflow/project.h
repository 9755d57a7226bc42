// A project of a user's: a folder with sources and a build file, in which programs run with `ecc` on PATH.
#pragma once

#include "support/files.h"
#include "tests/kernel/process.h"

#include <filesystem>
#include <string>

namespace ecc::test {

class Project {
public:
    /// Has prog.bpf.c and prog.c, which both include shared.h; prog.c also includes own.h.
    Project();

    std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
    void write(const std::string& name, const std::string& text) const;
    std::string read(const std::string& name) const;
    bool has(const std::string& name) const { return std::filesystem::exists(path(name)); }

    /// Gives the file `name` a time after that of `other`, and before that of whatever is built next.
    void make_newer_than(const std::string& other, const std::string& name) const;

    /// Runs a program in the folder.
    Output run(const Command& command) const;

private:
    TempDir folder_;
};

/// The folder of `ecc` and `ecc-run`.
std::filesystem::path program_folder();

/// A file or folder of this repository.
std::filesystem::path in_repository(const std::string& name);

} // namespace ecc::test
