#include "compiler/clang_job.h"

#include "compiler/analysis/type_retention.h"
#include "compiler/generated_files.h"

#include <algorithm>
#include <clang/AST/ASTConsumer.h>
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Basic/Stack.h>
#include <clang/Basic/Version.h>
#include <clang/CodeGen/CodeGenAction.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/MultiplexConsumer.h>
#include <clang/Frontend/TextDiagnosticPrinter.h>
#include <clang/Frontend/Utils.h>
#include <cstdlib>
#include <llvm/Support/CrashRecoveryContext.h>
#include <llvm/Support/ErrorHandling.h>
#include <llvm/Support/TargetSelect.h>
#include <mutex>
#include <new>

namespace ecc {
namespace {

/// Seconds since 1970 that __DATE__ and the like are made of.
const char* source_date() {
    const char* given = std::getenv("SOURCE_DATE_EPOCH");
    return given && *given ? given : "0";
}

/// LLVM's own allocations end as those by `new` do.
void end_without_memory(void*, const char*, bool) {
    if (const std::new_handler handler = std::get_new_handler())
        handler();
}

void initialize_targets() {
    static std::once_flag once;
    std::call_once(once, [] {
        LLVMInitializeBPFTargetInfo();
        LLVMInitializeBPFTarget();
        LLVMInitializeBPFTargetMC();
        LLVMInitializeBPFAsmPrinter();
        LLVMInitializeBPFAsmParser();
        LLVMInitializeWebAssemblyTargetInfo();
        LLVMInitializeWebAssemblyTarget();
        LLVMInitializeWebAssemblyTargetMC();
        LLVMInitializeWebAssemblyAsmPrinter();
        LLVMInitializeWebAssemblyAsmParser();
        llvm::CrashRecoveryContext::Enable();
        llvm::install_bad_alloc_error_handler(end_without_memory);
    });
}

/// Stands before code generation and looks at the finished syntax tree.
class InspectingConsumer : public clang::ASTConsumer {
public:
    InspectingConsumer(const ClangJob& job, clang::ASTConsumer& generator, clang::CodeGenOptions& options)
        : job_(job), generator_(generator), options_(options) {}

    void HandleTranslationUnit(clang::ASTContext& context) override {
        const bool failed = context.getDiagnostics().hasErrorOccurred();
        if (job_.inspect && (!failed || job_.inspects_failures))
            job_.inspect(context);
        if (job_.described_types && !failed)
            describe_records(context, *job_.described_types, generator_, options_);
    }

private:
    const ClangJob& job_;
    clang::ASTConsumer& generator_;
    clang::CodeGenOptions& options_;
};

/// Notes each file that clang enters.
class DependencyList : public clang::DependencyCollector {
public:
    bool needSystemDependencies() override { return true; }
    void maybeAddDependency(llvm::StringRef name, bool, bool is_system, bool, bool is_missing) override {
        if (!is_missing && !name.starts_with("<") && addDependency(name))
            found_.push_back({name.str(), is_system});
    }
    const ecc::Dependencies& found() const { return found_; }

private:
    ecc::Dependencies found_; // the base class has a member of that name
};

bool is_generated(const ClangJob& job, const Dependency& dependency) {
    const auto normal = [](const std::filesystem::path& path) {
        std::error_code ignored;
        return std::filesystem::absolute(path, ignored).lexically_normal();
    };
    const auto named = normal(dependency.path);
    return std::ranges::any_of(job.files, [&](const GeneratedFile& file) {
        return file.path != job.input && normal(file.path) == named;
    });
}

class Action : public clang::EmitObjAction {
public:
    explicit Action(const ClangJob& job) : job_(job) {}

protected:
    std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler,
                                                          llvm::StringRef file) override {
        auto generator = EmitObjAction::CreateASTConsumer(compiler, file);
        if (!generator)
            return nullptr;
        std::vector<std::unique_ptr<clang::ASTConsumer>> consumers;
        consumers.push_back(
            std::make_unique<InspectingConsumer>(job_, *generator, compiler.getCodeGenOpts()));
        consumers.push_back(std::move(generator));
        return std::make_unique<clang::MultiplexConsumer>(std::move(consumers));
    }

private:
    const ClangJob& job_;
};

bool parse_arguments(const ClangJob& job, clang::CompilerInvocation& invocation, llvm::raw_ostream& text) {
    std::vector<const char*> arguments;
    for (const std::string& argument : job.arguments)
        arguments.push_back(argument.c_str());
    if (job.color)
        arguments.push_back("-fcolor-diagnostics");
    arguments.insert(arguments.end(), {"-source-date-epoch", source_date()});
    // What begins with a dash would be an option.
    const std::string input = job.input.starts_with('-') ? "./" + job.input : job.input;
    arguments.push_back(input.c_str());

    clang::DiagnosticOptions options;
    options.ShowColors = job.color;
    clang::TextDiagnosticPrinter printer(text, options);
    clang::DiagnosticsEngine diagnostics(clang::DiagnosticIDs::create(), options, &printer, false);
    return clang::CompilerInvocation::CreateFromArgs(invocation, arguments, diagnostics, "clang");
}

bool compile(const ClangJob& job, std::shared_ptr<clang::CompilerInvocation> invocation,
             llvm::SmallVectorImpl<char>& object, Dependencies& dependencies, llvm::raw_ostream& text) {
    if (job.described_types)
        invocation->getCodeGenOpts().PassBuilderCallbacks.push_back(retain_record_types(job.described_types));
    auto file_system = with_generated_files(job.files);
    if (!file_system) {
        text << job.input << ": fatal error: the current folder no longer exists\n";
        return false;
    }
    clang::CompilerInstance compiler(std::move(invocation));
    compiler.setVirtualFileSystem(std::move(file_system));
    clang::TextDiagnosticPrinter printer(text, compiler.getDiagnosticOpts());
    compiler.createDiagnostics(&printer, false);
    compiler.setVerboseOutputStream(text);
    compiler.setOutputStream(std::make_unique<llvm::raw_svector_ostream>(object));
    const auto entered = std::make_shared<DependencyList>();
    compiler.addDependencyCollector(entered);
    Action action(job);
    const bool ok = compiler.ExecuteAction(action) && !compiler.getDiagnostics().hasErrorOccurred();
    std::ranges::remove_copy_if(entered->found(), std::back_inserter(dependencies),
                                [&](const Dependency& file) { return is_generated(job, file); });
    return ok;
}

} // namespace

ClangOutcome run_clang(const ClangJob& job) {
    initialize_targets();
    ClangOutcome outcome;
    llvm::raw_string_ostream text(outcome.diagnostics);
    text.enable_colors(true); // where -fcolor-diagnostics asks for them
    llvm::SmallVector<char, 0> object;

    // A fault inside clang ends this compilation, not the process.
    llvm::CrashRecoveryContext recovery;
    const bool survived = recovery.RunSafely([&] {
        clang::noteBottomOfStack();
        auto invocation = std::make_shared<clang::CompilerInvocation>();
        outcome.ok = parse_arguments(job, *invocation, text) &&
                     compile(job, std::move(invocation), object, outcome.dependencies, text);
    });
    if (!survived) {
        outcome.ok = false;
        text << job.input << ": fatal error: clang gave up on this file\n";
    }
    const auto* data = reinterpret_cast<const std::uint8_t*>(object.data());
    outcome.object.assign(data, data + object.size());
    return outcome;
}

std::string clang_version() {
    return CLANG_VERSION_STRING;
}

} // namespace ecc
