// What `ecc gen k8s` prints, decoded strictly into Kubernetes' own Go types (tests/workflow/kubernetes).
#pragma once

#include "tests/workflow/project.h"

#include <map>
#include <nlohmann/json.hpp>

namespace ecc::test {

/// By their kind, as Kubernetes reads them.
using KubernetesObjects = std::map<std::string, nlohmann::json>;

/// `ecc gen k8s WORDS...` in the project's folder, through a shell; a failure of the test if anything fails.
KubernetesObjects kubernetes_objects(const Project& project, const std::string& words);

} // namespace ecc::test
