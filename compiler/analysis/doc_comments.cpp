#include "compiler/analysis/doc_comments.h"

#include "compiler/analysis/comment_text.h"
#include "compiler/analysis/type_references.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/AST/RawCommentList.h>
#include <clang/Basic/Diagnostic.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>

namespace ecc {
namespace {

using clang::RecordDecl;
using clang::VarDecl;

constexpr int nesting_limit = 32;

class DocCollector {
public:
    DocCollector(clang::ASTContext& context, Annotations& annotations)
        : context_(context), sources_(context.getSourceManager()), annotations_(annotations) {}

    void collect_all() {
        for (const clang::Decl* declaration : context_.getTranslationUnitDecl()->decls()) {
            if (!has_comments(*declaration))
                continue;
            if (const auto* function = llvm::dyn_cast<clang::FunctionDecl>(declaration))
                collect_program(*function);
            else if (const auto* variable = llvm::dyn_cast<VarDecl>(declaration))
                collect_variable(*variable);
            else if (const auto* record = llvm::dyn_cast<RecordDecl>(declaration))
                collect_record(*record);
            else if (const auto* enumeration = llvm::dyn_cast<clang::EnumDecl>(declaration))
                collect_enumeration(*enumeration);
        }
    }

private:
    // A vmlinux.h has thousands of declarations and no comment.
    bool has_comments(const clang::Decl& declaration) const {
        const clang::FileID file = sources_.getFileID(sources_.getExpansionLoc(declaration.getLocation()));
        return file.isValid() && context_.Comments.getCommentsInFile(file) != nullptr;
    }

    const clang::RawComment* comment_of(const clang::Decl& declaration) const {
        const clang::RawComment* comment = context_.getRawCommentForAnyRedecl(&declaration);
        if (!comment)
            if (const RecordDecl* record = unnamed_record(declaration))
                comment = context_.getRawCommentForAnyRedecl(record);
        return comment && comment->isDocumentation() && !is_of_a_later_one(*comment, declaration) ? comment
                                                                                                  : nullptr;
    }

    /// Clang gives `int a; int b; ///< b` to all that its line declares.
    bool is_of_a_later_one(const clang::RawComment& comment, const clang::Decl& declaration) const {
        const clang::SourceLocation end = sources_.getExpansionLoc(declaration.getEndLoc());
        if (!comment.isTrailingComment() || !sources_.isBeforeInTranslationUnit(end, comment.getBeginLoc()))
            return false;
        const auto range = clang::CharSourceRange::getCharRange(end, comment.getBeginLoc());
        const llvm::StringRef between = clang::Lexer::getSourceText(range, sources_, context_.getLangOpts());
        if (llvm::isa<clang::EnumConstantDecl>(declaration))
            return !between.split(',').second.trim().empty();
        return between.count(';') > 1;
    }

    /// The struct of `struct { ... } events;`: clang gives it the comment that stands before both.
    static const RecordDecl* unnamed_record(const clang::Decl& declaration) {
        const auto* declarator = llvm::dyn_cast<clang::DeclaratorDecl>(&declaration);
        const RecordDecl* record = declarator ? declarator->getType()->getAsRecordDecl() : nullptr;
        return record && record->getName().empty() && !record->getTypedefNameForAnonDecl() ? record : nullptr;
    }

    CommentText text_of(const clang::RawComment& comment) const {
        return split_comment(comment.getFormattedText(sources_, context_.getDiagnostics()));
    }

    void add_doc(std::string name, const clang::Decl& declaration) {
        if (const clang::RawComment* comment = comment_of(declaration))
            if (std::string text = text_of(*comment).summary; !text.empty())
                annotations_.docs.insert_or_assign(std::move(name), std::move(text));
    }

    void collect_program(const clang::FunctionDecl& function) {
        if (function.doesThisDeclarationHaveABody() && function.hasAttr<clang::SectionAttr>())
            add_doc(function.getName().str(), function);
    }

    /// Every program has one, so eunomia's sources describe the whole program in its comment.
    static bool is_licence(const VarDecl& variable) {
        const auto* section = variable.getAttr<clang::SectionAttr>();
        return section != nullptr && section->getName() == "license";
    }

    void collect_variable(const VarDecl& variable) {
        if (!variable.isFileVarDecl() || variable.hasExternalStorage())
            return;
        add_doc(is_licence(variable) ? std::string() : variable.getName().str(), variable);
        const clang::RawComment* comment = comment_of(variable);
        if (!comment)
            return;
        const CommentText text = text_of(*comment);
        if (!text.records.empty())
            annotations_.records.insert_or_assign(variable.getName().str(), records_of(text));
        Result<std::optional<FlagAnnotation>> flag = read_flag(text);
        if (!flag)
            warn(*comment, flag.error().what);
        else if (*flag)
            annotations_.flags.insert_or_assign(variable.getName().str(), **std::move(flag));
    }

    /// @record overrides what calls of helpers show.
    std::vector<TypeReference> records_of(const CommentText& text) const {
        std::vector<TypeReference> records;
        for (const std::string& written : text.records)
            records.push_back(reference_to_written(written, context_));
        return records;
    }

    void warn(const clang::RawComment& comment, const std::string& what) {
        clang::DiagnosticsEngine& diagnostics = context_.getDiagnostics();
        const unsigned id =
            diagnostics.getCustomDiagID(clang::DiagnosticsEngine::Warning, "annotation ignored: %0");
        diagnostics.Report(comment.getBeginLoc(), id) << what;
    }

    void collect_record(const RecordDecl& record) {
        if (!record.isThisDeclarationADefinition())
            return;
        const auto* alias = record.getTypedefNameForAnonDecl();
        const llvm::StringRef name = alias ? alias->getName() : record.getName();
        if (name.empty())
            return;
        const std::string key = (record.isUnion() ? "union " : "struct ") + name.str();
        add_doc(key, record);
        if (alias)
            add_doc(key, *alias);
        collect_members(record, key, 0);
    }

    void collect_enumeration(const clang::EnumDecl& enumeration) {
        if (!enumeration.isThisDeclarationADefinition())
            return;
        const auto* alias = enumeration.getTypedefNameForAnonDecl();
        const std::string key = "enum " + (alias ? alias->getName() : enumeration.getName()).str();
        if (alias || !enumeration.getName().empty())
            add_doc(key, enumeration);
        if (alias)
            add_doc(key, *alias);
        for (const clang::EnumConstantDecl* enumerator : enumeration.enumerators())
            add_doc(key + "." + enumerator->getName().str(), *enumerator);
    }

    void collect_members(const RecordDecl& record, const std::string& prefix, int depth) {
        if (depth == nesting_limit)
            return;
        for (const clang::FieldDecl* field : record.fields()) {
            const std::string name =
                field->getName().empty() ? prefix : prefix + "." + field->getName().str();
            if (name != prefix)
                add_doc(name, *field);
            if (const RecordDecl* inner = unnamed_record(*field))
                collect_members(*inner, name, depth + 1);
        }
    }

    clang::ASTContext& context_;
    const clang::SourceManager& sources_;
    Annotations& annotations_;
};

} // namespace

void collect_docs(clang::ASTContext& context, Annotations& annotations) {
    DocCollector(context, annotations).collect_all();
}

} // namespace ecc
