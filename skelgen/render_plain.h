// What the templates of templates/rust and templates/go are filled with. Private to skelgen.
#pragma once

#include "skelgen/mustache_file.h"
#include "skelgen/render.h"

namespace ecc {

Result<kainjow::mustache::data> rust_types_data(const TypeRequest& request, const TypesOptions& options);
Result<kainjow::mustache::data> rust_skeleton_data(const BindingModel& model, const TypesOptions& options);
Result<kainjow::mustache::data> go_types_data(const TypeRequest& request, const TypesOptions& options);
Result<kainjow::mustache::data> go_skeleton_data(const BindingModel& model, const TypesOptions& options);

} // namespace ecc
