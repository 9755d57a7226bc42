// --annotation KEY=VALUE, as in oras.
#pragma once

#include "compiler/commands/command.h"
#include "packager/oci/descriptor.h"

namespace ecc {

void add_annotation_option(CLI::App& app, std::vector<std::string>& annotations);

/// A usage error names what is not KEY=VALUE, and a key that is given twice.
Result<AnnotationMap> parse_annotations(const std::vector<std::string>& texts);

} // namespace ecc
