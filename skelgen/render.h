// Text from a BindingModel or a LayoutSet through the templates of one language. Templates hold what the text
// looks like; the model holds what it says.
#pragma once

#include "btfgen/type_selection.h"
#include "skelgen/binding_model.h"
#include "skelgen/language.h"

#include <filesystem>

namespace ecc {

struct RenderedFile {
    std::string name; ///< "bootstrap.skel.h"
    std::string text;
    std::string package; ///< Go: the folder of its own that it needs, named as its package
};

struct TypesOptions {
    bool assertions = false; ///< sizeof, alignof and offsetof of every type and member
    std::string module;      ///< C++ namespace; empty: made of the file's name
};

class Renderer {
public:
    /// `templates` is the folder with one folder per language.
    explicit Renderer(std::filesystem::path templates) : templates_(std::move(templates)) {}

    /// NAME.skel.h and its like: in C bpftool's skeleton on the guest library's libbpf, in C++, Rust and Go
    /// one file with the types too.
    Result<RenderedFile> skeleton(const BindingModel& model, Language language,
                                  const TypesOptions& options = {}) const;
    /// NAME.types.h and its like: the types of maps, globals and records, exact on wasm32 and on the host.
    Result<RenderedFile> types(const BindingModel& model, Language language,
                               const TypesOptions& options) const;
    /// The same for every named type of a BTF blob (all_types).
    Result<RenderedFile> types(const LayoutSet& layouts, const std::string& name, Language language,
                               const TypesOptions& options) const;
    /// All files that a user part in that language includes.
    Result<std::vector<RenderedFile>> bindings(const BindingModel& model, Language language,
                                               const TypesOptions& options) const;
    /// The user part of a package whose author wrote none: tables for guest/c/ui (guest/c/include/ecc/ui.h).
    Result<RenderedFile> default_program(const BindingModel& model) const;

private:
    Result<RenderedFile> types(const TypeRequest& request, Language language,
                               const TypesOptions& options) const;
    std::filesystem::path folder(Language language) const;

    std::filesystem::path templates_;
};

} // namespace ecc
