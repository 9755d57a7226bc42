#include "btfgen/vmlinux_header.h"

#include "btfgen/btf_check.h"
#include "btfgen/btf_subset.h"
#include "support/digest.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <future>

namespace ecc {

namespace {

// The same frame as bpftool's (tools/bpf/bpftool/btf.c, dump_btf_c), so that a program can steer it by the
// same macros.
constexpr std::string_view opening = R"(#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

#ifndef BPF_NO_KFUNC_PROTOTYPES
#ifndef __ksym
#define __ksym __attribute__((section(".ksyms")))
#endif

#ifndef __weak
#define __weak __attribute__((weak))
#endif

#ifndef __bpf_fastcall
#if __has_attribute(bpf_fastcall)
#define __bpf_fastcall __attribute__((bpf_fastcall))
#else
#define __bpf_fastcall
#endif
#endif

#endif

)";

constexpr std::string_view closing = R"(#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
)";

// Far above what any kernel gives, so that only a blob made for it gets here.
constexpr std::size_t text_limit = 256u << 20;

void append_text(void* context, const char* format, va_list arguments) {
    auto& text = *static_cast<std::string*>(context);
    std::array<char, 512> piece;
    va_list again;
    va_copy(again, arguments);
    const int length = std::vsnprintf(piece.data(), piece.size(), format, arguments);
    if (length > 0 && text.size() + length <= text_limit) {
        if (static_cast<std::size_t>(length) < piece.size()) {
            text.append(piece.data(), length);
        } else {
            const std::size_t start = text.size();
            text.resize(start + length + 1);
            std::vsnprintf(text.data() + start, length + 1, format, again);
            text.pop_back();
        }
    }
    va_end(again);
}

struct DumpDeleter {
    void operator()(btf_dump* dump) const { btf_dump__free(dump); }
};

Result<void> print_types(btf_dump* dump, const btf* types, const std::string& where) {
    for (std::uint32_t id = 1; id < btf__type_cnt(types); id++) {
        if (btf_dump__dump_type(dump, id) != 0)
            return input_error(where, "type " + std::to_string(id) + " of this BTF cannot be written in C",
                               "The BTF is corrupt, or newer than the libbpf that ecc was built with.");
    }
    return {};
}

Result<void> print_kfuncs(btf_dump* dump, const std::vector<BtfSubset::Kfunc>& kfuncs, std::string& text) {
    text += "\n/* BPF kfuncs */\n#ifndef BPF_NO_KFUNC_PROTOTYPES\n";
    for (const BtfSubset::Kfunc& kfunc : kfuncs) {
        text += "extern ";
        LIBBPF_OPTS(btf_dump_emit_type_decl_opts, options, .field_name = kfunc.name.c_str());
        if (btf_dump__emit_type_decl(dump, kfunc.prototype, &options) != 0)
            return input_error(kfunc.name, "the prototype of this kernel function cannot be written in C");
        text += kfunc.fastcall ? " __weak __ksym __bpf_fastcall;\n" : " __weak __ksym;\n";
    }
    text += "#endif\n\n";
    return {};
}

/// What the kernel defines and C23 has as keywords.
constexpr std::string_view keywords_of_c23[] = {"enum {\n\tfalse = 0,\n\ttrue = 1,\n};\n",
                                                "typedef _Bool bool;\n"};

void leave_keywords_to_c23(std::string& text) {
    for (const std::string_view definition : keywords_of_c23)
        if (const auto at = text.find(definition); at != text.npos) {
            text.insert(at + definition.size(), "#endif\n");
            text.insert(at, "#if __STDC_VERSION__ < 202311L\n");
        }
}

Result<std::string> print_header(const btf* types, const std::vector<BtfSubset::Kfunc>& kfuncs,
                                 const std::string& where) {
    ECC_CHECK(check_printable(types, where));
    std::string text(opening);
    std::unique_ptr<btf_dump, DumpDeleter> dump(btf_dump__new(types, append_text, &text, nullptr));
    if (!dump)
        return environment_error(where, "libbpf cannot print these types: " + std::to_string(errno));
    ECC_CHECK(print_types(dump.get(), types, where));
    ECC_CHECK(print_kfuncs(dump.get(), kfuncs, text));
    text += closing;
    if (text.size() > text_limit)
        return input_error(where, "the header made from this BTF would be larger than 256 MiB");
    leave_keywords_to_c23(text);
    return text;
}

} // namespace

struct VmlinuxBtf::State {
    BtfHandle types;
    std::string where;
    // Hashing a kernel's BTF takes as long as cutting it, so it runs beside the compilation. It reads bytes
    // of `types`, and so ends before these do.
    std::shared_future<std::string> digest{};
};

VmlinuxBtf::VmlinuxBtf(std::unique_ptr<State> state) : state_(std::move(state)) {}
VmlinuxBtf::VmlinuxBtf(VmlinuxBtf&&) noexcept = default;
VmlinuxBtf& VmlinuxBtf::operator=(VmlinuxBtf&&) noexcept = default;
VmlinuxBtf::~VmlinuxBtf() = default;

VmlinuxBtf VmlinuxBtf::of(std::unique_ptr<State> state) {
    const ByteView bytes = raw_btf(state->types.get());
    state->digest = std::async(std::launch::async, [bytes] { return sha256_digest(bytes); });
    return VmlinuxBtf(std::move(state));
}

Result<VmlinuxBtf> VmlinuxBtf::parse(ByteView blob, std::string where) {
    ECC_TRY(BtfHandle types, read_btf(blob, where));
    return of(std::make_unique<State>(std::move(types), std::move(where)));
}

Result<VmlinuxBtf> VmlinuxBtf::running_kernel(std::string where) {
    ECC_TRY(BtfHandle types, read_running_kernel_btf(where));
    return of(std::make_unique<State>(std::move(types), std::move(where)));
}

Result<std::string> VmlinuxBtf::full_header() const {
    const btf* types = state_->types.get();
    return print_header(types, find_kfuncs(types), state_->where);
}

Result<std::string> VmlinuxBtf::cut_header(const std::unordered_set<std::string>& identifiers) const {
    ECC_TRY(BtfSubset subset, make_subset(state_->types.get(), identifiers));
    return print_header(subset.types.get(), subset.kfuncs, state_->where);
}

const std::string& VmlinuxBtf::digest() const {
    return state_->digest.get();
}

} // namespace ecc
