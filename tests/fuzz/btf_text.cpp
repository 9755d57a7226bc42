// libFuzzer target: whatever bytes claim to be BTF, every language's text is made of them or they are
// refused, in bounded time and memory.
#include "btfgen/type_graph.h"
#include "skelgen/render.h"

#include <cstdlib>

namespace {

constexpr std::array languages = {ecc::Language::c, ecc::Language::cpp, ecc::Language::rust,
                                  ecc::Language::go};

void render_everything(ecc::ByteView blob) {
    auto graph = ecc::parse_type_graph(blob, "fuzz");
    if (!graph)
        return;
    const auto layouts = ecc::compute_layouts(std::move(*graph), "fuzz");
    if (!layouts)
        return;
    static const ecc::Renderer renderer(ECC_SOURCE_DIR "/templates");
    for (ecc::Language language : languages) {
        const auto file = renderer.types(*layouts, "fuzz", language, {.assertions = true});
        // Malformed input is the only excuse.
        if (!file && file.error().fault != ecc::Fault::input)
            std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    render_everything({data, size});
    return 0;
}
