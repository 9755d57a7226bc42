// `ecc gen skeleton|types|vmlinux FILE`: generated text on standard output.

#include "compiler/gen.h"

#include "compiler/clang_arguments.h"
#include "compiler/commands/command.h"
#include "compiler/commands/compiler_options.h"
#include "compiler/commands/gen_k8s.h"
#include "compiler/heap.h"
#include "support/completion.h"
#include "support/files.h"
#include "support/near_names.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace ecc {
namespace {

struct Kind {
    std::string_view name;
    GenKind kind;
};

constexpr std::array kinds = {Kind{"skeleton", GenKind::skeleton}, Kind{"types", GenKind::types},
                              Kind{"vmlinux", GenKind::vmlinux}};

constexpr const char* explanation = R"(
FILE is BPF C, a BPF object, a package, a BTF blob such as /sys/kernel/btf/vmlinux, or - for standard input; its bytes
tell which.

  skeleton  C: bpftool's skeleton on libbpf for Wasm (NAME.skel.h); C++, Rust and Go: programs, links, maps, records and
            globals by their types, with these types (NAME.skel.hpp, NAME_skel.rs, NAME_skel.go)
  types     the types of maps, globals and ring-buffer records, with the same bytes on wasm32 as in the kernel; of a BTF
            blob, every named type (NAME.types.h, NAME.types.hpp, NAME_types.rs, NAME_types.go)
  k8s       what starts a package on every node of a cluster (ecc gen k8s --help)
  vmlinux   vmlinux.h: of BPF C, cut to what it uses; of an object or BTF, every type

  ecc gen skeleton bootstrap.bpf.c > bootstrap.skel.h
  ecc gen types --assert bootstrap.bpf.o
  ecc gen types --lang cpp --module trace bootstrap.bpf.c -o bootstrap.types.hpp
  //go:generate ecc gen skeleton --lang go --module bootstrap bootstrap.bpf.c -o bootstrap/bootstrap_skel.go
  ecc gen vmlinux /sys/kernel/btf/vmlinux -o vmlinux.h)";

struct Arguments {
    std::string what;
    std::string file;
    std::string language = "c";
    std::string output = "-";
    std::string base;
    TargetArguments targets;
    CompilerFlags flags;
    TypesOptions types;
    std::vector<std::string> opaque_types;
};

Result<GenKind> find_kind(const std::string& name) {
    const auto* found = std::ranges::find(kinds, std::string_view(name), &Kind::name);
    if (found != kinds.end())
        return found->kind;
    return usage_error(fmt::format("ecc gen does not know \"{}\"", name),
                       "choose skeleton, types or vmlinux");
}

/// How each kind is asked for, with all that may be missing.
constexpr const char* usage = "ecc gen skeleton|types|vmlinux FILE, or ecc gen k8s REF";

Result<void> check_words(const Arguments& arguments) {
    if (arguments.what.empty())
        return usage_error("what to make and of which FILE is missing", usage);
    ECC_CHECK(find_kind(arguments.what));
    if (arguments.file.empty())
        return usage_error(fmt::format("the FILE to make \"{}\" of is missing", arguments.what), usage);
    return {};
}

/// vmlinux.h is what BPF C includes; user parts in other languages get types.
Result<void> check_language(const GenOptions& options, const Arguments& arguments) {
    if (options.kind != GenKind::vmlinux || options.language == Language::c)
        return {};
    return usage_error(
        fmt::format("vmlinux.h is what BPF programs include, in C: --lang {} has no meaning for it",
                    arguments.language),
        fmt::format("ecc gen types --lang {} {}, for the types of a user part", arguments.language,
                    arguments.file));
}

Result<void> check_output(const Arguments& arguments) {
    std::error_code ignored; // of what is not there
    if (std::filesystem::is_regular_file(arguments.output, ignored) &&
        std::filesystem::equivalent(arguments.file, arguments.output, ignored))
        return usage_error(fmt::format("the output {} would replace the input", arguments.output),
                           "give another name with -o");
    return {};
}

CommandResult run(const Arguments& arguments) {
    ECC_CHECK(check_words(arguments));
    ECC_CHECK(check_output(arguments));
    ECC_CHECK(check_standards(arguments.flags));
    prepare_heap();
    GenOptions options;
    ECC_TRY(options.kind, find_kind(arguments.what));
    ECC_TRY(options.language, find_language(arguments.language));
    ECC_CHECK(check_language(options, arguments));
    options.input = arguments.file;
    options.base = arguments.base;
    options.flags = arguments.flags;
    options.types = arguments.types;
    options.opaque_types = arguments.opaque_types;
    ECC_TRY(const std::vector<KernelTarget> targets, find_targets(arguments.targets));
    if (targets.size() != 1)
        return usage_error("ecc gen makes text for one architecture", "give one --arch");
    options.target = targets.front();
    BuildLog log(stderr, false);
    ECC_TRY(const std::string text, generate(options, log));
    ECC_CHECK(write_file(arguments.output, as_bytes(text)));
    return 0;
}

} // namespace

CommandBody define_gen(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* k8s = app.add_subcommand("k8s", "print a DaemonSet that runs a package on every node");
    const CommandBody run_k8s = define_gen_k8s(*k8s, diagnostics);
    app.add_option("WHAT", arguments->what, "skeleton, types or vmlinux")
        ->type_name(type_of_choices(names_in(kinds, &Kind::name)));
    app.add_option("FILE", arguments->file, "what to read; - is standard input");
    app.add_option("--lang", arguments->language,
                   fmt::format("of skeletons and types: {} (default: c)", language_choices()))
        ->type_name(type_of_choices(language_names()));
    app.add_option("-o,--output", arguments->output, "where to write; default: standard output")
        ->type_name("FILE");
    app.add_flag("--assert", arguments->types.assertions,
                 "assert every type's size, alignment, offsets and bitfields");
    app.add_option("--module", arguments->types.module,
                   "C++ namespace or Go package; default: made of the file's name")
        ->type_name("NAME");
    app.add_option(
           "-B,--base-btf", arguments->base,
           "BTF or vmlinux that FILE, the BTF or .ko of a kernel module, adds to; default for what lies in"
           " /sys/kernel/btf: vmlinux there")
        ->type_name("FILE");
    add_opaque_option(app, arguments->opaque_types);
    add_target_options(app, arguments->targets);
    add_compiler_options(app, arguments->flags);
    app.footer(explanation);
    return [=] { return k8s->parsed() ? run_k8s() : run(*arguments); };
}

} // namespace ecc
