// What `ecc-run --explain` prints: what a package is, what it asks for, and what options and policy decide.
#pragma once

#include "runtime-min/assessment.h"

namespace ecc {

/// For people. Ends with a newline.
std::string explain_text(const Assessment& assessment);

/// docs/schema/ecc.explain.schema.json. Ends with a newline.
std::string explain_json(const Assessment& assessment);

} // namespace ecc
