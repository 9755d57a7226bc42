// Whatever bytes claim to be BTF, every language's text is made of them or they are refused.
#include "btfgen/type_graph.h"
#include "skelgen/render.h"
#include "tests/fuzz/targets.h"

#include <cstdlib>

namespace ecc::fuzz {

void btf_text(ByteView input) {
    auto graph = parse_type_graph(input, "fuzz");
    if (!graph)
        return;
    const auto layouts = compute_layouts(std::move(*graph), "fuzz");
    if (!layouts)
        return;
    static const Renderer renderer(ECC_SOURCE_DIR "/templates");
    for (const Language language : {Language::c, Language::cpp, Language::rust, Language::go}) {
        const auto file = renderer.types(*layouts, "fuzz", language, {.assertions = true});
        // Malformed input is the only excuse.
        if (!file && file.error().fault != Fault::input)
            std::abort();
    }
}

} // namespace ecc::fuzz
