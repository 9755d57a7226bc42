// `ecc build`, which `ecc FILE...` means too.

#include "compiler/build.h"

#include "compiler/clang_arguments.h"
#include "compiler/commands/command.h"
#include "compiler/commands/compiler_options.h"
#include "compiler/heap.h"

#include <memory>

namespace ecc {
namespace {

constexpr const char* explanation = R"(
A file that ends in .bpf.c is compiled for the kernel, other .c and .cpp files for wasm32 WASI as the user part. Several
.bpf.c become one object. Without a user part one is generated that prints the records of every ring buffer and what
iterators write.

#include "vmlinux.h" needs no such file: the header is made from the kernel's BTF. A user part finds the skeleton
in "NAME.skel.h" and the types in "NAME.types.h", in C++ both in "NAME.skel.hpp" too (which needs C++20; the default is
gnu++23), NAME being the first .bpf.c without its suffix.

  ecc opensnoop.bpf.c                           -> opensnoop.wasm
  ecc bootstrap.bpf.c bootstrap.c -o out.wasm   a user part that uses libbpf's API
  generate | ecc - -o out.wasm                  BPF C from standard input, NAME being the output's (or stdin)
  ecc bootstrap.bpf.c --guest tools/            a user part in Rust or Go: the folder of its Cargo.toml or go.mod
  ecc prog.bpf.c --save-temps                   leaves the object and the generated sources in prog.temps too
  ecc prog.bpf.c --arch x86,arm64               one package for kernels of both
  ecc prog.bpf.c -MD -MF prog.d                 tells make and ninja what to watch
  ecc prog.bpf.c --record prog.build.json       notes sources, headers, libraries, versions and the log

--guest writes the bindings into the folder, src/NAME_skel.rs or NAME/NAME_skel.go, and has cargo or go build it for
WebAssembly, a Rust package for size unless it has a [profile.release] of its own. The crate ecc-guest and the Go
module ecc/guest come with ecc.

Of clang's options, -g, -O2, -Os, -c, -pipe, -target bpf, -mcpu=v3 and those like -fno-stack-protector that change nothing
here are accepted without effect: the kernel part is always compiled with -O2 -g -mcpu=v3, the user part with -Os.

With WASI_SDK_PATH set, libc and libc++ come from that wasi-sdk.)";

struct Arguments {
    std::vector<std::string> files;
    std::string guest;
    std::string output;
    std::string record;
    TargetArguments targets;
    CompilerFlags flags;
    DependencyArguments dependencies;
    std::vector<std::string> opaque_types;
    bool save_temps = false;
    bool verbose = false;
};

CommandResult run(const Arguments& arguments, const Diagnostics& diagnostics) {
    ECC_CHECK(check_standards(arguments.flags));
    prepare_heap();
    BuildOptions options;
    options.sources.assign(arguments.files.begin(), arguments.files.end());
    options.flags = arguments.flags;
    options.opaque_types = arguments.opaque_types;
    options.save_temps = arguments.save_temps;
    if (!arguments.guest.empty())
        options.guest = arguments.guest;
    if (!arguments.output.empty())
        options.output = arguments.output;
    if (!arguments.record.empty())
        options.record = arguments.record;
    ECC_TRY(options.dependencies, find_dependency_options(arguments.dependencies));
    ECC_TRY(options.targets, find_targets(arguments.targets));
    BuildLog log(stderr, arguments.verbose);
    ECC_CHECK(build(options, log, diagnostics));
    return 0;
}

} // namespace

CommandBody define_build(CLI::App& app, const Diagnostics& diagnostics) {
    auto arguments = std::make_shared<Arguments>();
    app.add_option("FILE", arguments->files,
                   "PROG.bpf.c ... and the files of the user part; - is BPF C from standard input")
        ->required();
    app.add_option("--guest", arguments->guest, "the user part: a folder with a Cargo.toml or go.mod")
        ->type_name("FOLDER");
    app.add_option("-o,--output", arguments->output,
                   "the package; - is standard output; default: PROG.wasm here")
        ->type_name("FILE");
    app.add_option("--record", arguments->record,
                   "also write what went into it and how it was built, for `ecc push --attest`")
        ->type_name("FILE");
    add_target_options(app, arguments->targets);
    app.add_flag("--save-temps", arguments->save_temps,
                 "leave NAME.bpf.o (NAME.ARCH.bpf.o of several), NAME.skel.h, NAME.types.h and a generated "
                 "NAME.main.c in the folder NAME.temps beside the package (also -save-temps)");
    app.add_flag("-v,--verbose", arguments->verbose, "show each step, its time and sizes");
    add_opaque_option(app, arguments->opaque_types);
    add_compiler_options(app, arguments->flags);
    add_dependency_options(app, arguments->dependencies);
    app.footer(explanation);
    return [arguments, &diagnostics] { return run(*arguments, diagnostics); };
}

} // namespace ecc
