#include "skelgen/render.h"

#include "skelgen/render_c.h"

namespace ecc {

namespace {

std::filesystem::path template_file(const std::filesystem::path& templates, Language language,
                                    const char* name) {
    switch (language) {
    case Language::c:
        return templates / "c" / name;
    }
    return {};
}

Result<RenderedFile> render(const std::filesystem::path& file, const Result<kainjow::mustache::data>& data,
                            std::string name) {
    ECC_CHECK(data);
    ECC_TRY(std::string text, render_mustache(file, *data));
    return RenderedFile{std::move(name), std::move(text)};
}

} // namespace

Result<RenderedFile> Renderer::skeleton(const BindingModel& model, Language language) const {
    return render(template_file(templates_, language, "skeleton.h.mustache"), c_skeleton_data(model),
                  model.file_stem + ".skel.h");
}

Result<RenderedFile> Renderer::types(const BindingModel& model, Language language,
                                     TypesOptions options) const {
    return render(template_file(templates_, language, "types.h.mustache"),
                  c_types_data(model.object.layouts, c_model_roots(model), model.file_stem, options),
                  model.file_stem + ".types.h");
}

Result<RenderedFile> Renderer::types(const LayoutSet& layouts, std::string_view name, Language language,
                                     TypesOptions options) const {
    return render(template_file(templates_, language, "types.h.mustache"),
                  c_types_data(layouts, all_types(layouts), std::string(name), options),
                  std::string(name) + ".types.h");
}

Result<RenderedFile> Renderer::default_program(const BindingModel& model) const {
    return render(template_file(templates_, Language::c, "default_program.c.mustache"),
                  default_program_data(model), model.file_stem + ".main.c");
}

} // namespace ecc
