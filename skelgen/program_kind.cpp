#include "skelgen/program_kind.h"

#include <algorithm>
#include <array>

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

} // namespace ecc
