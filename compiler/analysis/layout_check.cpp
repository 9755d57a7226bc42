#include "compiler/analysis/layout_check.h"

#include "btfgen/header_names.h"
#include "compiler/analysis/type_references.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclCXX.h>
#include <clang/AST/RecordLayout.h>
#include <clang/Basic/Diagnostic.h>
#include <fmt/format.h>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace ecc {
namespace {

using clang::FieldDecl;
using clang::QualType;
using clang::RecordDecl;

constexpr int nesting_limit = 32;

/// A member as C reaches it, without the unnamed structs and unions around it.
template <class Member> struct Placed {
    Member member;
    std::uint64_t offset_bits = 0;
    std::uint64_t size_bits = 0;
};
using BpfMember = Placed<const MemberLayout*>;
using WasmMember = Placed<const FieldDecl*>;

std::string describe(std::uint64_t bits) {
    return bits % 8 == 0 ? fmt::format("{}", bits / 8) : fmt::format("{} bits", bits);
}

std::string name_of(const RecordDecl& record) {
    if (!record.getName().empty())
        return record.getName().str();
    const auto* alias = record.getTypedefNameForAnonDecl();
    return alias ? alias->getName().str() : std::string();
}

/// What to write for a type whose size is another in Wasm; nothing if the type is not to blame.
std::optional<std::string> replacement(QualType type, const clang::ASTContext& context) {
    while (const clang::ArrayType* array = context.getAsArrayType(type))
        type = array->getElementType();
    const std::string spelling = type.getUnqualifiedType().getAsString();
    if (type->isPointerType())
        return std::string("a pointer is 4 bytes in Wasm and 8 in BPF: use '__u64'");
    const auto* builtin = type->getAs<clang::BuiltinType>();
    if (!builtin)
        return std::nullopt;
    const auto instead = [&](const char* name) {
        return fmt::format("'{}' is {} bytes in Wasm: use '{}', which is 8 bytes on both sides", spelling,
                           context.getTypeSizeInChars(type).getQuantity(), name);
    };
    switch (builtin->getKind()) {
    case clang::BuiltinType::Long:
        return instead("__s64");
    case clang::BuiltinType::ULong:
        return instead("__u64");
    default:
        return std::nullopt;
    }
}

class LayoutChecker {
public:
    LayoutChecker(clang::ASTContext& context, const LayoutSet& layouts,
                  const std::set<std::string>& shared_names)
        : context_(context), diagnostics_(context.getDiagnostics()), layouts_(layouts),
          shared_names_(shared_names) {}

    void check_all(const clang::DeclContext& scope, int depth = 0) {
        for (const clang::Decl* declaration : scope.decls()) {
            if (const auto* record = llvm::dyn_cast<RecordDecl>(declaration))
                check_named(*record);
            if (const auto* inner = llvm::dyn_cast<clang::DeclContext>(declaration);
                inner && depth < nesting_limit)
                check_all(*inner, depth + 1);
        }
    }

private:
    void check_named(const RecordDecl& record) {
        const std::string name = name_of(record);
        if (name.empty() || !shared_names_.contains(name) || !is_laid_out(record))
            return;
        if (const RecordLayout* expected = expected_for(record, name))
            check(record, *expected, (record.isUnion() ? "union " : "struct ") + name);
    }

    /// Of several of that name, which linked files may have, the one that has these bytes.
    const RecordLayout* expected_for(const RecordDecl& record, const std::string& name) const {
        const std::vector<TypeId> meant = types_meant(layouts_, reference_to(record, context_));
        return meant.empty() ? layouts_.find(name) : layouts_.of(meant.front());
    }

    static bool is_laid_out(const RecordDecl& record) {
        return record.isThisDeclarationADefinition() && record.isCompleteDefinition() &&
               !record.isInvalidDecl() && !record.isDependentType();
    }

    /// True if the record is as expected; each record is reported once.
    bool check(const RecordDecl& record, const RecordLayout& expected, const std::string& name) {
        const auto [known, is_new] = outcome_.try_emplace(&record, true);
        if (!is_new)
            return known->second;
        const bool same = same_kind(record, expected, name) && same_members(record, expected, name) &&
                          same_size(record, expected, name);
        outcome_[&record] = same;
        return same;
    }

