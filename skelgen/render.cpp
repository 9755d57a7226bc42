#include "skelgen/render.h"

#include "skelgen/render_c.h"
#include "skelgen/render_plain.h"
#include "skelgen/type_roots.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ecc {

namespace {

using kainjow::mustache::data;

/// A kind of generated file in one language.
template <class... Input> struct FileKind {
    std::string_view template_name; ///< in the language's folder
    std::string_view suffix;        ///< of the generated file
    Result<data> (*make_data)(const Input&...);
};

struct LanguageFiles {
    Language language;
    std::string_view name; ///< of the folder and of --lang
    FileKind<TypeRequest, TypesOptions> types;
    FileKind<BindingModel> skeleton;
};

constexpr std::array languages = {
    LanguageFiles{Language::c,
                  "c",
                  {"types.h.mustache", ".types.h", c_types_data},
                  {"skeleton.h.mustache", ".skel.h", c_skeleton_data}},
    LanguageFiles{Language::cpp, "cpp", {"types.hpp.mustache", ".types.hpp", cpp_types_data}, {}},
    LanguageFiles{Language::rust, "rust", {"types.rs.mustache", "_types.rs", rust_types_data}, {}},
    LanguageFiles{Language::go, "go", {"types.go.mustache", "_types.go", go_types_data}, {}},
};

const LanguageFiles& files_of(Language language) {
    return *std::ranges::find(languages, language, &LanguageFiles::language);
}

template <class... Input>
Result<RenderedFile> render(const std::filesystem::path& folder, const FileKind<Input...>& kind,
                            const std::string& stem, const Input&... input) {
    if (kind.make_data == nullptr)
        return usage_error(fmt::format("there is no such text in {} yet", folder.filename().string()));
    ECC_TRY(const data filling, kind.make_data(input...));
    ECC_TRY(std::string text, render_mustache(folder / kind.template_name, filling));
    return RenderedFile{stem + std::string(kind.suffix), std::move(text)};
}

} // namespace

Result<Language> find_language(std::string_view name) {
    const auto* found = std::ranges::find(languages, name, &LanguageFiles::name);
    if (found != languages.end())
        return found->language;
    return usage_error(fmt::format("ecc generates no text in \"{}\"", name), "choose " + language_choices());
}

std::string language_choices() {
    std::string text;
    for (const LanguageFiles& language : languages) {
        if (!text.empty())
            text += &language == &languages.back() ? " or " : ", ";
        text += language.name;
    }
    return text;
}

std::filesystem::path Renderer::folder(Language language) const {
    return templates_ / files_of(language).name;
}

Result<RenderedFile> Renderer::skeleton(const BindingModel& model, Language language) const {
    return render(folder(language), files_of(language).skeleton, model.file_stem, model);
}

Result<RenderedFile> Renderer::types(const BindingModel& model, Language language,
                                     const TypesOptions& options) const {
    return render(folder(language), files_of(language).types, model.file_stem, types_of_model(model),
                  options);
}

Result<RenderedFile> Renderer::types(const LayoutSet& layouts, const std::string& name, Language language,
                                     const TypesOptions& options) const {
    const TypeRequest request{layouts, all_types(layouts), {}, name};
    return render(folder(language), files_of(language).types, name, request, options);
}

Result<RenderedFile> Renderer::default_program(const BindingModel& model) const {
    return render(folder(Language::c),
                  FileKind<BindingModel>{"default_program.c.mustache", ".main.c", default_program_data},
                  model.file_stem, model);
}

} // namespace ecc
