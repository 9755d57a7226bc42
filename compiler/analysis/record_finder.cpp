#include "compiler/analysis/record_finder.h"

#include "compiler/analysis/expressions.h"
#include "compiler/analysis/helper_calls.h"
#include "compiler/analysis/type_references.h"
#include "compiler/analysis/value_flow.h"

#include <algorithm>
#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/AST/TypeLoc.h>
#include <optional>
#include <string>

namespace ecc {
namespace {

using clang::CallExpr;
using clang::Expr;
using clang::FunctionDecl;
using clang::ParmVarDecl;
using clang::QualType;
using clang::RecordDecl;
using clang::VarDecl;

// How far a map or a size is followed from the helper through functions that pass it on.
constexpr int caller_depth_limit = 8;
constexpr std::size_t result_limit = 4096;

/// What one call of a helper says, as seen from `function`.
struct Transfer {
    const FunctionDecl* function = nullptr;
    DataRole role = DataRole::record;
    const Expr* map = nullptr;
    bool inside_map = false;      ///< the map is one of those in `map`
    const Expr* dynptr = nullptr; ///< if the map is not known yet
    const Expr* data = nullptr;
    const Expr* size = nullptr;
    std::vector<QualType> receivers; ///< of the pointer that the helper returns or hands to its callback
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

/// Those that one call may move, of which `size` and `data` are one way each.
std::vector<const RecordDecl*> records_of(const Transfer& transfer) {
    if (const auto* trait = llvm::dyn_cast_or_null<clang::UnaryExprOrTypeTraitExpr>(plain(transfer.size)))
        if (const RecordDecl* record = record_of_size(trait))
            return {record};
    if (const RecordDecl* record = record_of_data(transfer.data))
        return {record};
    std::vector<const RecordDecl*> records;
    for (const QualType receiver : transfer.receivers)
        records.push_back(pointed_record(receiver));
    if (const RecordDecl* record = record_of_size(transfer.size); record && records.empty())
        records.push_back(record);
    return records;
}

/// What the pointer points to beneath its casts, the outermost that is a type of its own; null for none.
QualType type_of_data(const Expr* data) {
    while (data) {
        data = data->IgnoreParens();
        if (data->getType()->isPointerType() && !data->getType()->isVoidPointerType())
            return data->getType()->getPointeeType().getUnqualifiedType();
        const auto* cast = llvm::dyn_cast<clang::CastExpr>(data);
        data = cast ? cast->getSubExpr() : nullptr;
    }
    return {};
}

std::optional<std::uint64_t> constant_of(const Expr* expression, const clang::ASTContext& context) {
    clang::Expr::EvalResult result;
    if (!expression || expression->isValueDependent() || !expression->EvaluateAsInt(result, context))
        return std::nullopt;
    return result.Val.getInt().getZExtValue();
}

/// The scalar that a variable of the user's holds or, as "char", text. Others may have no BTF.
TypeReference scalar_of(const Transfer& transfer, const clang::ASTContext& context) {
    const QualType type = type_of_data(transfer.data);
    if (transfer.role != DataRole::record || type.isNull() ||
        !referenced<VarDecl>(without_address(transfer.data)))
        return {};
    const bool is_text = type->isCharType() && context.hasSameType(type, context.CharTy);
    const auto size = static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
    const bool is_whole = constant_of(transfer.size, context) == size;
    return is_text || is_whole ? reference_to_scalar(type, context) : TypeReference();
}

bool is_map(const VarDecl& variable) {
    const auto* section = variable.getAttr<clang::SectionAttr>();
    return section && section->getName() == ".maps";
}

/// The member of a map's definition, such as "value" of __type(value, T), or null.
const clang::FieldDecl* member_of(const VarDecl& map, llvm::StringRef name) {
    const RecordDecl* definition = complete_record(map.getType());
    if (!definition)
        return nullptr;
    for (const clang::FieldDecl* field : definition->fields())
        if (field->getName() == name)
            return field;
    return nullptr;
}

/// T of __uint(value_size, sizeof(T)), which is a pointer to an array of that size. The type itself keeps the
/// number only.
const RecordDecl* record_of_size_member(const VarDecl& map, llvm::StringRef name) {
    const clang::FieldDecl* member = member_of(map, name);
    const clang::TypeSourceInfo* written = member ? member->getTypeSourceInfo() : nullptr;
    const auto pointer =
        written ? written->getTypeLoc().getAs<clang::PointerTypeLoc>() : clang::PointerTypeLoc();
    if (!pointer)
        return nullptr;
    const auto array = pointer.getPointeeLoc().IgnoreParens().getAs<clang::ArrayTypeLoc>();
    return array ? record_of_size(array.getSizeExpr()) : nullptr;
}

/// The maps that a map of maps is initialized with.
class InnerMapVisitor : public clang::RecursiveASTVisitor<InnerMapVisitor> {
public:
    std::vector<const VarDecl*> maps;

