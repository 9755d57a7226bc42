#include "compiler/analysis/record_finder.h"

#include <algorithm>
#include <array>
#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <map>
#include <string>
#include <vector>

namespace ecc {
namespace {

using clang::CallExpr;
using clang::Expr;
using clang::FunctionDecl;
using clang::ParmVarDecl;
using clang::QualType;
using clang::RecordDecl;
using clang::VarDecl;

/// Which argument of an output helper is what; -1: it has none.
struct OutputHelper {
    std::string_view name;
    int map;
    int data; ///< -1: the helper returns the pointer to the data
    int size;
};

constexpr std::array output_helpers = {
    OutputHelper{"bpf_ringbuf_reserve", 0, -1, 1}, OutputHelper{"bpf_ringbuf_reserve_dynptr", 0, -1, 1},
    OutputHelper{"bpf_ringbuf_output", 0, 1, 2},   OutputHelper{"bpf_perf_event_output", 1, 3, 4},
    OutputHelper{"bpf_skb_output", 1, 3, 4},       OutputHelper{"bpf_xdp_output", 1, 3, 4},
};

// How far a map or a size is followed from the helper through functions that pass it on.
constexpr int caller_depth_limit = 8;
constexpr std::size_t result_limit = 4096;

/// What one call of an output helper says, as seen from `function`.
struct Output {
    const FunctionDecl* function = nullptr;
    const Expr* map = nullptr;
    const Expr* data = nullptr;
    const Expr* size = nullptr;
    QualType receiver; ///< of the reserved pointer; null if it is not known
};

const Expr* argument(const CallExpr* call, int index) {
    return index >= 0 && index < static_cast<int>(call->getNumArgs()) ? call->getArg(index) : nullptr;
}

const Expr* plain(const Expr* expression) {
    return expression ? expression->IgnoreParenCasts() : nullptr;
}

template <class Declaration> const Declaration* referenced(const Expr* expression) {
    const auto* reference = llvm::dyn_cast_or_null<clang::DeclRefExpr>(plain(expression));
    return reference ? llvm::dyn_cast<Declaration>(reference->getDecl()) : nullptr;
}

const RecordDecl* complete_record(QualType type) {
    const RecordDecl* record = type.isNull() ? nullptr : type->getAsRecordDecl();
    return record ? record->getDefinition() : nullptr;
}

const RecordDecl* pointed_record(QualType type) {
    return type.isNull() || !type->isPointerType() ? nullptr : complete_record(type->getPointeeType());
}

std::string name_of(const RecordDecl* record) {
    if (!record->getName().empty())
        return record->getName().str();
    const auto* alias = record->getTypedefNameForAnonDecl();
    return alias ? alias->getName().str() : std::string();
}

/// Gathers the calls of output helpers and of functions, and where the results of calls go.
class CallVisitor : public clang::RecursiveASTVisitor<CallVisitor> {
public:
    std::vector<std::pair<const FunctionDecl*, const CallExpr*>> outputs;
    std::map<const FunctionDecl*, std::vector<std::pair<const FunctionDecl*, const CallExpr*>>> callers;
    std::map<const CallExpr*, QualType> receivers;

    void visit_function(FunctionDecl* function) {
        function_ = function->getCanonicalDecl();
        TraverseStmt(function->getBody());
    }

    bool VisitCallExpr(CallExpr* call) {
        if (helper_of(call))
            outputs.emplace_back(function_, call);
        else if (const FunctionDecl* callee = call->getDirectCallee())
            callers[callee->getCanonicalDecl()].emplace_back(function_, call);
        return true;
    }

    bool VisitVarDecl(VarDecl* variable) { return receive(variable->getInit(), variable->getType()); }
    bool VisitBinaryOperator(clang::BinaryOperator* operation) {
        return operation->getOpcode() != clang::BO_Assign ||
               receive(operation->getRHS(), operation->getLHS()->getType());
    }
    bool VisitExplicitCastExpr(clang::ExplicitCastExpr* cast) {
        return receive(cast->getSubExpr(), cast->getType());
    }

    static const OutputHelper* helper_of(const CallExpr* call) {
        const auto* callee = referenced<clang::ValueDecl>(call->getCallee());
        if (!callee || !callee->getIdentifier())
            return nullptr;
        const auto found =
            std::ranges::find(output_helpers, std::string_view(callee->getName()), &OutputHelper::name);
        return found == output_helpers.end() ? nullptr : &*found;
    }

private:
    bool receive(const Expr* value, QualType type) {
        const auto* call = llvm::dyn_cast_or_null<CallExpr>(plain(value));
        if (call && pointed_record(type))
            receivers.try_emplace(call, type);
        return true;
    }

