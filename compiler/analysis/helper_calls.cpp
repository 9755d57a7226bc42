#include "compiler/analysis/helper_calls.h"

#include "compiler/analysis/expressions.h"

#include <algorithm>
#include <array>
#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/AST/RecursiveASTVisitor.h>

namespace ecc {
namespace {

using clang::CallExpr;
using clang::Expr;
using clang::FunctionDecl;
using clang::ValueDecl;
using enum DataRole;

constexpr std::array data_helpers = {
    //          name                          role    map dynptr offset data size
    DataHelper{.name = "bpf_ringbuf_reserve", .map = 0, .size = 1},
    DataHelper{.name = "bpf_ringbuf_reserve_dynptr", .map = 0, .size = 1},
    DataHelper{.name = "bpf_ringbuf_output", .map = 0, .data = 1, .size = 2},
    DataHelper{.name = "bpf_perf_event_output", .map = 1, .data = 3, .size = 4},
    DataHelper{.name = "bpf_skb_output", .map = 1, .data = 3, .size = 4},
    DataHelper{.name = "bpf_xdp_output", .map = 1, .data = 3, .size = 4},
    DataHelper{.name = "bpf_dynptr_write", .dynptr = 0, .offset = 1, .data = 2, .size = 3},
    DataHelper{.name = "bpf_dynptr_read", .dynptr = 2, .offset = 3, .data = 0, .size = 1},
    DataHelper{.name = "bpf_dynptr_data", .dynptr = 0, .offset = 1, .size = 2},
    DataHelper{.name = "bpf_dynptr_slice", .dynptr = 0, .offset = 1, .size = 3},
    DataHelper{.name = "bpf_dynptr_slice_rdwr", .dynptr = 0, .offset = 1, .size = 3},
    DataHelper{.name = "bpf_map_lookup_elem", .role = key, .map = 0, .data = 1},
    DataHelper{.name = "bpf_map_lookup_elem", .role = value, .map = 0},
    DataHelper{.name = "bpf_map_lookup_percpu_elem", .role = key, .map = 0, .data = 1},
    DataHelper{.name = "bpf_map_lookup_percpu_elem", .role = value, .map = 0},
    DataHelper{.name = "bpf_map_update_elem", .role = key, .map = 0, .data = 1},
    DataHelper{.name = "bpf_map_update_elem", .role = value, .map = 0, .data = 2},
    DataHelper{.name = "bpf_map_delete_elem", .role = key, .map = 0, .data = 1},
    DataHelper{.name = "bpf_map_push_elem", .role = value, .map = 0, .data = 1},
    DataHelper{.name = "bpf_map_pop_elem", .role = value, .map = 0, .data = 1},
    DataHelper{.name = "bpf_map_peek_elem", .role = value, .map = 0, .data = 1},
    DataHelper{.name = "bpf_for_each_map_elem", .role = key, .map = 0, .callback = 1, .parameter = 1},
    DataHelper{.name = "bpf_for_each_map_elem", .role = value, .map = 0, .callback = 1, .parameter = 2},
};

constexpr int reserved_dynptr_argument = 3;
constexpr int drain_callback_argument = 1;

std::string_view callee_name(const CallExpr* call) {
    const auto* callee = referenced<ValueDecl>(call->getCallee());
    return callee && callee->getIdentifier() ? std::string_view(callee->getName()) : std::string_view();
}

class CallVisitor : public clang::RecursiveASTVisitor<CallVisitor> {
public:
    HelperCalls found;

    void visit_function(FunctionDecl* function) {
        function_ = function->getCanonicalDecl();
        functions_.push_back(function_);
        TraverseStmt(function->getBody());
    }

    bool VisitDeclRefExpr(clang::DeclRefExpr* reference) {
        const auto* function = llvm::dyn_cast<FunctionDecl>(reference->getDecl());
        if (!function)
            return true;
        references_[function_].push_back(function->getCanonicalDecl());
        if (reference != callee_)
            found.indirect.insert(function->getCanonicalDecl());
        return true;
    }

    // The name of the function that is called is visited right after the call.
    bool VisitCallExpr(CallExpr* call) {
        callee_ = llvm::dyn_cast_or_null<clang::DeclRefExpr>(plain(call->getCallee()));
        const std::string_view name = callee_name(call);
        bool is_helper = false;
        for (const DataHelper& helper : data_helpers)
            if (helper.name == name) {
                found.data.push_back({{function_, call}, &helper});
                is_helper = true;
            }
        if (name == "bpf_ringbuf_reserve_dynptr")
            add_dynptr(referenced<ValueDecl>(without_address(argument(call, reserved_dynptr_argument))), call,
                       argument(call, 1));
        else if (name == "bpf_user_ringbuf_drain")
            add_dynptr(callback_parameter(argument(call, drain_callback_argument), 0), call, nullptr);
        else if (const FunctionDecl* callee = call->getDirectCallee(); callee && !is_helper)
            found.callers[callee->getCanonicalDecl()].push_back({function_, call});
        return true;
    }

    void find_unused() {
        std::vector<const FunctionDecl*> open;
        for (const FunctionDecl* function : functions_)
            if (function->isExternallyVisible() ||
                function->getMostRecentDecl()->hasAttr<clang::SectionAttr>())
                open.push_back(function);
            else
                found.unused.insert(function);
        while (!open.empty()) {
            const FunctionDecl* function = open.back();
            open.pop_back();
            for (const FunctionDecl* used : references_[function])
                if (found.unused.erase(used) != 0)
                    open.push_back(used);
        }
    }

private:
    void add_dynptr(const ValueDecl* variable, const CallExpr* call, const Expr* size) {
        if (variable)
            found.dynptrs[variable].push_back({function_, argument(call, 0), size});
    }

    const FunctionDecl* function_ = nullptr;
    const clang::DeclRefExpr* callee_ = nullptr;
    std::vector<const FunctionDecl*> functions_;
    std::map<const FunctionDecl*, std::vector<const FunctionDecl*>> references_;
};

} // namespace

HelperCalls collect_helper_calls(clang::ASTContext& context) {
    CallVisitor calls;
    visit_functions(context, calls);
    calls.find_unused();
    return std::move(calls.found);
}

bool calls(const CallExpr* call, std::string_view name) {
    return callee_name(call) == name;
}

// Expressions refer to the parameters of the definition.
const clang::ParmVarDecl* callback_parameter(const Expr* callback, int index) {
    const auto* function = referenced<FunctionDecl>(without_address(callback));
    const FunctionDecl* definition = function ? function->getDefinition() : nullptr;
    const bool exists = definition && index >= 0 && index < static_cast<int>(definition->getNumParams());
    return exists ? definition->getParamDecl(static_cast<unsigned>(index)) : nullptr;
}

} // namespace ecc
