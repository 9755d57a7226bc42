// A template of templates/LANGUAGE/, rendered without HTML escaping. kainjow/mustache stays behind this
// header.
#pragma once

#include "support/result.h"

#include <filesystem>
#include <kainjow/mustache.hpp>

namespace ecc {

/// An environment error if the file is missing or is no template.
Result<std::string> render_mustache(const std::filesystem::path& file, const kainjow::mustache::data& data);

} // namespace ecc
