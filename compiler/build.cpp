#include "compiler/build.h"

#include "compiler/analysis/layout_check.h"
#include "compiler/build_inputs.h"
#include "compiler/kernel_part.h"
#include "compiler/manifest.h"
#include "compiler/record/make_record.h"
#include "compiler/resources.h"
#include "compiler/review.h"
#include "compiler/user_part.h"
#include "packager/package/package.h"
#include "skelgen/model_difference.h"
#include "skelgen/render.h"
#include "support/digest.h"
#include "support/files.h"

#include <algorithm>
#include <ctime>
#include <fmt/format.h>

namespace ecc {
namespace {

namespace fs = std::filesystem;

constexpr TypesOptions with_assertions{true};

/// The kernel part for one architecture.
struct TargetPart {
    std::string_view architecture;
    BindingModel model;
    std::string btf_digest;
    Dependencies dependencies;
};

Result<TargetPart> build_kernel_part(const KernelTarget& target, const BuildOptions& options,
                                     const BuildInputs& inputs, const Resources& resources, BuildLog& log) {
    ECC_TRY(KernelPart kernel, compile_kernel_part(inputs.kernel, {options.flags, target}, resources, log));
    ECC_TRY(BpfObject object, read_bpf_object(skeleton_name(inputs.stem + ".bpf.o"), std::move(kernel.object),
                                              inputs.kernel.front().path.string(), options.opaque_types));
    ECC_TRY(BindingModel model,
            make_binding_model(std::move(object), std::move(kernel.annotations), inputs.stem));
    return TargetPart{target.architecture->name, std::move(model), std::move(kernel.btf_digest),
                      std::move(kernel.dependencies)};
}

/// One user part serves every architecture, so it must find the same in each object.
Result<void> check_alike(const TargetPart& one, const TargetPart& other, const BuildInputs& inputs) {
    const std::optional<std::string> difference =
        model_difference({one.model, one.architecture}, {other.model, other.architecture});
    if (!difference)
        return {};
    return input_error(
        inputs.kernel.front().path.string(),
        fmt::format("the objects for {} and {} are not alike, so no user part fits both: {}",
                    one.architecture, other.architecture, *difference),
        "give records, maps and globals members of fixed size, or build a package for each --arch");
}

Result<std::vector<TargetPart>> build_kernel_parts(const BuildOptions& options, const BuildInputs& inputs,
                                                   const Resources& resources, BuildLog& log) {
    std::vector<TargetPart> parts;
    for (const KernelTarget& target : options.targets) {
        ECC_TRY(TargetPart part, build_kernel_part(target, options, inputs, resources, log));
        parts.push_back(std::move(part));
        ECC_CHECK(check_alike(parts.front(), parts.back(), inputs));
    }
    return parts;
}

Result<void> review(const BindingModel& model, const BuildInputs& inputs, const Diagnostics& diagnostics) {
    const bool is_written = inputs.guest || !inputs.user.empty();
    return review_kernel_part(model, is_written ? UserPartOrigin::written : UserPartOrigin::generated,
                              inputs.kernel.front().path.string(), diagnostics);
}

struct GeneratedCode {
    std::vector<RenderedFile> bindings;  ///< skeletons and types, for a user part to include
    std::optional<RenderedFile> program; ///< the user part itself if nobody wrote one
};

Result<GeneratedCode> generate_code(const BindingModel& model, const BuildInputs& inputs, bool save_temps,
                                    const Renderer& renderer) {
    GeneratedCode code;
    const bool write_program = inputs.user.empty() && !inputs.guest;
    if (!write_program || save_temps) {
        const Language language = inputs.guest ? inputs.guest->language : Language::c;
        ECC_TRY(code.bindings, renderer.bindings(model, language, with_assertions));
    }
    if (std::ranges::any_of(inputs.user, is_cxx_source, &SourceFile::path)) {
        ECC_TRY(RenderedFile skeleton, renderer.skeleton(model, Language::cpp, with_assertions));
        code.bindings.push_back(std::move(skeleton));
    }
    if (write_program) {
        ECC_TRY(code.program, renderer.default_program(model));
    }
    return code;
}

UserPart make_user_part(const BindingModel& model, const BuildInputs& inputs, const CompilerFlags& flags,
                        const GeneratedCode& code) {
    if (code.program)
        return {{{code.program->name, code.program->text}}, {}, {}, {}, true};
    return {inputs.user, code.bindings, flags, shared_record_names(model.object.layouts, model.root_types),
            false};
}

/// A folder of their own, in which nothing that somebody keeps beside the sources can be overwritten:
/// NAME.temps beside the package, or here if that is a device or a pipe.
fs::path temps_folder(const BuildInputs& inputs) {
    std::error_code ignored;
    const bool is_file = inputs.output != "-" &&
                         (!fs::exists(inputs.output, ignored) || fs::is_regular_file(inputs.output, ignored));
    return (is_file ? inputs.output.parent_path() : fs::path()) / (inputs.stem + ".temps");
}

/// The intermediate files, for whoever asks how a package came about.
Result<void> save_temps(const std::vector<TargetPart>& parts, const BuildInputs& inputs,
                        const GeneratedCode& code) {
    const fs::path folder = temps_folder(inputs);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return environment_error(
            folder.string(), "cannot be made for --save-temps: " + error.message(),
            "move what has that name away, or give -o in a folder in which you may write");
    for (const TargetPart& part : parts) {
        const std::string suffix = parts.size() == 1 ? ".bpf.o" : fmt::format(".{}.bpf.o", part.architecture);
        ECC_CHECK(write_file(folder / (inputs.stem + suffix), part.model.object.elf));
    }
    for (const RenderedFile& file : code.bindings)
        ECC_CHECK(write_file(folder / file.name, as_bytes(file.text)));
    if (code.program)
        ECC_CHECK(write_file(folder / code.program->name, as_bytes(code.program->text)));
    return {};
}

Result<UserModule> build_module(const BuildInputs& inputs, const BuildOptions& options,
                                const BindingModel& model, const GeneratedCode& code,
                                const Resources& resources, BuildLog& log) {
    if (!inputs.guest)
        return build_user_part(make_user_part(model, inputs, options.flags, code), model.object.layouts,
                               resources, log);
    ECC_TRY(UserModule module, build_guest_folder({.folder = *inputs.guest,
                                                   .name = inputs.stem,
                                                   .bindings = code.bindings,
                                                   .verbose = log.verbose(),
                                                   .dependencies = inputs.dependency_file.has_value() ||
                                                                   options.record.has_value()},
                                                  resources.guest_sources()));
    log.step("build " + inputs.guest->path.string(), module.wasm.size());
    return module;
}

/// What a folder became stands for its many sources.
Result<Manifest> describe_package(const TargetPart& part, const BuildInputs& inputs, ByteView module) {
    ECC_TRY(Manifest manifest, make_manifest(part.model, inputs, part.btf_digest));
    if (inputs.guest)
        manifest.build.inputs.push_back({inputs.stem + ".wasm", sha256_digest(module)});
    return manifest;
}

Dependencies sources_and_headers(const std::vector<TargetPart>& parts, const UserModule& module) {
    Dependencies all;
    for (const TargetPart& part : parts)
        add_dependencies(all, part.dependencies);
    add_dependencies(all, module.dependencies);
    return all;
}

Result<void> write_dependencies(const BuildOptions& options, const BuildInputs& inputs,
                                const Dependencies& files) {
    ECC_TRY(const std::string rule,
            dependency_rule(*options.dependencies, inputs.output, files, options.sources));
    return write_file(*inputs.dependency_file, as_bytes(rule));
}

/// Everything that was read.
Dependencies with_libraries(Dependencies files, const UserModule& module) {
    for (const fs::path& library : module.libraries)
        add_dependencies(files, {{library.string(), true}});
    return files;
}

Result<void> write_record(const FinishedBuild& build, const Resources& resources) {
    ECC_TRY(const BuildRecord record, make_build_record(build, resources));
    return write_file(*build.options.record, as_bytes(build_record_to_json(record) + "\n"));
}

std::vector<EmbeddedObject> objects_of(const std::vector<TargetPart>& parts) {
    std::vector<EmbeddedObject> objects;
    for (const TargetPart& part : parts)
        objects.push_back({part.model.object.name, std::string(part.architecture), part.model.object.elf});
    return objects;
}

} // namespace

Result<void> build(const BuildOptions& options, BuildLog& log, const Diagnostics& diagnostics) {
    const std::time_t started = std::time(nullptr);
    ECC_TRY(const Resources resources, find_resources());
    ECC_TRY(const BuildInputs inputs, read_inputs(options));
    const Renderer renderer(resources.templates());
    log.step("read the sources");

    ECC_TRY(const std::vector<TargetPart> parts, build_kernel_parts(options, inputs, resources, log));
    const BindingModel& model = parts.front().model;
    ECC_CHECK(review(model, inputs, diagnostics));
    log.step("read its programs, maps and types");

    ECC_TRY(const GeneratedCode code, generate_code(model, inputs, options.save_temps, renderer));
    if (options.save_temps)
        ECC_CHECK(save_temps(parts, inputs, code));
    log.step("generate code");

    ECC_TRY(const UserModule module, build_module(inputs, options, model, code, resources, log));

    ECC_TRY(Manifest manifest, describe_package(parts.front(), inputs, module.wasm));
    Package package{std::move(manifest), objects_of(parts), {}};
    ECC_TRY(const Bytes wasm, write_package(module.wasm, package));
    const Dependencies files = sources_and_headers(parts, module);
    // First: a package without its dependencies would never be built again.
    if (inputs.dependency_file)
        ECC_CHECK(write_dependencies(options, inputs, files));
    ECC_CHECK(write_file(inputs.output, wasm));
    log.step("write " + inputs.output.string(), wasm.size());
    if (options.record)
        ECC_CHECK(write_record({.options = options,
                                .manifest = package.manifest,
                                .files = with_libraries(files, module),
                                .output = inputs.output,
                                .package = wasm,
                                .log = log.text(),
                                .started = started},
                               resources));
    log.total("in all");
    return {};
}

} // namespace ecc
