#include "compiler/user_part.h"

#include "compiler/analysis/layout_check.h"
#include "compiler/clang_job.h"
#include "compiler/place.h"
#include "compiler/wasm_link.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sstream>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view code_arguments =
    "-cc1 -triple wasm32-unknown-wasip1 -target-cpu generic -emit-obj -Os -disable-free "
    "-disable-llvm-verifier -discard-value-names -mrelocation-model static -mframe-pointer=none "
    "-ffp-contract=on -fno-rounding-math -mconstructor-aliases -fvisibility=hidden "
    "-ffunction-sections -fdata-sections -ferror-limit 19 -fgnuc-version=4.2.1 -vectorize-loops "
    "-vectorize-slp -nostdsysteminc -nobuiltininc -D_WASI_EMULATED_SIGNAL "
    "-D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_GETPID -D_WASI_EMULATED_MMAN";

constexpr std::array cxx_suffixes = {".cpp", ".cc", ".cxx"};

void add_language(std::vector<std::string>& arguments, bool cxx, const CompilerFlags& flags) {
    arguments.insert(arguments.end(), {"-x", cxx ? "c++" : "c"});
    if (cxx) // the skeleton in C++ needs C++20; a standard of the user's comes later and wins
        arguments.insert(arguments.end(), {"-fdeprecated-macro", "-std=gnu++23"});
    add_flags(arguments, flags, cxx ? SourceLanguage::cxx : SourceLanguage::c);
}

void add_search_paths(std::vector<std::string>& arguments, bool cxx, const Resources& resources) {
    std::vector<fs::path> folders = {resources.guest_headers(), resources.clang_headers(),
                                     resources.sysroot.c_headers, resources.kernel_headers()};
    if (cxx)
        folders.insert(folders.begin(), resources.sysroot.cxx_headers);
    for (const fs::path& folder : folders)
        arguments.insert(arguments.end(), {"-internal-isystem", folder.string()});
}

/// A generated header is found beside the source, where a stale copy may lie, and before every -I.
void add_headers(ClangJob& job, const std::vector<RenderedFile>& headers) {
    const fs::path beside = fs::path(job.input).parent_path();
    for (const RenderedFile& header : headers)
        for (const fs::path& folder : {beside, fs::path(generated_folder)})
            job.files.push_back({folder / header.name, [&header] { return header.text; }});
}

ClangJob job_for(const SourceFile& source, const UserPart& part, const LayoutSet& layouts,
                 const Resources& resources, bool color) {
    const bool cxx = is_cxx_source(source.path);
    ClangJob job{.input = source.path.string(), .arguments = words(code_arguments), .color = color};
    job.arguments.insert(job.arguments.end(), {"-main-file-name", source.path.filename().string()});
    job.arguments.push_back(std::string("-I") + generated_folder);
    add_language(job.arguments, cxx, part.flags);
    add_place_arguments(job.arguments, part.sources, part.flags, resources);
    add_search_paths(job.arguments, cxx, resources);
    add_headers(job, part.headers);
    job.files.push_back({source.path, [&source] { return source.text; }});
    // A generated assertion on the size of a global fails first, without a member's name.
    job.inspects_failures = true;
    job.inspect = [&](clang::ASTContext& context) { check_layouts(context, layouts, part.shared_records); };
    return job;
}

/// What clang says where a skeleton comes before the types of its globals.
constexpr std::array missing_types = {"incomplete type", "incomplete element type", "unknown type name"};

bool lacks_types(const std::string& diagnostics, const std::string& header) {
    std::istringstream lines(diagnostics);
    for (std::string line; std::getline(lines, line);)
        if (line.find(header + ':') != line.npos && std::ranges::any_of(missing_types, [&](const char* text) {
                return line.find(text) != line.npos;
            }))
            return true;
    return false;
}

/// A skeleton in C refers to the program's types, as bpftool's does, and does not say where they are.
std::string hint_for(const std::string& diagnostics, const std::vector<RenderedFile>& headers) {
    const auto ending_in = [&](std::string_view suffix) {
        return std::ranges::find_if(headers,
                                    [=](const RenderedFile& file) { return file.name.ends_with(suffix); });
    };
    const auto skeleton = ending_in(".skel.h");
    const auto types = ending_in(".types.h");
    if (skeleton == headers.end() || types == headers.end() || !lacks_types(diagnostics, skeleton->name))
        return {};
    return fmt::format("#include \"{}\", or your own header with these types, before \"{}\"", types->name,
                       skeleton->name);
}

Result<ClangOutcome> compile(const ClangJob& job, const UserPart& part, BuildLog& log) {
    ClangOutcome outcome = run_clang(job);
    log.compiler_text(outcome.diagnostics);
    if (!outcome.ok)
        return input_error(job.input, "the user part does not compile; clang's messages are above",
                           hint_for(outcome.diagnostics, part.headers));
    log.step("compile " + job.input, outcome.object.size());
    return outcome;
}

} // namespace

bool is_cxx_source(const fs::path& path) {
    return std::ranges::find(cxx_suffixes, path.extension()) != cxx_suffixes.end();
}

bool is_user_source(const fs::path& path) {
    return path.extension() == ".c" || is_cxx_source(path);
}

Result<UserModule> build_user_part(const UserPart& part, const LayoutSet& layouts, const Resources& resources,
                                   BuildLog& log) {
    UserModule module;
    WasmLink link;
    for (const SourceFile& source : part.sources) {
        ECC_TRY(ClangOutcome outcome,
                compile(job_for(source, part, layouts, resources, log.color()), part, log));
        link.objects.push_back({source.path.string(), std::move(outcome.object)});
        if (part.generated)
            std::erase(outcome.dependencies, Dependency{source.path.string()});
        add_dependencies(module.dependencies, outcome.dependencies);
        link.cxx |= is_cxx_source(source.path);
    }
    if (part.generated) {
        link.prelinked = resources.default_program;
        link.archives.push_back(resources.guest_libraries() / "libeccui.a");
    }
    link.archives.push_back(resources.guest_libraries() / "libbpf.a");
    ECC_TRY(module.wasm, link_wasm(link, resources.sysroot));
    module.libraries = libraries_of(link, resources.sysroot);
    if (!link.prelinked.empty())
        module.libraries.push_back(link.prelinked);
    log.step("link the user part", module.wasm.size());
    return module;
}

} // namespace ecc