    bool VisitDeclRefExpr(clang::DeclRefExpr* reference) {
        if (const auto* variable = llvm::dyn_cast<VarDecl>(reference->getDecl());
            variable && is_map(*variable))
            maps.push_back(variable);
        return true;
    }
};

/// T of `__array(values, T)`, or null.
const RecordDecl* inner_definition(const VarDecl& map) {
    const clang::FieldDecl* values = member_of(map, "values");
    const clang::Type* array = values ? values->getType()->getArrayElementTypeNoTypeQual() : nullptr;
    return array ? pointed_record(QualType(array, 0)) : nullptr;
}

/// The variable of a map's definition, or null.
const VarDecl* map_of(const Expr* expression) {
    const auto* variable = referenced<VarDecl>(without_address(expression));
    return variable && is_map(*variable) ? variable : nullptr;
}

class RecordFinder {
public:
    RecordFinder(clang::ASTContext& context, Annotations& annotations)
        : context_(context), calls_(collect_helper_calls(context)), flow_(collect_value_flow(context)),
          annotations_(annotations) {}

    void find_all() {
        for (const clang::Decl* declaration : context_.getTranslationUnitDecl()->decls())
            if (const auto* variable = llvm::dyn_cast<VarDecl>(declaration); variable && is_map(*variable))
                read_definition(*variable);
        for (const HelperCall& call : calls_.data)
            if (call.helper->offset < 0 ||
                constant_of(argument(call.call, call.helper->offset), context_) == 0)
                follow(transfer_of(call), 0);
    }

private:
    void read_definition(const VarDecl& map) {
        maps_.push_back(&map);
        if (const RecordDecl* key = record_of_size_member(map, "key_size"))
            add(DataRole::key, map, reference_to(*key, context_));
        if (const RecordDecl* value = record_of_size_member(map, "value_size"))
            add(DataRole::value, map, reference_to(*value, context_));
    }

    Transfer transfer_of(const HelperCall& call) const {
        const DataHelper& helper = *call.helper;
        Transfer transfer{.function = call.function,
                          .role = helper.role,
                          .map = argument(call.call, helper.map),
                          .dynptr = argument(call.call, helper.dynptr),
                          .data = argument(call.call, helper.data),
                          .size = argument(call.call, helper.size)};
        if (const ParmVarDecl* parameter =
                callback_parameter(argument(call.call, helper.callback), helper.parameter))
            transfer.receivers = uses(flow_, parameter);
        else if (helper.data < 0)
            transfer.receivers = uses(flow_, call.call);
        return transfer;
    }

    /// Each way that values may take to the map, the data and the size. More of them than the program can
    /// take if they depend on each other, never fewer.
    std::vector<Transfer> ways_of(const Transfer& transfer) const {
        static const ExprPredicate is_record = [](const Expr* data) {
            return pointed_record(data->getType()) != nullptr;
        };
        static const ExprPredicate never = [](const Expr*) { return false; };
        std::vector<Transfer> ways = {transfer};
        spread(ways, &Transfer::map, never);
        spread(ways, &Transfer::data, is_record);
        spread(ways, &Transfer::size, never);
        return ways;
    }

    void spread(std::vector<Transfer>& ways, const Expr* Transfer::* part,
                const ExprPredicate& is_last) const {
        std::vector<Transfer> all;
        const std::vector<const Expr*> parts = sources(flow_, ways.front().*part, is_last);
        for (const Transfer& way : ways)
            for (const Expr* source : parts) {
                all.push_back(way);
                all.back().*part = source;
            }
        if (!all.empty())
            ways = std::move(all);
    }

    void follow(const Transfer& transfer, int depth) {
        for (const Transfer& way : ways_of(transfer))
            follow_way(way, depth);
    }

