#include "compiler/kernel_part.h"

#include "compiler/analysis/doc_comments.h"
#include "compiler/analysis/identifiers.h"
#include "compiler/analysis/record_finder.h"
#include "compiler/bpf_link.h"
#include "compiler/child_process.h"
#include "compiler/clang_job.h"
#include "compiler/compilation.h"
#include "compiler/place.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

/// With the GNU keywords asm and typeof in every -std, since libbpf's headers use them.
constexpr std::string_view code_arguments =
    "-cc1 -triple bpfel -target-cpu v3 -emit-obj -O2 -disable-free -disable-llvm-verifier "
    "-discard-value-names -mrelocation-model static -mframe-pointer=all -fmath-errno "
    "-ffp-contract=on -fno-rounding-math -mconstructor-aliases -debug-info-kind=constructor "
    "-dwarf-version=5 -gembed-source -debugger-tuning=gdb -ferror-limit 19 -fgnuc-version=4.2.1 "
    "-vectorize-loops "
    "-vectorize-slp -fgnu-keywords -fno-verbose-asm -nostdsysteminc -nobuiltininc -x c";

constexpr const char* vmlinux_name = "vmlinux.h";

void add_include_arguments(std::vector<std::string>& arguments, const std::vector<SourceFile>& sources,
                           const Resources& resources) {
    for (const SourceFile& source : sources)
        arguments.push_back("-I" + folder_of(source.path).string());
    for (const fs::path& folder :
         {resources.clang_headers(), resources.bpf_headers(), resources.kernel_headers()})
        arguments.insert(arguments.end(), {"-internal-isystem", folder.string()});
    // Last, so that a vmlinux.h of the user's wins.
    arguments.insert(arguments.end(), {"-idirafter", generated_folder});
}

/// Of all sources: one header serves every file, so that their BTF agrees.
Result<VmlinuxSource::Identifiers> identifiers_of(const std::vector<SourceFile>& sources,
                                                  const CompilerFlags& flags, const Resources& resources) {
    IncludeFolders folders{folders_of(flags), {resources.bpf_headers(), resources.kernel_headers()}};
    for (const SourceFile& source : sources)
        folders.user.push_back(folder_of(source.path).string());
    VmlinuxSource::Identifiers names;
    for (const SourceFile& source : sources) {
        ECC_TRY(SourceIdentifiers found, collect_identifiers(source.path.string(), source.text, folders,
                                                             *llvm::vfs::getRealFileSystem()));
        names.merge(found.names);
    }
    return names;
}

std::shared_ptr<VmlinuxSource> vmlinux_for(const std::vector<SourceFile>& sources,
                                           const KernelPartOptions& options, const Resources& resources) {
    return std::make_shared<VmlinuxSource>(options.target,
                                           [&] { return identifiers_of(sources, options.flags, resources); });
}

/// A guess that costs a little time if it is wrong: some source names vmlinux.h and no folder that comes to
/// mind has it.
bool needs_generated_vmlinux(const std::vector<SourceFile>& sources, const CompilerFlags& flags) {
    const std::vector<std::string> given = folders_of(flags);
    std::vector<fs::path> folders(given.begin(), given.end());
    for (const SourceFile& source : sources)
        folders.push_back(folder_of(source.path));
    std::error_code ignored;
    const auto has_own = [&](const fs::path& folder) { return fs::exists(folder / vmlinux_name, ignored); };
    const auto names_it = [](const SourceFile& source) {
        return source.text.find(vmlinux_name) != std::string::npos;
    };
    return std::ranges::any_of(sources, names_it) && std::ranges::none_of(folders, has_own);
}

/// What has been found so far in the sources of one build.
struct Findings {
    Annotations annotations;
    /// Those among them that must be in the object's BTF.
    std::shared_ptr<std::vector<TypeReference>> types = std::make_shared<std::vector<TypeReference>>();

    void collect(clang::ASTContext& context) {
        collect_records(context, annotations);
        collect_docs(context, annotations);
        types->clear();
        for (const auto* found : {&annotations.records, &annotations.keys, &annotations.values})
            for (const auto& [map, of_map] : *found)
                types->insert(types->end(), of_map.begin(), of_map.end());
    }
};

class KernelPartBuild {
public:
    KernelPartBuild(const std::vector<SourceFile>& sources, const KernelPartOptions& options,
                    const Resources& resources, BuildLog& log)
        : sources_(sources), options_(options), resources_(resources), log_(log),
          vmlinux_(vmlinux_for(sources, options, resources)) {}

