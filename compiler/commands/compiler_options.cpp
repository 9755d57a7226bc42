#include "compiler/commands/compiler_options.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

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
    FlagOption{"--isystem", &CompilerFlags::system_folders, "FOLDER",
               "the same after all -I, without warnings (also -isystem FOLDER)"},
    FlagOption{"--iquote", &CompilerFlags::quote_folders, "FOLDER",
               "for #include \"...\" alone (also -iquote FOLDER)"},
    FlagOption{"--idirafter", &CompilerFlags::last_folders, "FOLDER",
               "search this folder last (also -idirafter FOLDER)"},
    FlagOption{"-D", &CompilerFlags::definitions, "NAME[=VALUE]", "define a macro"},
    FlagOption{"-U", &CompilerFlags::undefinitions, "NAME", "undefine a macro"},
    FlagOption{"--include", &CompilerFlags::forced_includes, "FILE",
               "include a file first (also -include FILE)"},
    FlagOption{"-W", &CompilerFlags::warnings, "WARNING", "a warning option of clang: -Wall, -Wno-unused"},
    FlagOption{"-f", &CompilerFlags::features, "FEATURE",
               "an option of clang's compiler: -fno-builtin, -fshort-enums"},
    FlagOption{"--std", &CompilerFlags::standards, "STANDARD",
               "language standard (also -std=c11); one with ++ is for C++ files alone"},
};

/// "FILE" is for the only target, "ARCH=FILE" for the one that it names.
Result<void> give_btf(std::vector<KernelTarget>& targets, const std::string& btf) {
    const std::size_t equals = btf.find('=');
    const auto named =
        equals == btf.npos ? Result<const Architecture*>(nullptr) : find_architecture(btf.substr(0, equals));
    const bool is_named = named && *named != nullptr;
    if (!is_named && targets.size() != 1)
        return usage_error(fmt::format("--btf {} does not say which of the architectures it is for", btf),
                           fmt::format("--btf {}={}", targets.front().architecture->name, btf));
    const Architecture* architecture = is_named ? *named : targets.front().architecture;
    const auto target = std::ranges::find(targets, architecture, &KernelTarget::architecture);
    if (target == targets.end())
        return usage_error(
            fmt::format("--btf {} is for {}, which is not among --arch", btf, architecture->name),
            "say whose it is: --btf ARCH=FILE");
    target->btf = is_named ? btf.substr(equals + 1) : btf;
    return {};
}

} // namespace

void add_compiler_options(CLI::App& app, CompilerFlags& flags) {
    for (const FlagOption& option : flag_options)
        app.add_option(option.name, flags.*option.values, option.help)
            ->type_name(option.value_name)
            ->allow_extra_args(false)
            ->group("Compiler");
}

void add_dependency_options(CLI::App& app, DependencyArguments& arguments) {
    constexpr const char* group = "Dependencies, for make and ninja";
    app.add_flag("--MD", arguments.all, "also -MD: list all files that the package was made from in PROG.d")
        ->group(group);
    app.add_flag("--MMD", arguments.own, "also -MMD: the same without the headers that come with ecc")
        ->group(group);
    app.add_flag("--MP", arguments.phony, "also -MP: add a rule for each header, so that it may vanish")
        ->group(group);
    app.add_option("--MF", arguments.file, "also -MF: the name of that list")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--MT", arguments.targets, "also -MT: what its rule is for; default: the package")
        ->type_name("TARGET")
        ->allow_extra_args(false)
        ->group(group);
    app.add_option("--MQ", arguments.quoted_targets, "also -MQ: the same, quoted for make")
        ->type_name("TARGET")
        ->allow_extra_args(false)
        ->group(group);
}

Result<std::optional<DependencyOptions>> find_dependency_options(const DependencyArguments& arguments) {
    if (!arguments.all && !arguments.own) {
        if (arguments.phony || !arguments.file.empty() || !arguments.targets.empty() ||
            !arguments.quoted_targets.empty())
            return usage_error("-MF, -MT, -MQ and -MP say how to write what -MD lists", "add -MD or -MMD");
        return std::nullopt;
    }
    DependencyOptions options{
        .system_headers = !arguments.own, .targets = arguments.targets, .phony_headers = arguments.phony};
    if (!arguments.file.empty())
        options.file = arguments.file;
    std::ranges::transform(arguments.quoted_targets, std::back_inserter(options.targets), quoted_for_make);
    return options;
}

void add_opaque_option(CLI::App& app, std::vector<std::string>& types) {
    app.add_option("--allow-opaque", types,
                   "make bytes of what no language can say of this struct: members that overlap")
        ->type_name("TYPE")
        ->allow_extra_args(false);
}

void add_target_options(CLI::App& app, TargetArguments& arguments) {
    app.add_option(
           "--arch", arguments.architectures,
           fmt::format("the kernels' architectures, one object for each; default: this machine's; of {}",
                       architecture_names()))
        ->type_name("ARCH,...")
        ->delimiter(',')
        ->allow_extra_args(false);
    app.add_option("--btf", arguments.btf,
                   "BTF to make vmlinux.h from; with several --arch, once for each as ARCH=FILE; default: "
                   "the running "
                   "kernel's, with the registers of the architecture")
        ->type_name("[ARCH=]FILE")
        ->allow_extra_args(false);
}

Result<std::vector<KernelTarget>> find_targets(const TargetArguments& arguments) {
    std::vector<KernelTarget> targets;
    for (const std::string& name : arguments.architectures) {
        ECC_TRY(const Architecture* architecture, find_architecture(name));
        if (std::ranges::find(targets, architecture, &KernelTarget::architecture) == targets.end())
            targets.push_back({architecture, {}});
    }
    if (targets.empty())
        targets.emplace_back();
    for (const std::string& btf : arguments.btf)
        ECC_CHECK(give_btf(targets, btf));
    return targets;
}

} // namespace ecc