    const FunctionDecl* function_ = nullptr;
};

/// The first `sizeof` of a complete record in an expression.
class SizeofVisitor : public clang::RecursiveASTVisitor<SizeofVisitor> {
public:
    const RecordDecl* record = nullptr;

    bool VisitUnaryExprOrTypeTraitExpr(clang::UnaryExprOrTypeTraitExpr* trait) {
        if (trait->getKind() == clang::UETT_SizeOf)
            record = complete_record(trait->getTypeOfArgument());
        return record == nullptr;
    }
};

const RecordDecl* record_of_size(const Expr* size) {
    if (!size)
        return nullptr;
    // `const size_t size = sizeof(*event);`
    if (const auto* variable = referenced<VarDecl>(size); variable && !llvm::isa<ParmVarDecl>(variable))
        size = variable->getInit();
    SizeofVisitor visitor;
    visitor.TraverseStmt(const_cast<Expr*>(size));
    return visitor.record;
}

/// What the pointer points to beneath its casts, the outermost that is a record.
const RecordDecl* record_of_data(const Expr* data) {
    while (data) {
        data = data->IgnoreParens();
        if (const RecordDecl* record = pointed_record(data->getType()))
            return record;
        const auto* cast = llvm::dyn_cast<clang::CastExpr>(data);
        data = cast ? cast->getSubExpr() : nullptr;
    }
    return nullptr;
}

const RecordDecl* record_of(const Output& output) {
    if (const auto* trait = llvm::dyn_cast_or_null<clang::UnaryExprOrTypeTraitExpr>(plain(output.size)))
        if (const RecordDecl* record = record_of_size(trait))
            return record;
    if (const RecordDecl* record = record_of_data(output.data))
        return record;
    if (const RecordDecl* record = pointed_record(output.receiver))
        return record;
    return record_of_size(output.size);
}

const VarDecl* map_of(const Expr* expression) {
    const Expr* inner = plain(expression);
    if (const auto* address = llvm::dyn_cast_or_null<clang::UnaryOperator>(inner))
        inner = address->getOpcode() == clang::UO_AddrOf ? address->getSubExpr() : nullptr;
    const auto* variable = referenced<VarDecl>(inner);
    const auto* section = variable ? variable->getAttr<clang::SectionAttr>() : nullptr;
    return section && section->getName() == ".maps" ? variable : nullptr;
}

class RecordFinder {
public:
    RecordFinder(const CallVisitor& calls, Annotations& annotations)
        : calls_(calls), annotations_(annotations) {}

    void find_all() {
        for (const auto& [function, call] : calls_.outputs) {
            const OutputHelper* helper = CallVisitor::helper_of(call);
            follow({function, argument(call, helper->map), argument(call, helper->data),
                    argument(call, helper->size), receiver_of(call)},
                   0);
        }
    }

private:
    QualType receiver_of(const CallExpr* call) const {
        const auto found = calls_.receivers.find(call);
        return found == calls_.receivers.end() ? QualType() : found->second;
    }

    void follow(const Output& output, int depth) {
        const VarDecl* map = map_of(output.map);
        const RecordDecl* record = record_of(output);
        if (map && record)
            return add(map->getName().str(), name_of(record));
        const auto callers = calls_.callers.find(output.function);
        if (depth == caller_depth_limit || callers == calls_.callers.end() || ++followed_ > result_limit)
            return;
        for (const auto& [caller, call] : callers->second)
            follow(seen_from_caller(output, caller, call), depth + 1);
    }

    // What does not depend on a parameter stays as it is.
    Output seen_from_caller(const Output& output, const FunctionDecl* caller, const CallExpr* call) const {
        const auto replace = [&](const Expr* expression) {
            const auto* parameter = referenced<ParmVarDecl>(expression);
            return parameter ? argument(call, static_cast<int>(parameter->getFunctionScopeIndex()))
                             : expression;
        };
        const QualType receiver = output.receiver.isNull() ? receiver_of(call) : output.receiver;
        return {caller, replace(output.map), replace(output.data), replace(output.size), receiver};
    }

    void add(const std::string& map, std::string record) {
        auto& records = annotations_.records[map];
        if (!record.empty() && std::ranges::find(records, record) == records.end())
            records.push_back(std::move(record));
    }

    const CallVisitor& calls_;
    Annotations& annotations_;
    std::size_t followed_ = 0;
};

} // namespace

void collect_records(clang::ASTContext& context, Annotations& annotations) {
    CallVisitor calls;
    for (clang::Decl* declaration : context.getTranslationUnitDecl()->decls())
        if (auto* function = llvm::dyn_cast<FunctionDecl>(declaration);
            function && function->doesThisDeclarationHaveABody())
            calls.visit_function(function);
    RecordFinder(calls, annotations).find_all();
}

} // namespace ecc
