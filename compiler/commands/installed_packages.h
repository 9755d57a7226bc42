// What dpkg installed on this machine: in, paths of files; out, the packages that they came with.
#pragma once

#include "compiler/record/build_record.h"

#include <map>
#include <string>
#include <vector>

namespace ecc {

/// By path: name, version and package URL (purl-spec) of the package, without files. A path that no package
/// has, or several, is left out; without dpkg all are.
std::map<std::string, RecordedComponent> installed_packages(const std::vector<std::string>& paths);

} // namespace ecc
