// What the operator of a machine lets packages do: a TOML file (docs/permissions.md,
// docs/schema/ecc.policy.schema.json) that grants, narrows and limits.
//
//   /etc/ecc/policy.toml, or the file given, -> Policy; Policy + the command line's permissions -> what holds
#pragma once

#include "packager/package/object_facts.h"
#include "packager/package/signing_key.h"
#include "runtime-min/limits.h"
#include "runtime-min/permissions.h"

#include <optional>

namespace ecc {

/// Which package it is, for a policy.
struct Identity {
    std::string digest;               ///< of the whole file, "sha256:..."
    std::vector<std::string> signers; ///< names of the policy's signers who signed it
};

struct Policy {
    std::string path; ///< empty: there is no policy

    Permissions allow; ///< what every package may do
    struct PackageRule {
        std::string digest; ///< of the whole file, "sha256:..."
        Permissions allow;
    };
    std::vector<PackageRule> packages;

    /// Someone whose packages may do more.
    struct Signer {
        std::string name;
        PublicKey key;
        Permissions allow;
    };
    std::vector<Signer> signers;

    /// What nobody may go beyond. A list that is absent narrows nothing; an empty one leaves nothing.
    struct Only {
        std::optional<std::vector<std::string>> permissions; ///< names of Permission
        std::optional<std::vector<std::string>> program_types;
        std::optional<std::vector<std::string>> hooks; ///< as sections; '*' stands for any text
        std::optional<std::vector<std::string>> digests;
        std::optional<std::vector<std::string>> signers; ///< names; one of them must have signed
    } only;

    /// Both the default and the most that an option may ask for.
    std::vector<std::pair<const LimitKind*, std::uint64_t>> limits;
};

/// `text` in TOML. An input error names line and key: what is not known is never passed over.
Result<Policy> parse_policy(std::string_view text, const std::string& path);

/// Reads the file, which nobody but root and the effective user may be able to change.
Result<Policy> read_policy(const std::string& path);

/// The file that is named, or the system's if there is one.
Result<Policy> choose_policy(const std::string& named);

/// What the policy grants to the package.
Permissions granted(const Policy& policy, const Identity& identity);

/// Which part of the policy grants it: its path, and the signer's name if it is for a signer's sake. Empty if
/// none does.
std::string grantor(const Policy& policy, const Identity& identity, Permission permission);

/// An environment error: the policy permits no such package, or not what the command line allows.
Result<> check_package(const Policy& policy, const Identity& identity, const Permissions& permissions,
                       const std::string& where);

/// An environment error: the policy does not permit that this program attaches there. A hook is written as a
/// section.
Result<> check_hook(const Policy& policy, const std::string& program, std::string_view hook,
                    const std::string& where);

/// An environment error: the policy does not permit a program of this type or section. `object` has the
/// sections that the command line makes of its own.
Result<> check_object(const Policy& policy, const ObjectFacts& object, const std::string& where);

/// `asked` are the NAME=VALUE of the command line, in order. A usage error: one is beyond the policy's.
Result<Limits> choose_limits(const Policy& policy, std::span<const std::string> asked);

} // namespace ecc
