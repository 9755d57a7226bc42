// What the templates of templates/c are filled with. Private to skelgen.
#pragma once

#include "btfgen/c_types.h"
#include "skelgen/binding_model.h"
#include "skelgen/mustache_file.h"
#include "skelgen/render.h"

namespace ecc {

Result<kainjow::mustache::data> c_skeleton_data(const BindingModel& model);

/// What NAME.types.h defines for an object; unnamed records are named after the map or global that they
/// belong to.
std::vector<CRoot> c_model_roots(const BindingModel& model);
Result<kainjow::mustache::data> c_types_data(const LayoutSet& layouts, const std::vector<CRoot>& roots,
                                             const std::string& name, TypesOptions options);

Result<kainjow::mustache::data> default_program_data(const BindingModel& model);

} // namespace ecc