    bool same_kind(const RecordDecl& record, const RecordLayout& expected, const std::string& name) {
        if (record.isUnion() == expected.is_union)
            return true;
        report(record,
               fmt::format("'{}' is a {} in the BPF program", name, expected.is_union ? "union" : "struct"));
        return false;
    }

    bool same_size(const RecordDecl& record, const RecordLayout& expected, const std::string& name) {
        const auto size = static_cast<std::uint64_t>(layout_of(record).getSize().getQuantity());
        if (size == expected.size)
            return true;
        report(record, fmt::format("'{}' has {} bytes in the BPF program, but {} in Wasm", name,
                                   expected.size, size));
        advise(record);
        return false;
    }

    const clang::ASTRecordLayout& layout_of(const RecordDecl& record) const {
        return context_.getASTRecordLayout(&record);
    }

    /// Members of another size are what is wrong; if there is none, the first that is displaced is.
    bool same_members(const RecordDecl& record, const RecordLayout& expected, const std::string& name) {
        std::vector<BpfMember> wanted;
        list_bpf(expected, 0, wanted, 0);
        std::unordered_map<std::string_view, WasmMember> found;
        list_wasm(record, 0, found, 0);

        bool same = true;
        const BpfMember* displaced = nullptr;
        for (const BpfMember& member : wanted) {
            const auto match = found.find(member.member->name);
            if (match == found.end())
                continue;
            same &= same_member_size(member, match->second, name);
            if (!displaced && member.offset_bits != match->second.offset_bits)
                displaced = &member;
        }
        if (same && displaced) {
            report_member(*displaced, found.at(displaced->member->name), name);
            advise(record);
            same = false;
        }
        return same;
    }

    bool same_member_size(const BpfMember& wanted, const WasmMember& found, const std::string& name) {
        const Element element = element_of(found.member->getType(), wanted.member->type);
        const RecordDecl* record = element.type->getAsRecordDecl();
        const RecordLayout* layout = layouts_.of(element.wanted);
        if (record && layout && is_laid_out(*record) &&
            !check(*record, *layout, inner_name(*record, name, wanted.member->name)))
            return false;
        const std::uint64_t wanted_bits = layouts_.size_of(element.wanted) * 8;
        const std::uint64_t found_bits = context_.getTypeSize(element.type);
        const bool is_flexible = wanted.size_bits == 0 && found.size_bits == 0;
        if (is_flexible ? wanted_bits == found_bits : wanted.size_bits == found.size_bits)
            return true;
        if (is_flexible)
            report(
                *found.member,
                fmt::format("elements of member '{}' of '{}' have size {} in the BPF program, but {} in Wasm",
                            wanted.member->name, name, describe(wanted_bits), describe(found_bits)));
        else
            report_member(wanted, found, name);
        if (const auto advice = replacement(found.member->getType(), context_))
            note(found.member->getLocation(), *advice);
        else
            advise(*found.member->getParent());
        return false;
    }

    /// What an array consists of, beneath all its dimensions; the type itself if it is none.
    struct Element {
        QualType type;
        TypeId wanted = 0; ///< that of the BPF program
    };
    Element element_of(QualType type, TypeId wanted) const {
        wanted = layouts_.graph.resolve(wanted);
        for (int depth = 0; depth < nesting_limit && layouts_.graph.at(wanted).kind == TypeKind::array;
             ++depth)
            wanted = layouts_.graph.resolve(layouts_.graph.at(wanted).target);
        return {context_.getBaseElementType(type), wanted};
    }

    static std::string inner_name(const RecordDecl& record, const std::string& outer,
                                  const std::string& member) {
        const std::string own = name_of(record);
        return own.empty() ? outer + "." + member : (record.isUnion() ? "union " : "struct ") + own;
    }

    void list_bpf(const RecordLayout& record, std::uint64_t base, std::vector<BpfMember>& members,
                  int depth) const {
        for (const MemberLayout& member : record.members) {
            const std::uint64_t offset = base + member.offset_bits;
            const RecordLayout* inner =
                member.name.empty() ? layouts_.of(layouts_.graph.resolve(member.type)) : nullptr;
            if (inner && depth < nesting_limit)
                list_bpf(*inner, offset, members, depth + 1);
            else if (!member.name.empty())
                members.push_back({&member, offset, member.size_bits});
        }
    }

