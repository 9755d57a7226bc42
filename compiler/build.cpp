#include "compiler/build.h"

#include "compiler/analysis/layout_check.h"
#include "compiler/build_inputs.h"
#include "compiler/kernel_part.h"
#include "compiler/manifest.h"
#include "compiler/resources.h"
#include "compiler/user_part.h"
#include "packager/package/package.h"
#include "skelgen/render.h"
#include "support/files.h"

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr TypesOptions with_assertions{true};

/// What the user part is built from: the user's sources, or the generated program if there are none.
Result<UserPart> make_user_part(const BindingModel& model, const BuildInputs& inputs, const CompilerFlags& flags,
                                const Renderer& renderer) {
    UserPart part{inputs.user, {}, {"libbpf.a"}, flags,
                  shared_record_names(model.object.layouts, model.root_types)};
    if (part.sources.empty()) {
        ECC_TRY(RenderedFile program, renderer.default_program(model));
        part.sources.push_back({program.name, std::move(program.text)});
        part.archives.insert(part.archives.begin(), "libeccui.a");
        part.flags = {};
        return part;
    }
    ECC_TRY(RenderedFile skeleton, renderer.skeleton(model, Language::c));
    ECC_TRY(RenderedFile types, renderer.types(model, Language::c, with_assertions));
    part.headers = {std::move(skeleton), std::move(types)};
    return part;
}

/// The intermediate files beside the output, for whoever asks how a package came about.
Result<void> save_temps(const BindingModel& model, const BuildInputs& inputs, const Renderer& renderer) {
    const fs::path folder = inputs.output.parent_path();
    ECC_CHECK(write_file(folder / (inputs.stem + ".bpf.o"), model.object.elf));
    ECC_TRY(RenderedFile skeleton, renderer.skeleton(model, Language::c));
    ECC_TRY(RenderedFile types, renderer.types(model, Language::c, with_assertions));
    std::vector<RenderedFile> files = {std::move(skeleton), std::move(types)};
    if (inputs.user.empty()) {
        ECC_TRY(RenderedFile program, renderer.default_program(model));
        files.push_back(std::move(program));
    }
    for (const RenderedFile& file : files)
        ECC_CHECK(write_file(folder / file.name, as_bytes(file.text)));
    return {};
}

} // namespace

Result<void> build(const BuildOptions& options, BuildLog& log) {
    ECC_TRY(const Resources resources, find_resources());
    ECC_TRY(const BuildInputs inputs, read_inputs(options));
    const Renderer renderer(resources.templates());
    const std::string first = inputs.kernel.front().path.string();
    log.step("read the sources");

    ECC_TRY(KernelPart kernel, compile_kernel_part(inputs.kernel, {options.flags, options.btf}, resources, log));
    ECC_TRY(BpfObject object, read_bpf_object(skeleton_name(inputs.stem + ".bpf.o"), std::move(kernel.object), first));
    ECC_TRY(const BindingModel model, make_binding_model(std::move(object), std::move(kernel.annotations), inputs.stem));
    log.step("read its programs, maps and types");
    if (options.save_temps)
        ECC_CHECK(save_temps(model, inputs, renderer));

    ECC_TRY(const UserPart user, make_user_part(model, inputs, options.flags, renderer));
    log.step("generate code");
    ECC_TRY(const Bytes module, build_user_part(user, model.object.layouts, resources, log));

    Package package{make_manifest(model, inputs, kernel.btf_digest()),
                    {{model.object.name, host_architecture(), model.object.elf}}, {}};
    ECC_TRY(const Bytes wasm, write_package(module, std::move(package)));
    ECC_CHECK(write_file(inputs.output, wasm));
    log.step("write " + inputs.output.string(), wasm.size());
    log.total("in all");
    return {};
}

} // namespace ecc
