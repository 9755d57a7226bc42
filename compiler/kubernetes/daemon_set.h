// A package on every node of a Kubernetes cluster. In: what ecc-run says that a package needs (`--explain
// --json`, docs/schema/ecc.explain.schema.json), and the image of format `container` that holds it. Out: a
// DaemonSet (apps/v1) with no more rights than that, and a ConfigMap (v1) for its settings.
#pragma once

#include "support/result.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ecc {

/// A setting of a generated user part.
struct DaemonSetting {
    std::string name;  ///< "targ_pid"; its flag is --targ-pid
    std::string value; ///< what it is unless somebody changes the ConfigMap
};

struct DaemonSetOptions {
    std::string name;  ///< a DNS label
    std::string space; ///< the namespace; empty: that of whoever applies it
    std::string image;
    std::vector<std::string> architectures; ///< of the image, as Go names them
    std::string seccomp;                    ///< the type of the profile: "RuntimeDefault"
    std::vector<std::string> runner;        ///< further options for ecc-run: {"--allow", "act"}
    std::vector<std::string> arguments;     ///< for the program itself
    std::vector<DaemonSetting> settings;
};

/// "XDP_count.v2" -> "xdp-count-v2": at most 63 letters, digits and dashes (RFC 1123).
std::string dns_label(const std::string& text);

/// YAML documents. An input error if `explanation` says that the runtime would refuse the package.
Result<std::string> daemon_set(const nlohmann::json& explanation, const DaemonSetOptions& options);

} // namespace ecc
