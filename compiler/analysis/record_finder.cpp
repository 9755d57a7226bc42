#include "compiler/analysis/record_finder.h"

#include "compiler/analysis/expressions.h"
#include "compiler/analysis/helper_calls.h"
#include "compiler/analysis/map_definitions.h"
#include "compiler/analysis/type_references.h"
#include "compiler/analysis/value_flow.h"

#include <algorithm>
#include <clang/AST/ASTContext.h>
#include <clang/AST/RecordLayout.h>
#include <linux/bpf.h>
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
constexpr std::size_t way_limit = 1024; // of one transfer

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
    std::vector<QualType> scalars;   ///< the pointers that are none to records, of what the helper returns
    /// Of the whole record, where `size` is that of a part.
    const Expr* reserved = nullptr;
    bool is_part = false;
};

/// The type of the pointer beneath its casts, the outermost that `is_wanted`; null for none.
template <class Predicate> QualType pointer_beneath_casts(const Expr* data, Predicate is_wanted) {
    while (data) {
        data = data->IgnoreParens();
        if (is_wanted(data->getType()))
            return data->getType();
        const auto* cast = llvm::dyn_cast<clang::CastExpr>(data);
        data = cast ? cast->getSubExpr() : nullptr;
    }
    return {};
}

const RecordDecl* record_of_data(const Expr* data) {
    const QualType pointer =
        pointer_beneath_casts(data, [](QualType type) { return pointed_record(type) != nullptr; });
    return pointer.isNull() ? nullptr : pointed_record(pointer);
}

