#include "compiler/analysis/value_flow.h"

#include "compiler/analysis/expressions.h"

#include <algorithm>
#include <clang/AST/ASTContext.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/Builtins.h>
#include <utility>

namespace ecc {
namespace {

using clang::CallExpr;
using clang::Expr;
using clang::FunctionDecl;
using clang::ParmVarDecl;
using clang::QualType;
using clang::VarDecl;
using Expressions = std::vector<const Expr*>;

constexpr std::size_t source_limit = 64;
constexpr std::size_t step_limit = 1024; // of one walk: values may be assigned to each other crosswise
constexpr std::size_t depth_limit = 16;
constexpr std::size_t copy_limit = 64;

/// A pointer or number of a function, other than a parameter, or null.
const VarDecl* local_variable(const Expr* expression) {
    const auto* variable = referenced<VarDecl>(expression);
    const bool has_value = variable && variable->isLocalVarDecl() &&
                           (variable->getType()->isPointerType() || variable->getType()->isIntegerType());
    return has_value ? variable : nullptr;
}

/// The expressions of which one is the value, whatever the statement around them; empty if it is a value
/// itself.
Expressions branches(const Expr* expression) {
    if (const auto* choice = llvm::dyn_cast<clang::AbstractConditionalOperator>(expression))
        return {choice->getTrueExpr(), choice->getFalseExpr()};
    if (const auto* opaque = llvm::dyn_cast<clang::OpaqueValueExpr>(expression))
        return opaque->getSourceExpr() ? Expressions{opaque->getSourceExpr()} : Expressions();
    if (const auto* operation = llvm::dyn_cast<clang::BinaryOperator>(expression);
        operation && (operation->isCommaOp() || operation->getOpcode() == clang::BO_Assign))
        return {operation->getRHS()};
    if (const auto* statement = llvm::dyn_cast<clang::StmtExpr>(expression);
        statement && !statement->getSubStmt()->body_empty())
        if (const auto* value = llvm::dyn_cast<Expr>(statement->getSubStmt()->body_back()))
            return {value};
    return {};
}

class FlowVisitor : public clang::RecursiveASTVisitor<FlowVisitor> {
public:
    ValueFlow flow;

    void visit_function(FunctionDecl* function) {
        function_ = function->getCanonicalDecl();
        TraverseStmt(function->getBody());
    }

    bool VisitVarDecl(VarDecl* variable) {
        if (const Expr* value = variable->getInit())
            assign(variable, variable->getType(), value, 0);
        return true;
    }
    bool VisitBinaryOperator(clang::BinaryOperator* operation) {
        if (operation->getOpcode() == clang::BO_Assign)
            assign(local_variable(operation->getLHS()), operation->getLHS()->getType(), operation->getRHS(),
                   0);
        return true;
    }
    bool VisitExplicitCastExpr(clang::ExplicitCastExpr* cast) {
        take(nullptr, cast->getType(), cast->getSubExpr(), 0);
        return true;
    }
    bool VisitCallExpr(CallExpr* call) {
        const FunctionDecl* callee = call->getDirectCallee();
        if (const FunctionDecl* definition = callee ? callee->getDefinition() : nullptr)
            for (unsigned i = 0; i < std::min(definition->getNumParams(), call->getNumArgs()); ++i)
                take(definition->getParamDecl(i), definition->getParamDecl(i)->getType(), call->getArg(i), 0);
        else if (callee && callee->getBuiltinID() == clang::Builtin::BI__builtin_memcpy)
            take(nullptr, plain(call->getArg(1))->getType(), call->getArg(0), 0);
        return true;
    }
    bool VisitReturnStmt(clang::ReturnStmt* statement) {
        if (const Expr* value = statement->getRetValue())
            flow.returned[function_].push_back(value);
        return true;
    }

private:
    void assign(const VarDecl* variable, QualType type, const Expr* value, std::size_t depth) {
        if (variable && variable->isLocalVarDecl())
            flow.assigned[variable].push_back(value);
        take(variable, type, value, depth);
    }

    /// Notes that `variable`, or a pointer of that type, takes each of the calls and variables in `value`.
    void take(const VarDecl* variable, QualType type, const Expr* value, std::size_t depth) {
        value = plain(value);
        for (const Expr* branch : depth < depth_limit ? branches(value) : Expressions())
            take(variable, type, branch, depth + 1);
        ValueFlow::Origin origin = llvm::dyn_cast<CallExpr>(value);
        if (!origin)
            origin = referenced<VarDecl>(value);
        if (!origin)
            return;
        if (pointed_record(type)) {
            flow.taken_for[origin].push_back(type);
            return;
        }
        if (type->isPointerType() && !type->isVoidPointerType())
            flow.taken_as[origin].push_back(type);
        if (variable && type->isPointerType())
            flow.copied_to[origin].push_back(variable);
    }

    const FunctionDecl* function_ = nullptr;
};

class SourceWalk {
public:
    SourceWalk(const ValueFlow& flow, const ExprPredicate& is_last) : flow_(flow), is_last_(is_last) {}

    Expressions found;