    void list_wasm(const RecordDecl& record, std::uint64_t base,
                   std::unordered_map<std::string_view, WasmMember>& members, int depth) const {
        const clang::ASTRecordLayout& layout = layout_of(record);
        list_bases(record, base, members, depth);
        for (const FieldDecl* field : record.fields()) {
            const std::uint64_t offset = base + layout.getFieldOffset(field->getFieldIndex());
            const RecordDecl* inner =
                field->getName().empty() ? field->getType()->getAsRecordDecl() : nullptr;
            if (inner && depth < nesting_limit)
                list_wasm(*inner, offset, members, depth + 1);
            else if (!field->getName().empty())
                members.try_emplace(std::string_view(field->getName()),
                                    WasmMember{field, offset, size_bits(*field)});
        }
    }

    void list_bases(const RecordDecl& record, std::uint64_t base,
                    std::unordered_map<std::string_view, WasmMember>& members, int depth) const {
        const auto* derived = llvm::dyn_cast<clang::CXXRecordDecl>(&record);
        if (!derived || depth == nesting_limit)
            return;
        for (const clang::CXXBaseSpecifier& specifier : derived->bases())
            if (const auto* parent = specifier.getType()->getAsCXXRecordDecl();
                parent && !specifier.isVirtual())
                list_wasm(*parent, base + context_.toBits(layout_of(record).getBaseClassOffset(parent)),
                          members, depth + 1);
    }

    std::uint64_t size_bits(const FieldDecl& field) const {
        if (field.isBitField())
            return field.getBitWidthValue();
        return field.getType()->isIncompleteArrayType() ? 0 : context_.getTypeSize(field.getType());
    }

    void report_member(const BpfMember& wanted, const WasmMember& found, const std::string& name) {
        report(*found.member,
               fmt::format("member '{}' of '{}' has offset {}, size {} in the BPF program, but offset "
                           "{}, size {} in Wasm",
                           wanted.member->name, name, describe(wanted.offset_bits),
                           describe(wanted.size_bits), describe(found.offset_bits),
                           describe(found.size_bits)));
    }

    void advise(const RecordDecl& record) {
        note(record.getLocation(),
             "both sides must give this type the same bytes; the generated NAME.types.h does: "
             "include it instead of this definition");
    }

    void report(const clang::NamedDecl& declaration, const std::string& what) {
        const unsigned id = diagnostics_.getCustomDiagID(clang::DiagnosticsEngine::Error, "%0");
        diagnostics_.Report(declaration.getLocation(), id) << what;
    }

    void note(clang::SourceLocation where, const std::string& what) {
        const unsigned id = diagnostics_.getCustomDiagID(clang::DiagnosticsEngine::Note, "%0");
        diagnostics_.Report(where, id) << what;
    }

    clang::ASTContext& context_;
    clang::DiagnosticsEngine& diagnostics_;
    const LayoutSet& layouts_;
    const std::set<std::string>& shared_names_;
    std::unordered_map<const RecordDecl*, bool> outcome_;
};

} // namespace

std::set<std::string> shared_record_names(const LayoutSet& layouts, std::span<const TypeId> roots) {
    std::set<std::string> names;
    std::unordered_set<TypeId> seen;
    std::vector<TypeId> pending(roots.begin(), roots.end());
    while (!pending.empty()) {
        const TypeId id = layouts.graph.resolve(pending.back());
        pending.pop_back();
        if (!seen.insert(id).second)
            continue;
        if (layouts.graph.at(id).kind == TypeKind::array)
            pending.push_back(layouts.graph.at(id).target);
        const RecordLayout* record = layouts.of(id);
        if (!record)
            continue;
        // What headers of C define under that name is not meant for the BPF program; inside a record of the
        // user's its size counts.
        if (!record->name.empty() && !is_header_type(record->name))
            names.insert(record->name);
        for (const MemberLayout& member : record->members)
            pending.push_back(member.type);
    }
    return names;
}

void check_layouts(clang::ASTContext& context, const LayoutSet& layouts,
                   const std::set<std::string>& shared_names) {
    if (!shared_names.empty())
        LayoutChecker(context, layouts, shared_names).check_all(*context.getTranslationUnitDecl());
}

} // namespace ecc
