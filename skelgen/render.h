// Text from a BindingModel or a LayoutSet through the templates of one language. Templates hold what the text
// looks like; the model holds what it says.
#pragma once

#include "skelgen/binding_model.h"

#include <filesystem>

namespace ecc {

enum class Language { c }; // cpp, rust and go come with their template folders

struct RenderedFile {
    std::string name; ///< "bootstrap.skel.h"
    std::string text;
};

struct TypesOptions {
    bool assertions = false; ///< sizeof, alignof and offsetof of every type and member
};

class Renderer {
public:
    /// `templates` is the folder with one folder per language.
    explicit Renderer(std::filesystem::path templates) : templates_(std::move(templates)) {}

    /// NAME.skel.h: bpftool's skeleton on the guest library's libbpf.
    Result<RenderedFile> skeleton(const BindingModel& model, Language language) const;
    /// NAME.types.h: the types of maps, globals and records, exact on wasm32 and on the host.
    Result<RenderedFile> types(const BindingModel& model, Language language, TypesOptions options) const;
    /// The same for every named type of a BTF blob.
    Result<RenderedFile> types(const LayoutSet& layouts, std::string_view name, Language language,
                               TypesOptions options) const;
    /// The user part of a package whose author wrote none: tables for guest/c/ui (guest/c/include/ecc/ui.h).
    Result<RenderedFile> default_program(const BindingModel& model) const;

private:
    std::filesystem::path templates_;
};

} // namespace ecc
