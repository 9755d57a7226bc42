#include "tests/unit/skelgen/objects.h"

#include "support/files.h"
#include "tests/unit/btfgen/clang.h"

#include <gtest/gtest.h>

namespace ecc::testing {

std::string golden_text(const std::string& name) {
    const auto bytes = read_file(std::string(ECC_SOURCE_DIR "/tests/golden/") + name);
    return bytes ? std::string(as_text(*bytes)) : std::string();
}

BpfObject golden_object(const std::string& stem) {
    auto object =
        read_bpf_object(skeleton_name(stem + ".bpf.o"), compile_bpf(golden_text(stem + ".bpf.c")), stem);
    EXPECT_TRUE(object) << (object ? "" : object.error().what);
    return object ? std::move(*object) : BpfObject{};
}

BindingModel golden_model(const std::string& stem, Annotations annotations) {
    auto model = make_binding_model(golden_object(stem), std::move(annotations), stem);
    EXPECT_TRUE(model) << (model ? "" : model.error().what);
    return model ? std::move(*model) : BindingModel{};
}

Result<BpfObject> object_of(const std::string& source) {
    return read_bpf_object("test_bpf", compile_bpf(source), "test.bpf.o");
}

Result<BindingModel> model_of(const std::string& source, Annotations annotations) {
    ECC_TRY(BpfObject object, object_of(source));
    return make_binding_model(std::move(object), std::move(annotations), "test");
}

} // namespace ecc::testing
