// What the templates of templates/c and templates/cpp are filled with. Private to skelgen.
#pragma once

#include "btfgen/c_types.h"
#include "skelgen/binding_model.h"
#include "skelgen/mustache_file.h"
#include "skelgen/render.h"

namespace ecc {

/// "doc" of templates: a comment's text, or false for none.
inline void set_doc(kainjow::mustache::data& item, const std::string& doc) {
    using kainjow::mustache::data;
    item.set("doc", doc.empty() ? data(false) : data(c_comment(doc)));
}

Result<kainjow::mustache::data> c_skeleton_data(const BindingModel& model, const TypesOptions& options);

Result<kainjow::mustache::data> c_types_data(const TypeRequest& request, const TypesOptions& options);
Result<kainjow::mustache::data> cpp_types_data(const TypeRequest& request, const TypesOptions& options);
Result<kainjow::mustache::data> cpp_skeleton_data(const BindingModel& model, const TypesOptions& options);

/// Of templates/cpp/types.hpp.mustache.
kainjow::mustache::data cpp_types_data(const CTypes& types, const std::string& name,
                                       const TypesOptions& options);

Result<kainjow::mustache::data> default_program_data(const BindingModel& model);

} // namespace ecc
