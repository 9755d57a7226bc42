#include "skelgen/program_kind.h"

#include <algorithm>
#include <array>
#include <linux/bpf.h>

namespace ecc {

namespace {

/// What must follow "prefix/": at least so many of that character. libbpf's section_defs[] of what has an
/// attach function, and what these parse.
struct AttachFormat {
    std::string_view prefix;
    char separator = 0;
    unsigned separators = 0;
};

constexpr std::array attach_formats = {
    AttachFormat{"kprobe"},
    AttachFormat{"kretprobe"},
    AttachFormat{"kprobe.multi"},
    AttachFormat{"kretprobe.multi"},
    AttachFormat{"kprobe.session"},
    AttachFormat{"uprobe", ':', 1},
    AttachFormat{"uprobe.s", ':', 1},
    AttachFormat{"uretprobe", ':', 1},
    AttachFormat{"uretprobe.s", ':', 1},
    AttachFormat{"uprobe.multi", ':', 1},
    AttachFormat{"uprobe.multi.s", ':', 1},
    AttachFormat{"uretprobe.multi", ':', 1},
    AttachFormat{"uretprobe.multi.s", ':', 1},
    AttachFormat{"uprobe.session", ':', 1},
    AttachFormat{"uprobe.session.s", ':', 1},
    AttachFormat{"ksyscall"},
    AttachFormat{"kretsyscall"},
    AttachFormat{"usdt", ':', 2},
    AttachFormat{"usdt.s", ':', 2},
    AttachFormat{"tracepoint", '/', 1},
    AttachFormat{"tp", '/', 1},
    AttachFormat{"raw_tracepoint"},
    AttachFormat{"raw_tp"},
    AttachFormat{"raw_tracepoint.w"},
    AttachFormat{"raw_tp.w"},
    AttachFormat{"tp_btf"},
    AttachFormat{"fentry"},
    AttachFormat{"fentry.s"},
    AttachFormat{"fexit"},
    AttachFormat{"fexit.s"},
    AttachFormat{"fmod_ret"},
    AttachFormat{"fmod_ret.s"},
    AttachFormat{"fsession"},
    AttachFormat{"fsession.s"},
    AttachFormat{"freplace"},
    AttachFormat{"lsm"},
    AttachFormat{"lsm.s"},
    AttachFormat{"iter"},
    AttachFormat{"iter.s"},
};

constexpr std::array observing_types = {
    BPF_PROG_TYPE_SOCKET_FILTER,  BPF_PROG_TYPE_KPROBE,     BPF_PROG_TYPE_TRACEPOINT,
    BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_PROG_TYPE_PERF_EVENT, BPF_PROG_TYPE_TRACING,
};

constexpr std::array<std::uint32_t, 4> acting_helpers = {
    BPF_FUNC_probe_write_user,
    BPF_FUNC_override_return,
    BPF_FUNC_send_signal,
    BPF_FUNC_send_signal_thread,
};

constexpr std::uint8_t call_opcode = BPF_JMP | BPF_CALL;
constexpr std::uint8_t wide_load_opcode = BPF_LD | BPF_IMM | BPF_DW;

} // namespace

bool attaches_by_section(std::string_view section) {
    const auto slash = section.find('/');
    if (slash == std::string_view::npos || slash + 1 == section.size())
        return false;
    const auto format = std::ranges::find(attach_formats, section.substr(0, slash), &AttachFormat::prefix);
    if (format == attach_formats.end())
        return false;
    return std::ranges::count(section.substr(slash + 1), format->separator) >= format->separators;
}

bool acts_by_type(bpf_prog_type type, bpf_attach_type attach) {
    if (type == BPF_PROG_TYPE_TRACING && attach == BPF_MODIFY_RETURN)
        return true;
    return std::ranges::find(observing_types, type) == observing_types.end();
}

bool calls_acting_helper(ByteView instructions) {
    ByteReader reader(instructions);
    while (reader.remaining() >= sizeof(bpf_insn)) {
        const std::uint8_t opcode = reader.u8();
        const std::uint8_t source = reader.u8() >> 4;
        reader.take(2);
        const std::uint32_t immediate = reader.u32();
        if (opcode == wide_load_opcode)
            reader.take(std::min(sizeof(bpf_insn), reader.remaining())); // its second half is no instruction
        // Source register 0 is a helper; others are functions of the program and kfuncs.
        if (opcode == call_opcode && source == 0 && std::ranges::count(acting_helpers, immediate) != 0)
            return true;
    }
    return false;
}

} // namespace ecc
