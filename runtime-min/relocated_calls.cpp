#include "runtime-min/relocated_calls.h"

#include "packager/package/owned_btf.h"

#include <algorithm>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <functional>
#include <linux/bpf.h>
#include <span>

namespace ecc {

namespace {

/// From here on libbpf numbers the calls by which it marks relocations without a target; the kernel refuses
/// programs that can come there.
constexpr std::int32_t first_mark = 0xbad2310;

/// libbpf's bpf_object__sanitize_prog: what it calls instead on kernels before 5.5.
std::int32_t before_5_5(std::int32_t helper) {
    switch (helper) {
    case BPF_FUNC_probe_read_kernel:
        return BPF_FUNC_probe_read;
    case BPF_FUNC_probe_read_kernel_str:
        return BPF_FUNC_probe_read_str;
    default:
        return helper;
    }
}

bool is_expected(std::int32_t helper, const std::set<std::int32_t>& helpers) {
    return helper >= first_mark || std::ranges::any_of(helpers, [=](std::int32_t known) {
               return helper == known || helper == before_5_5(known);
           });
}

/// Without "___flavor", as libbpf looks for it.
std::string_view without_flavor(std::string_view name) {
    return name.substr(0, name.find("___"));
}

std::unexpected<Error> unexpected_call(const ObjectFacts& facts, const char* program,
                                       const std::string& what) {
    return input_error(
        facts.name, fmt::format("program '{}' calls {} after relocation, and not in its ELF", program, what),
        "nothing that is worth a try: an object like this is made to deceive");
}

/// Of the running kernel, read when the first program calls one of its functions.
class KernelFunctions {
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

} // namespace

Result<> check_relocated_calls(const bpf_object* object, const ObjectFacts& facts) {
    KernelFunctions kernel;
    const bpf_program* program = nullptr;
    while ((program = bpf_object__next_program(object, const_cast<bpf_program*>(program))) != nullptr) {
        if (!bpf_program__autoload(program))
            continue;
        for (const bpf_insn& call : std::span(bpf_program__insns(program), bpf_program__insn_cnt(program))) {
            if (call.code != (BPF_JMP | BPF_CALL) || call.src_reg == BPF_PSEUDO_CALL)
                continue;
            const char* where = bpf_program__name(program);
            if (call.src_reg == 0 && !is_expected(call.imm, facts.helpers))
                return unexpected_call(facts, where, fmt::format("helper {}", call.imm));
            if (call.src_reg == 0 || facts.calls_kernel_by_id || call.off != 0)
                continue;
            const auto name = kernel.name(call.imm);
            if (std::ranges::find(facts.kernel_functions, name, without_flavor) ==
                facts.kernel_functions.end())
                return unexpected_call(facts, where, fmt::format("the kernel's function '{}'", name));
        }
    }
    return {};
}

} // namespace ecc