    Result<KernelPart> run() {
        ECC_CHECK(check_current_folder());
        KernelPart part;
        std::vector<ObjectFile> objects;
        for (const SourceFile& source : sources_) {
            ECC_TRY(Compilation compilation, compile_apart(source));
            findings_.annotations = std::move(compilation.annotations);
            if (!compilation.btf_digest.empty())
                part.btf_digest = std::move(compilation.btf_digest);
            add_dependencies(part.dependencies, compilation.dependencies);
            ECC_TRY(Bytes object, report(source, std::move(compilation)));
            objects.push_back({source.path.string(), std::move(object)});
        }
        ECC_TRY(part.object, link_bpf_objects(objects));
        log_.step("link the BPF object", part.object.size());
        part.annotations = std::move(findings_.annotations);
        if (options_.target.btf)
            add_dependencies(part.dependencies, {{options_.target.btf->string()}});
        return part;
    }

private:
    ClangJob job_for(const SourceFile& source) {
        ClangJob job{
            .input = source.path.string(), .arguments = words(code_arguments), .color = log_.color()};
        job.arguments.insert(job.arguments.end(), {"-main-file-name", source.path.filename().string()});
        job.arguments.push_back(fmt::format("-D__TARGET_ARCH_{}", options_.target.architecture->name));
        add_flags(job.arguments, options_.flags, SourceLanguage::c);
        add_place_arguments(job.arguments, sources_, options_.flags, resources_);
        add_include_arguments(job.arguments, sources_, resources_);
        job.files.push_back({source.path, [&source] { return source.text; }});
        job.files.push_back(
            {fs::path(generated_folder) / vmlinux_name, [this] { return vmlinux_->header(); }});
        job.inspect = [this](clang::ASTContext& context) { findings_.collect(context); };
        job.described_types = findings_.types;
        return job;
    }

    Compilation compile(const SourceFile& source) {
        if (needs_generated_vmlinux(sources_, options_.flags))
            vmlinux_->prefetch();
        Compilation compilation;
        ClangOutcome outcome = run_clang(job_for(source));
        // What the cut header lacks is never the user's fault: the whole one decides.
        if (!outcome.ok && !vmlinux_->error() && vmlinux_->use_full_header()) {
            compilation.cut_was_enough = false;
            outcome = run_clang(job_for(source));
        }
        if (!outcome.ok)
            compilation.error = vmlinux_->error();
        compilation.ok = outcome.ok;
        compilation.object = std::move(outcome.object);
        compilation.diagnostics = std::move(outcome.diagnostics);
        compilation.btf_digest = vmlinux_->digest();
        compilation.vmlinux_ms = vmlinux_->cost().count();
        compilation.annotations = std::move(findings_.annotations);
        compilation.dependencies = std::move(outcome.dependencies);
        return compilation;
    }

    // LLVM's BPF target keeps the CO-RE accesses of one module for the next in the same process, where they
    // dangle (BPFAbstractMemberAccess::GEPGlobals). So this process never generates code for BPF itself.
    Result<Compilation> compile_apart(const SourceFile& source) {
        const auto work = [&] { return to_bytes(compile(source)); };
        ECC_TRY(const Bytes bytes, run_in_child(source.path.string(), "clang gave up on this file", work));
        return compilation_from_bytes(bytes);
    }

    Result<Bytes> report(const SourceFile& source, Compilation compilation) const {
        if (compilation.error)
            return std::unexpected(*std::move(compilation.error));
        log_.compiler_text(compilation.diagnostics);
        if (!compilation.ok)
            return input_error(source.path.string(),
                               "the kernel part does not compile; clang's messages are above",
                               hint_for_btf());
        log_.step(fmt::format("compile {}{}", source.path.string(),
                              compilation.cut_was_enough ? "" : " twice: a cut vmlinux.h was not enough"),
                  compilation.object.size());
        if (compilation.vmlinux_ms > 0)
            log_.note(fmt::format("{:7.1f} ms  of these to make vmlinux.h, beside clang's start",
                                  compilation.vmlinux_ms));
        return std::move(compilation.object);
    }

    /// Clang says no more of it than that members are missing, many times.
    std::string hint_for_btf() const {
        const auto& [architecture, btf] = options_.target;
        const Architecture* found = btf ? vmlinux_->architecture() : nullptr;
        if (found == nullptr || found == architecture)
            return {};
        return fmt::format(
            "{0} is of a kernel for {1}, the object for {2}: --btf {2}=FILE with one for {2}, or none",
            btf->string(), found->name, architecture->name);
    }

    const std::vector<SourceFile>& sources_;
    const KernelPartOptions& options_;
    const Resources& resources_;
    BuildLog& log_;
    std::shared_ptr<VmlinuxSource> vmlinux_;
    Findings findings_;
};

} // namespace

Result<KernelPart> compile_kernel_part(const std::vector<SourceFile>& sources,
                                       const KernelPartOptions& options, const Resources& resources,
                                       BuildLog& log) {
    return KernelPartBuild(sources, options, resources, log).run();
}

Result<std::string> cut_vmlinux_header(const std::vector<SourceFile>& sources,
                                       const KernelPartOptions& options, const Resources& resources) {
    const std::shared_ptr<VmlinuxSource> vmlinux = vmlinux_for(sources, options, resources);
    if (std::optional<std::string> header = vmlinux->header())
        return *std::move(header);
    return std::unexpected(*vmlinux->error());
}

} // namespace ecc