    void walk(const Expr* expression) {
        const Expr* inner = expression->IgnoreParens();
        while (!is_last_(inner)) {
            const auto* cast = llvm::dyn_cast<clang::CastExpr>(inner);
            if (!cast)
                return go_through(expression, inner);
            inner = cast->getSubExpr()->IgnoreParens();
        }
        reached_last_ = true;
        add(inner);
    }

private:
    void go_through(const Expr* whole, const Expr* inner) {
        const Expressions further = next(inner);
        if (further.empty() || path_.size() == depth_limit || ++steps_ > step_limit)
            return add(whole);
        path_.push_back(origin_of(inner));
        const std::size_t before = found.size();
        const bool reached_before = std::exchange(reached_last_, false);
        for (const Expr* expression : further)
            walk(expression);
        path_.pop_back();
        if (!reached_last_ && has_own_type(inner)) {
            found.resize(before);
            add(whole);
        }
        reached_last_ = reached_last_ || reached_before;
    }

    Expressions next(const Expr* inner) const {
        const void* origin = origin_of(inner);
        if (origin && std::ranges::find(path_, origin) != path_.end())
            return {};
        if (const VarDecl* variable = local_variable(inner))
            return values_in(flow_.assigned, variable);
        if (const auto* call = llvm::dyn_cast<CallExpr>(inner))
            return results_of(*call);
        return branches(inner);
    }

    /// What the function returns; its parameters are the arguments of the call.
    Expressions results_of(const CallExpr& call) const {
        const FunctionDecl* callee = call.getDirectCallee();
        Expressions results = callee ? values_in(flow_.returned, callee->getCanonicalDecl()) : Expressions();
        for (const Expr*& result : results)
            if (const auto* parameter = referenced<ParmVarDecl>(result))
                if (const Expr* value = argument(&call, static_cast<int>(parameter->getFunctionScopeIndex())))
                    result = value;
        return results;
    }

    template <class Map, class Key> static Expressions values_in(const Map& map, Key key) {
        const auto entry = map.find(key);
        return entry == map.end() ? Expressions() : entry->second;
    }

    /// The variable or function that `next` goes through, or null.
    static const void* origin_of(const Expr* inner) {
        if (const VarDecl* variable = local_variable(inner))
            return variable;
        const auto* call = llvm::dyn_cast<CallExpr>(inner);
        return call && call->getDirectCallee() ? call->getDirectCallee()->getCanonicalDecl() : nullptr;
    }

    static bool has_own_type(const Expr* inner) {
        return local_variable(inner) && inner->getType()->isPointerType() &&
               !inner->getType()->isVoidPointerType();
    }

    void add(const Expr* expression) {
        if (found.size() < source_limit)
            found.push_back(expression);
    }

    const ValueFlow& flow_;
    const ExprPredicate& is_last_;
    std::vector<const void*> path_; // variables and functions gone through
    std::size_t steps_ = 0;
    bool reached_last_ = false;
};

/// `origin` and the variables that it is copied to.
std::vector<ValueFlow::Origin> copies_of(const ValueFlow& flow, ValueFlow::Origin origin) {
    std::vector<ValueFlow::Origin> origins = {origin};
    for (std::size_t i = 0; i < origins.size() && i < copy_limit; ++i)
        if (const auto copies = flow.copied_to.find(origins[i]); copies != flow.copied_to.end())
            for (const VarDecl* copy : copies->second)
                if (std::ranges::find(origins, copy) == origins.end())
                    origins.push_back(copy);
    return origins;
}

std::vector<QualType> types_of(const std::map<ValueFlow::Origin, std::vector<QualType>>& taken,
                               const std::vector<ValueFlow::Origin>& origins) {
    std::vector<QualType> types;
    for (const ValueFlow::Origin origin : origins)
        if (const auto found = taken.find(origin); found != taken.end())
            types.insert(types.end(), found->second.begin(), found->second.end());
    return types;
}

std::vector<QualType> uses_of(const ValueFlow& flow, ValueFlow::Origin origin) {
    return types_of(flow.taken_for, copies_of(flow, origin));
}

bool is_returned(const ValueFlow& flow, const std::vector<ValueFlow::Origin>& origins) {
    const auto is_origin = [&](const Expr* value) {
        const ValueFlow::Origin variable = referenced<VarDecl>(value);
        return std::ranges::find(origins, variable ? variable : plain(value)) != origins.end();
    };
    return std::ranges::any_of(
        flow.returned, [&](const auto& entry) { return std::ranges::any_of(entry.second, is_origin); });
}

} // namespace

ValueFlow collect_value_flow(clang::ASTContext& context) {
    FlowVisitor visitor;
    visit_functions(context, visitor);
    return std::move(visitor.flow);
}

Expressions sources(const ValueFlow& flow, const Expr* expression, const ExprPredicate& is_last) {
    if (!expression)
        return {};
    SourceWalk walk(flow, is_last);
    walk.walk(expression);
    return std::move(walk.found);
}

std::vector<QualType> uses(const ValueFlow& flow, const CallExpr* call) {
    return uses_of(flow, call);
}

std::vector<QualType> scalar_uses(const ValueFlow& flow, const CallExpr* call) {
    const std::vector<ValueFlow::Origin> origins = copies_of(flow, call);
    return is_returned(flow, origins) ? std::vector<QualType>() : types_of(flow.taken_as, origins);
}

std::vector<QualType> uses(const ValueFlow& flow, const ParmVarDecl* parameter) {
    if (pointed_record(parameter->getType()))
        return {parameter->getType()};
    return uses_of(flow, static_cast<const VarDecl*>(parameter));
}

} // namespace ecc