    void follow_way(const Transfer& way, int depth) {
        if (const auto* lookup = llvm::dyn_cast_or_null<CallExpr>(plain(way.map));
            lookup && !way.inside_map && calls(lookup, "bpf_map_lookup_elem")) {
            Transfer next = way;
            next.map = argument(lookup, 0);
            next.inside_map = true;
            return follow(next, depth);
        }
        const VarDecl* map = map_of(way.map);
        const std::vector<TypeReference> types = types_of(way);
        if (map && !types.empty())
            return add_all(way, *map, types);
        if (depth == caller_depth_limit || ++followed_ > result_limit)
            return;
        if (way.dynptr && follow_dynptr(way, depth))
            return;
        const auto callers = calls_.callers.find(way.function);
        if (callers == calls_.callers.end())
            return;
        for (const auto& [caller, call] : callers->second)
            follow(seen_from_caller(way, caller, call), depth + 1);
    }

    std::vector<TypeReference> types_of(const Transfer& way) const {
        std::vector<TypeReference> types;
        for (const RecordDecl* record : records_of(way))
            types.push_back(reference_to(*record, context_));
        if (TypeReference scalar = types.empty() ? scalar_of(way, context_) : TypeReference();
            !scalar.name.empty())
            types.push_back(std::move(scalar));
        return types;
    }

    /// Goes on where the dynptr got its map. False: it comes from a caller.
    bool follow_dynptr(const Transfer& transfer, int depth) {
        const auto* variable = referenced<clang::ValueDecl>(without_address(transfer.dynptr));
        const auto sources = calls_.dynptrs.find(variable);
        if (!variable || sources == calls_.dynptrs.end())
            return false;
        Transfer next = transfer;
        next.dynptr = nullptr;
        for (const DynptrSource& source : sources->second) {
            if (record_of_size(source.size))
                continue; // known from the reservation; what is written at its start may be its head only
            next.function = source.function;
            next.map = source.map;
            follow(next, depth + 1);
        }
        return true;
    }

    // What does not depend on a parameter stays as it is.
    Transfer seen_from_caller(const Transfer& transfer, const FunctionDecl* caller,
                              const CallExpr* call) const {
        const auto replace = [&](const Expr* expression) {
            const auto* parameter = referenced<ParmVarDecl>(expression);
            return parameter ? argument(call, static_cast<int>(parameter->getFunctionScopeIndex()))
                             : expression;
        };
        Transfer next = transfer;
        next.function = caller;
        for (const Expr** expression : {&next.map, &next.dynptr, &next.data, &next.size})
            *expression = replace(*expression);
        if (next.receivers.empty() && !next.data)
            next.receivers = uses(flow_, call);
        return next;
    }

    /// A map that programs fill with others at run time stands for these.
    std::vector<const VarDecl*> maps_inside(const VarDecl& outer) const {
        InnerMapVisitor visitor;
        visitor.TraverseStmt(const_cast<Expr*>(outer.getInit()));
        const RecordDecl* definition = inner_definition(outer);
        for (const VarDecl* map : maps_)
            if (definition && complete_record(map->getType()) == definition)
                visitor.maps.push_back(map);
        return visitor.maps.empty() ? std::vector{&outer} : std::move(visitor.maps);
    }

    void add_all(const Transfer& way, const VarDecl& map, const std::vector<TypeReference>& types) {
        const std::vector<const VarDecl*> maps = way.inside_map ? maps_inside(map) : std::vector{&map};
        for (const VarDecl* each : maps)
            for (const TypeReference& type : types)
                add(way.role, *each, type);
    }

    void add(DataRole role, const VarDecl& map, const TypeReference& type) {
        const std::string name = map.getName().str();
        if (role == DataRole::record)
            add_once(annotations_.records[name], type);
        else if (role == DataRole::key && !member_of(map, "key"))
            add_once(annotations_.keys[name], type);
        else if (role == DataRole::value && !member_of(map, "value") && !member_of(map, "values"))
            add_once(annotations_.values[name], type);
    }

    static void add_once(std::vector<TypeReference>& types, const TypeReference& type) {
        if (std::ranges::find(types, type) == types.end())
            types.push_back(type);
    }

    clang::ASTContext& context_;
    const HelperCalls calls_;
    const ValueFlow flow_;
    Annotations& annotations_;
    std::vector<const VarDecl*> maps_;
    std::size_t followed_ = 0;
};

} // namespace

void collect_records(clang::ASTContext& context, Annotations& annotations) {
    RecordFinder(context, annotations).find_all();
}

} // namespace ecc
