#include "compiler/commands/compiler_options.h"

namespace ecc {
namespace {

struct FlagOption {
    const char* name;
    std::vector<std::string> CompilerFlags::* values;
    const char* value_name;
    const char* help;
};

constexpr std::array flag_options = {
    FlagOption{"-I", &CompilerFlags::include_folders, "FOLDER", "search this folder for headers"},
    FlagOption{"-D", &CompilerFlags::definitions, "NAME[=VALUE]", "define a macro"},
    FlagOption{"-U", &CompilerFlags::undefinitions, "NAME", "undefine a macro"},
    FlagOption{"--include", &CompilerFlags::forced_includes, "FILE",
               "include a file first (also -include FILE)"},
    FlagOption{"-W", &CompilerFlags::warnings, "WARNING", "a warning option of clang: -Wall, -Wno-unused"},
    FlagOption{"--std", &CompilerFlags::standards, "STANDARD",
               "language standard (also -std=c11); one with ++ is for C++ files alone"},
};

} // namespace

void add_compiler_options(CLI::App& app, CompilerFlags& flags) {
    for (const FlagOption& option : flag_options)
        app.add_option(option.name, flags.*option.values, option.help)
            ->type_name(option.value_name)
            ->allow_extra_args(false)
            ->group("Compiler");
}

void add_btf_option(CLI::App& app, std::string& btf) {
    app.add_option("--btf", btf, "BTF to make vmlinux.h from; default: the running kernel's")
        ->type_name("FILE");
}

} // namespace ecc
