#include "runtime-min/relocated_code.h"

#include "packager/package/owned_btf.h"

#include <algorithm>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <linux/bpf.h>
#include <span>
#include <utility>

namespace ecc {

namespace {

/// From here on libbpf numbers the calls by which it marks relocations without a target; the kernel refuses
/// programs that can come there.
constexpr std::int32_t first_mark = 0xbad2310;

/// libbpf's bpf_object__sanitize_prog: what it calls instead where the kernel does not have it.
std::int32_t older_form(std::int32_t helper) {
    switch (helper) {
    case BPF_FUNC_probe_read_kernel:
    case BPF_FUNC_probe_read_user:
        return BPF_FUNC_probe_read;
    case BPF_FUNC_probe_read_kernel_str:
    case BPF_FUNC_probe_read_user_str:
        return BPF_FUNC_probe_read_str;
    default:
        return helper;
    }
}

using Names = std::set<std::string, std::less<>>;

/// Without "___flavor", as libbpf looks for them.
Names without_flavor(const std::vector<std::string>& names) {
    Names plain;
    for (const auto& name : names)
        plain.insert(name.substr(0, name.find("___")));
    return plain;
}

/// Of the running kernel, read when the first program names one of its functions or variables.
class KernelTypes {
public:
    /// "?" if there is none of that number.
    std::string name(std::int32_t id) {
        if (!types_)
            types_.reset(btf__load_vmlinux_btf());
        const btf_type* type = types_ ? btf__type_by_id(types_.get(), static_cast<__u32>(id)) : nullptr;
        const char* name = type == nullptr ? nullptr : btf__name_by_offset(types_.get(), type->name_off);
        return name == nullptr || *name == 0 ? "?" : name;
    }

private:
    OwnedBtf types_;
};

class CodeCheck {
public:
    CodeCheck(const bpf_object* object, const ObjectFacts& facts)
        : helpers_(facts.helpers), functions_(without_flavor(facts.kernel_functions)),
          symbols_(without_flavor(facts.kernel_symbols)), calls_by_id_(facts.calls_kernel_by_id) {
        symbols_.insert(functions_.begin(), functions_.end()); // a program asks whether there is one
        for (const std::int32_t helper : facts.helpers)
            helpers_.insert(older_form(helper));
        const bpf_map* map = nullptr;
        bpf_object__for_each_map(map, object) {
            maps_.insert(bpf_map__fd(map));
        }
    }

    /// What this instruction does that the ELF does not show, or nothing. `next` is the one behind it.
    std::string surprise(const bpf_insn& instruction, const bpf_insn& next) {
        if (instruction.code == (BPF_JMP | BPF_CALL))
            return surprise_of_call(instruction);
        if (instruction.code == (BPF_LD | BPF_IMM | BPF_DW))
            return surprise_of_load(instruction, next);
        return {};
    }

private:
    std::string surprise_of_call(const bpf_insn& call) {
        if (call.src_reg == BPF_PSEUDO_CALL)
            return {};
        if (call.src_reg == 0)
            return call.imm >= first_mark || helpers_.contains(call.imm)
                       ? std::string()
                       : fmt::format("calls helper {}", call.imm);
        if (calls_by_id_ || call.off != 0)
            return {};
        return unless_in(functions_, "calls", call.imm);
    }

    std::string surprise_of_load(const bpf_insn& load, const bpf_insn& next) {
        switch (load.src_reg) {
        case 0:
        case BPF_PSEUDO_FUNC:
            return {};
        case BPF_PSEUDO_MAP_FD:
        case BPF_PSEUDO_MAP_VALUE:
            return maps_.contains(load.imm) ? "" : "names a map that is not its object's";
        case BPF_PSEUDO_BTF_ID:
            return next.imm != 0 ? "" : unless_in(symbols_, "reads", load.imm);
        default:
            return "names a map in a way that libbpf does not";
        }
    }

    std::string unless_in(const Names& names, const char* verb, std::int32_t id) {
        if (!passed_.insert({&names, id}).second)
            return {};
        const auto name = kernel_.name(id);
        return names.contains(name) ? "" : fmt::format("{} the kernel's '{}'", verb, name);
    }

    std::set<std::int32_t> helpers_, maps_;
    Names functions_;
    Names symbols_; ///< whose addresses it may have
    bool calls_by_id_;
    KernelTypes kernel_;
    std::set<std::pair<const Names*, std::int32_t>> passed_; ///< the first that does not pass ends the check
};

} // namespace

Result<> check_relocated_code(const bpf_object* object, const ObjectFacts& facts) {
    CodeCheck check(object, facts);
    const bpf_program* program = nullptr;
    while ((program = bpf_object__next_program(object, const_cast<bpf_program*>(program))) != nullptr) {
        if (!bpf_program__autoload(program))
            continue;
        const std::span code(bpf_program__insns(program), bpf_program__insn_cnt(program));
        for (std::size_t i = 0; i < code.size(); ++i) {
            const auto surprise = check.surprise(code[i], i + 1 < code.size() ? code[i + 1] : bpf_insn{});
            if (!surprise.empty())
                return input_error(facts.name,
                                   fmt::format("program '{}' {} after relocation, and not in its ELF",
                                               bpf_program__name(program), surprise),
                                   "nothing: objects of compilers do not do this, but some that deceive do");
        }
    }
    return {};
}

} // namespace ecc
