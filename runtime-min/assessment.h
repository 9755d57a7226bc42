// Everything that is known and decided about a module before any of it runs.
//
// bytes + options + policy -> Assessment -> check (run it or refuse) or explain.h (show it)
#pragma once

#include "runtime-min/guest_module.h"
#include "runtime-min/options.h"
#include "runtime-min/policy.h"

namespace ecc {

struct Assessment {
    std::string where;
    Identity identity;
    GuestModule module;
    std::vector<ObjectFacts> objects;
    Policy policy;
    Permissions asked;       ///< by options
    Permissions permissions; ///< the policy's too
    Limits limits;
    std::vector<TargetSetting> targets; ///< by options
};

/// An environment error: it is for other machines. An input error: no module, a damaged package, an object
/// that cannot be opened or that its manifest does not describe; any error of the policy's file.
Result<Assessment> assess(const Options& options, ByteView wasm, const std::string& where);

/// Why it must not start: a setting that no program has a use for, the policy, or a missing permission
/// without which none of it could work. Other permissions are asked for when the guest needs them.
Result<> check(const Assessment& assessment);

/// The objects as if their sections said where the settings attach their programs.
std::vector<ObjectFacts> objects_with_settings(const Assessment& assessment);

/// One thing that the module will ask for.
struct Decision {
    PermissionRequest request;
    bool allowed = false;
    std::string by; ///< "--allow" or what `grantor` says; empty if it is not allowed
};
std::vector<Decision> decisions_of(const Assessment& assessment);

/// Why it would not run to its end: what `check` says, the first flag that is missing, or an object that
/// takes more than the limits permit. Empty if it would.
std::string obstacle(const Assessment& assessment);

} // namespace ecc
