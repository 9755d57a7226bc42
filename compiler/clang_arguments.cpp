#include "compiler/clang_arguments.h"

#include <algorithm>
#include <array>
#include <clang/Basic/LangStandard.h>
#include <clang/Options/Options.h>
#include <fmt/format.h>
#include <llvm/Option/ArgList.h>
#include <llvm/Option/OptTable.h>
#include <optional>
#include <string_view>

namespace ecc {
namespace {

constexpr std::array long_options_with_one_dash = {"-include",   "-std",        "-isystem", "-iquote",
                                                   "-idirafter", "-save-temps", "-MD",      "-MMD",
                                                   "-MP",        "-MF",         "-MT",      "-MQ"};
constexpr std::array joined_options = {"-isystem", "-iquote", "-idirafter", "-MF", "-MT", "-MQ"};

/// How `ecc` compiles with or without them.
constexpr std::array without_effect = {"-g",
                                       "-ggdb",
                                       "-O2",
                                       "-Os",
                                       "-c",
                                       "-pipe",
                                       "-static",
                                       "-mcpu=v3",
                                       "-target=bpf",
                                       "--target=bpf",
                                       "-fPIC",
                                       "-fpic",
                                       "-fno-pic",
                                       "-fno-PIC",
                                       "-fno-pie",
                                       "-fno-PIE",
                                       "-mlittle-endian",
                                       "-target=bpfel",
                                       "--target=bpfel",
                                       "-fno-exceptions",
                                       "-fno-stack-protector",
                                       "-fno-unwind-tables",
                                       "-fomit-frame-pointer",
                                       "-fno-omit-frame-pointer",
                                       "-fPIE",
                                       "-fpie",
                                       "-fsigned-char",
                                       "-fno-unsigned-char",
                                       "-fstrict-aliasing",
                                       "-frtti",
                                       "-fdiagnostics-color=auto",
                                       "-fdiagnostics-show-option",
                                       "-fspell-checking",
                                       "-fno-asynchronous-unwind-tables"};

/// Options that clang's driver rewrites for its compiler.
struct Rewritten {
    std::string_view option, instead;
};
constexpr std::array rewritten = {Rewritten{"-w", "-Wno-everything"},
                                  Rewritten{"-pedantic", "-Wpedantic"},
                                  Rewritten{"-pedantic-errors", "-Werror=pedantic"},
                                  Rewritten{"-fdiagnostics-color", "-fcolor-diagnostics"},
                                  Rewritten{"-fdiagnostics-color=always", "-fcolor-diagnostics"},
                                  Rewritten{"-funsigned-char", "-fno-signed-char"},
                                  Rewritten{"-fpack-struct", "-fpack-struct=1"}};

struct Refused {
    std::string_view start; ///< of the option; the whole if it ends in a space
    std::string_view reason, hint;
};

constexpr const char* no_other_output = "ecc writes a package and nothing else";
constexpr const char* temps_hint = "--save-temps, which also leaves the object and the generated sources";
constexpr const char* no_linker = "a user part is linked with wasi-libc and ecc's libbpf alone";
constexpr const char* sources_hint = "naming the library's sources among the files of the user part";
constexpr const char* no_machine = "the kernel part is for -mcpu=v3 and the user part for WebAssembly";
constexpr const char* arch_hint = "--arch, if it is about the kernel's architecture; else leave it out";
constexpr const char* leave_out = "leave it out";
constexpr const char* no_run_time = "neither part has a run-time library for it";
constexpr const char* no_color = "messages have colours on a terminal unless the environment asks for none";
constexpr const char* no_color_hint = "NO_COLOR=1 in the environment";
constexpr const char* name_hint =
    "a name that ends in .bpf.c for the kernel part, in .c or .cpp for the user part";

/// The first that fits counts.
constexpr std::array refused = {
    Refused{"-O",
            "the kernel part always has -O2, without which the verifier takes few programs, and the user "
            "part -Os",
            leave_out},
    Refused{"-g",
            "there is always debug information, as the types come from it; a package keeps its BTF alone",
            "-g, or leave it out"},
    Refused{"-target", no_machine, arch_hint},
    Refused{"--target", no_machine, arch_hint},
    Refused{"-S ", no_other_output, temps_hint},
    Refused{"-E ", no_other_output, temps_hint},
    Refused{"-emit-", no_other_output, temps_hint},
    Refused{"-fsyntax-only ", no_other_output, "ecc with -o /dev/null, which checks everything"},
    Refused{"-M ", "the dependencies are written beside the package, not in its place", "-MD"},
    Refused{"-MM ", "the dependencies are written beside the package, not in its place", "-MMD"},
    Refused{"-save-temps=", "the files always go to NAME.temps beside the package", "--save-temps"},
    Refused{"-x", "a file's name tells its language", name_hint},
    Refused{"-l", no_linker, sources_hint},
    Refused{"-L", no_linker, sources_hint},
    Refused{"-Wl,", no_linker, leave_out},
    Refused{"-Wa,", "there is no assembler", leave_out},
    Refused{"-Wp,", "there is no preprocessor of its own", "the option itself: -D, -U, -MD"},
    Refused{"-shared ", "a package is one program", leave_out},
    Refused{"-pthread ", "a user part has one thread", leave_out},
    Refused{"-nostd", "the headers and libraries that come with ecc are the only ones for WebAssembly",
            "-I, whose folders come first"},
    Refused{"-Xclang ", "options past clang's driver could break either part",
            "-f..., -W... as clang takes them"},
    Refused{"-mllvm ", "options past clang's driver could break either part",
            "-f..., -W... as clang takes them"},
    Refused{"-m", no_machine, arch_hint},
    Refused{
        "-fstack-protector",
        "the verifier proves the kernel part's stack, and WebAssembly keeps return addresses out of reach",
        leave_out},
    Refused{"-fexceptions ", no_run_time, leave_out},
    Refused{"-fno-color-diagnostics ", no_color, no_color_hint},
    Refused{"-fno-diagnostics-color ", no_color, no_color_hint},
    Refused{"-fdiagnostics-color=never ", no_color, no_color_hint},
    Refused{"-fsanitize", no_run_time, leave_out},
    Refused{"-fprofile", no_run_time, leave_out},
    Refused{"-fcoverage", no_run_time, leave_out},
    Refused{"-fplugin", "a plugin could not be loaded everywhere", leave_out},
    Refused{"-fpass-plugin", "a plugin could not be loaded everywhere", leave_out},
    Refused{"-fno-strict-aliasing", "clang's compiler is called as for strict aliasing",
            "__attribute__((__may_alias__)) for the types that it is about"},
    Refused{"-flto", "the kernel part is joined by libbpf's linker, which takes no bitcode", leave_out},
};

bool is_one_of(std::string_view argument, const auto& table) {
    return std::ranges::find(table, argument) != std::end(table);
}

bool starts_as(std::string_view argument, const Refused& option) {
    if (option.start.ends_with(' '))
        return argument == option.start.substr(0, option.start.size() - 1);
    return argument.starts_with(option.start);
}

/// Whether clang's driver (`clang::options::ClangOption`) or its compiler proper (`CC1Option`), which `ecc`
/// calls, takes it.
bool is_option_of(clang::options::ClangVisibility program, const std::string& argument) {
    unsigned missing_index = 0, missing = 0;
    const std::array text = {argument.c_str()};
    const auto parsed =
        clang::getDriverOptTable().ParseArgs(text, missing_index, missing, llvm::opt::Visibility(program));
    return missing == 0 && parsed.filtered(clang::options::OPT_UNKNOWN, clang::options::OPT_INPUT).empty();
}

std::string with_two_dashes(const std::string& argument) {
    if (is_one_of(argument, long_options_with_one_dash) || argument.starts_with("-std="))
        return "-" + argument;
    for (const std::string_view option : joined_options)
        if (argument.starts_with(option))
            return fmt::format("-{}={}", option, argument.substr(option.size()));
    return argument;
}

std::string own_spelling(const std::string& argument) {
    const auto found = std::ranges::find(rewritten, argument, &Rewritten::option);
    return found != rewritten.end() ? std::string(found->instead) : with_two_dashes(argument);
}

std::optional<Error> refusal(const std::string& argument) {
    const auto fits = [&](const Refused& option) { return starts_as(argument, option); };
    if (const auto found = std::ranges::find_if(refused, fits); found != refused.end())
        return Error{Fault::usage,
                     {},
                     fmt::format("{} cannot be given: {}", argument, found->reason),
                     std::string(found->hint)};
    if (!argument.starts_with("-f") || argument.size() == 2 || is_passed_on_apart(argument) ||
        is_option_of(clang::options::CC1Option, own_spelling(argument)))
        return std::nullopt;
    const char* reason =
        is_option_of(clang::options::ClangOption, argument)
            ? "clang's driver would make other options of it, and ecc calls the compiler itself"
            : "clang has no such option";
    return Error{Fault::usage, {}, fmt::format("{} cannot be given: {}", argument, reason), leave_out};
}

/// "-target bpf" as one word.
std::vector<std::string> with_joined_targets(std::vector<std::string> arguments) {
    for (std::size_t i = 0; i + 1 < arguments.size() && arguments[i] != "--"; ++i)
        if (arguments[i] == "-target" || arguments[i] == "--target") {
            arguments[i] += "=" + arguments[i + 1];
            arguments.erase(arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        }
    return arguments;
}

/// Of C or C++, the only languages that there are here.
bool is_standard(const std::string& name) {
    const auto kind = clang::LangStandard::getLangKind(name);
    if (kind == clang::LangStandard::lang_unspecified)
        return false;
    const clang::Language language = clang::LangStandard::getLangStandardForKind(kind).getLanguage();
    return language == clang::Language::C || language == clang::Language::CXX;
}

} // namespace

Result<void> check_standards(const CompilerFlags& flags) {
    for (const std::string& name : flags.standards)
        if (!is_standard(name))
            return usage_error(fmt::format("invalid value '{0}' in '-std={0}'", name),
                               "c11, c17, c23 or gnu11, gnu17, gnu23; for C++ files c++20, c++23 or gnu++23");
    return {};
}

Result<std::vector<std::string>> read_clang_arguments(std::vector<std::string> arguments) {
    std::vector<std::string> read;
    bool only_files = false;
    for (std::string& argument : with_joined_targets(std::move(arguments))) {
        only_files |= argument == "--";
        if (!only_files) {
            if (is_one_of(argument, without_effect))
                continue;
            if (auto error = refusal(argument))
                return std::unexpected(*std::move(error));
            argument = own_spelling(argument);
        }
        read.push_back(std::move(argument));
    }
    return read;
}

} // namespace ecc
