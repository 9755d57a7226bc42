#include "skelgen/libbpf_hint.h"

#include <algorithm>
#include <array>

namespace ecc {
namespace {

struct Hint {
    std::string_view message; ///< a part of it
    const char* hint;
};

constexpr std::array hints = {
    Hint{"STT_SECTION in non-exec section",
         "const char text[] = \"x\" in place of const char *text = \"x\": a global cannot hold an address"},
    Hint{"map type isn't specified", "__uint(type, BPF_MAP_TYPE_...) in that map's definition"},
    Hint{"unknown field", "the fields that libbpf knows: type, key, value, key_size, value_size, "
                          "max_entries, map_flags, map_extra, "
                          "numa_node, pinning, values"},
    Hint{"legacy map definitions",
         "struct { __uint(type, ...); __uint(max_entries, ...); } NAME SEC(\".maps\")"},
    Hint{"unsupported map linkage", "the map's definition without static, and no -fvisibility=hidden"},
    Hint{"failed to find BTF for extern", "its declaration with __kconfig or __ksym behind it, or the .bpf.c "
                                          "that defines it beside the others"},
    Hint{"failed to find BTF info for global/extern", "its declaration with __kconfig or __ksym behind it, "
                                                      "or the .bpf.c that defines it beside the others"},
    Hint{"conflicting non-weak symbol",
         "static or __weak before one of the definitions, or one definition and extern declarations"},
    Hint{"mismatch", "one header with that definition, included by all files"},
    Hint{"incompatible", "one header with that declaration, included by all files"},
    Hint{"is static and not supported", "that program's function without static"},
};

} // namespace

std::string libbpf_hint(std::string_view messages) {
    const auto fits = [&](const Hint& hint) { return messages.find(hint.message) != messages.npos; };
    const auto found = std::ranges::find_if(hints, fits);
    return found != hints.end() ? found->hint : "compile it again from its source";
}

} // namespace ecc
