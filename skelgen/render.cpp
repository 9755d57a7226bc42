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

/// A kind of generated file in one language: templates of the language's folder, one after the other.
template <class... Input> struct FileKind {
    std::array<std::string_view, 2> templates; ///< an empty name is none
    std::string_view suffix;                   ///< of the generated file
    Result<data> (*make_data)(const Input&...);
};

struct LanguageFiles {
    Language language;
    std::string_view name; ///< of the folder and of --lang
    FileKind<TypeRequest, TypesOptions> types;
    FileKind<BindingModel, TypesOptions> skeleton;
    bool skeleton_has_types; ///< otherwise it refers to the user's
    bool files_are_modules;  ///< so that their names are identifiers
};

constexpr std::array languages = {
    LanguageFiles{Language::c,
                  "c",
                  {{"types.h.mustache"}, ".types.h", c_types_data},
                  {{"skeleton.h.mustache"}, ".skel.h", c_skeleton_data},
                  false,
                  false},
    LanguageFiles{Language::cpp,
                  "cpp",
                  {{"types.hpp.mustache"}, ".types.hpp", cpp_types_data},
                  {{"types.hpp.mustache", "skeleton.hpp.mustache"}, ".skel.hpp", cpp_skeleton_data},
                  true,
                  false},
    LanguageFiles{Language::rust,
                  "rust",
                  {{"types.rs.mustache"}, "_types.rs", rust_types_data},
                  {{"types.rs.mustache", "skeleton.rs.mustache"}, "_skel.rs", rust_skeleton_data},
                  true,
                  true},
    LanguageFiles{Language::go,
                  "go",
                  {{"types.go.mustache"}, "_types.go", go_types_data},
                  {{"types.go.mustache", "skeleton.go.mustache"}, "_skel.go", go_skeleton_data},
                  true,
                  true},
};

const LanguageFiles& files_of(Language language) {
    return *std::ranges::find(languages, language, &LanguageFiles::language);
}

std::string file_name(std::string stem, std::string_view suffix, bool is_module) {
    return (is_module ? c_identifier(stem) : std::move(stem)) + std::string(suffix);
}

template <class... Input>
Result<RenderedFile> render(const std::filesystem::path& folder, const FileKind<Input...>& kind,
                            std::string name, const Input&... input) {
    ECC_TRY(const data filling, kind.make_data(input...));
    RenderedFile file{
        std::move(name), {}, filling.get("package") != nullptr ? filling.get("package")->string_value() : ""};
    for (std::string_view part : kind.templates) {
        if (part.empty())
            continue;
        ECC_TRY(const std::string text, render_mustache(folder / part, filling));
        file.text += text;
    }
    return file;
}

} // namespace

Result<Language> find_language(std::string_view name) {
    const auto* found = std::ranges::find(languages, name, &LanguageFiles::name);
    if (found != languages.end())
        return found->language;
    return usage_error(fmt::format("--lang {}: ecc generates no such language", name),
                       "one of " + language_choices());
}

std::vector<std::string_view> language_names() {
    std::vector<std::string_view> names;
    std::ranges::transform(languages, std::back_inserter(names), &LanguageFiles::name);
    return names;
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

Result<RenderedFile> Renderer::skeleton(const BindingModel& model, Language language,
                                        const TypesOptions& options) const {
    const LanguageFiles& files = files_of(language);
    return render(folder(language), files.skeleton,
                  file_name(model.file_stem, files.skeleton.suffix, files.files_are_modules), model, options);
}

Result<RenderedFile> Renderer::types(const BindingModel& model, Language language,
                                     const TypesOptions& options) const {
    return types(types_of_model(model), language, options);
}

Result<RenderedFile> Renderer::types(const LayoutSet& layouts, const std::string& name, Language language,
                                     const TypesOptions& options) const {
    return types(TypeRequest{layouts, all_types(layouts), {}, name}, language, options);
}

Result<RenderedFile> Renderer::types(const TypeRequest& request, Language language,
                                     const TypesOptions& options) const {
    const LanguageFiles& files = files_of(language);
    return render(folder(language), files.types,
                  file_name(request.where, files.types.suffix, files.files_are_modules), request, options);
}

Result<std::vector<RenderedFile>> Renderer::bindings(const BindingModel& model, Language language,
                                                     const TypesOptions& options) const {
    std::vector<RenderedFile> files(1);
    ECC_TRY(files.front(), skeleton(model, language, options));
    if (!files_of(language).skeleton_has_types) {
        ECC_TRY(RenderedFile types_file, types(model, language, options));
        files.push_back(std::move(types_file));
    }
    return files;
}

Result<RenderedFile> Renderer::default_program(const BindingModel& model) const {
    return render(folder(Language::c),
                  FileKind<BindingModel>{{"default_program.c.mustache"}, ".main.c", default_program_data},
                  model.file_stem + ".main.c", model);
}

} // namespace ecc