/// The first type of its own, whatever it is; null for none.
QualType type_of_data(const Expr* data) {
    const QualType pointer = pointer_beneath_casts(
        data, [](QualType type) { return type->isPointerType() && !type->isVoidPointerType(); });
    return pointer.isNull() ? QualType() : pointer->getPointeeType().getUnqualifiedType();
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

std::optional<std::uint64_t> constant_of(const Expr* expression, const clang::ASTContext& context) {
    clang::Expr::EvalResult result;
    if (!expression || expression->isValueDependent() || !expression->EvaluateAsInt(result, context))
        return std::nullopt;
    return result.Val.getInt().getZExtValue();
}

/// What the pointer that a reservation returns points to, if that is one type; null for none.
QualType type_of_reservation(const Transfer& transfer, const clang::ASTContext& context) {
    QualType type;
    for (const QualType pointer : transfer.scalars) {
        const QualType pointee = pointer->getPointeeType().getUnqualifiedType();
        if (!type.isNull() && !context.hasSameType(type, pointee))
            return {};
        type = pointee;
    }
    return type;
}

/// The scalar that a variable of the user's or a reservation holds or, as "char", text. Others may have no
/// BTF.
TypeReference scalar_of(const Transfer& transfer, const clang::ASTContext& context) {
    const QualType type =
        transfer.data ? type_of_data(transfer.data) : type_of_reservation(transfer, context);
    if (transfer.role != DataRole::record || type.isNull() || type->isIncompleteType() ||
        (transfer.data && !referenced<VarDecl>(without_address(transfer.data))))
        return {};
    const bool is_text = type->isCharType() && context.hasSameType(type, context.CharTy);
    const auto size = static_cast<std::uint64_t>(context.getTypeSizeInChars(type).getQuantity());
    const bool is_whole = constant_of(transfer.size, context) == size;
    return is_text || is_whole ? reference_to_scalar(type, context) : TypeReference();
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
        for (const HelperCall& call : calls_.data) {
            const bool begins_record = call.helper->offset < 0 ||
                                       constant_of(argument(call.call, call.helper->offset), context_) == 0;
            if (begins_record && !calls_.unused.contains(call.function))
                follow(transfer_of(call), 0);
        }
    }

private:
    void read_definition(const VarDecl& map) {
        maps_.push_back(&map);
        if (const TypeReference key = type_of_size_member(map, "key_size", context_); !key.name.empty())
            add(DataRole::key, map, key);
        if (const TypeReference value = type_of_size_member(map, "value_size", context_); !value.name.empty())
            add(DataRole::value, map, value);
    }

    Transfer transfer_of(const HelperCall& call) const {
        const DataHelper& helper = *call.helper;
        Transfer transfer{.function = call.function,
                          .role = helper.role,
                          .map = argument(call.call, helper.map),
                          .dynptr = argument(call.call, helper.dynptr),
                          .data = argument(call.call, helper.data),
                          .size = argument(call.call, helper.size),
                          .is_part = helper.dynptr >= 0};
        if (const ParmVarDecl* parameter =
                callback_parameter(argument(call.call, helper.callback), helper.parameter))
            transfer.receivers = uses(flow_, parameter);
        else if (helper.data < 0)
            transfer.receivers = uses(flow_, call.call);
        if (helper.data < 0 && !transfer.is_part)
            transfer.scalars = scalar_uses(flow_, call.call);
        return transfer;
    }

    /// Each way that values may take to the map, the data and the size. More of them than the program can
    /// take if they depend on each other, never fewer; with too many, one whose values are not known.
    std::vector<Transfer> ways_of(const Transfer& transfer) const {
        static const ExprPredicate is_record = [](const Expr* data) {
            return pointed_record(data->getType()) != nullptr;
        };
        static const ExprPredicate is_map = [](const Expr* map) {
            const auto* call = llvm::dyn_cast<CallExpr>(map);
            return map_of(map) || (call && calls(call, "bpf_map_lookup_elem"));
        };
        static const ExprPredicate never = [](const Expr*) { return false; };
        std::vector<Transfer> ways = {transfer};
        spread(ways, &Transfer::map, is_map);
        spread(ways, &Transfer::data, is_record);
        spread(ways, &Transfer::size, never);
        return ways;
    }

    void spread(std::vector<Transfer>& ways, const Expr* Transfer::* part,
                const ExprPredicate& is_last) const {
        std::vector<Transfer> all;
        const std::vector<const Expr*> parts = sources(flow_, ways.front().*part, is_last);
        if (ways.size() * parts.size() > way_limit)
            return;
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
        const std::vector<TypeReference> types = types_of(way);
        const bool is_known = map_of(way.map) && !types.empty() && !is_parameter(way.size);
        if (is_known || depth == caller_depth_limit || ++followed_ > result_limit)
            return conclude(way, types);
        if (way.dynptr && follow_dynptr(way, depth))
            return;
        const auto callers = calls_.callers.find(way.function);
        if (callers == calls_.callers.end() || !depends_on_caller(way, types))
            return conclude(way, types);
        for (const auto& [caller, call] : callers->second)
            if (!calls_.unused.contains(caller))
                follow(seen_from_caller(way, caller, call), depth + 1);
        if (has_other_callers(*way.function))
            conclude(way, types);
    }

    static bool is_parameter(const Expr* expression) {
        return referenced<ParmVarDecl>(expression) != nullptr;
    }

    static bool depends_on_caller(const Transfer& way, const std::vector<TypeReference>& types) {
        const bool is_returned = types.empty() && !way.data;
        return is_returned || is_parameter(way.map) || is_parameter(way.data) || is_parameter(way.size) ||
               is_parameter(without_address(way.dynptr));
    }

    bool has_other_callers(const FunctionDecl& function) const {
        const bool is_for_other_files =
            function.getVisibility() == clang::HiddenVisibility && function.isExternallyVisible();
        return is_for_other_files || calls_.indirect.contains(&function);
    }

    /// Nothing more will be learned about this way.
    void conclude(const Transfer& way, const std::vector<TypeReference>& types) {
        const std::vector<const VarDecl*> maps = maps_of(way);
        for (const VarDecl* map : maps) {
            for (const TypeReference& type : types)
                add(way.role, *map, type);
            if (way.role == DataRole::record && types.empty())
                annotations_.untyped.insert(map->getName().str());
            if (way.role == DataRole::record && varies(way))
                annotations_.varying.insert(map->getName().str());
        }
    }

    /// Any that takes records, if the source does not show which.
    std::vector<const VarDecl*> maps_of(const Transfer& way) const {
        if (const VarDecl* map = map_of(way.map))
            return way.inside_map ? maps_inside(*map) : std::vector{map};
        const bool is_no_map = !way.map || referenced<clang::ValueDecl>(without_address(way.map));
        if (is_no_map || way.role != DataRole::record)
            return {};
        std::vector<const VarDecl*> streams;
        std::ranges::copy_if(maps_, std::back_inserter(streams), [this](const VarDecl* map) {
            const std::uint64_t type = type_number(*map, context_);
            return type == BPF_MAP_TYPE_RINGBUF || type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
        });
        return streams;
    }

    /// Whether records of that way may be of another length than their type.
    bool varies(const Transfer& way) const {
        const Expr* length = way.is_part ? way.reserved : way.size;
        const std::vector<const RecordDecl*> records = records_of(way);
        if (!length || records.empty())
            return false;
        const auto size = constant_of(length, context_);
        return std::ranges::any_of(records, [&](const RecordDecl* record) {
            const auto whole =
                static_cast<std::uint64_t>(context_.getASTRecordLayout(record).getSize().getQuantity());
            return record->hasFlexibleArrayMember() ? size && *size < whole : size != whole;
        });
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
            next.reserved = source.size;
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
        std::vector<const VarDecl*> maps = initial_maps(outer);
        const RecordDecl* definition = inner_definition(outer);
        for (const VarDecl* map : maps_)
            if (definition && complete_record(map->getType()) == definition)
                maps.push_back(map);
        return maps.empty() ? std::vector{&outer} : maps;
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
