// What the operator says about where programs attach (--set PROGRAM.KEY=VALUE). It changes what the guest
// asks for.
#pragma once

#include "support/result.h"

#include <string>
#include <string_view>
#include <vector>

struct bpf_program;

namespace ecc {

struct AttachRequest;

struct TargetSetting {
    std::string program;
    std::string key;
    std::string value;

    bool operator==(const TargetSetting&) const = default;
};

/// "drop.target=eth0". A usage error lists the keys, or says what the key takes.
Result<TargetSetting> parse_target_setting(std::string_view text);

/// An input error for the first setting whose program is none of these.
Result<> check_target_settings(const std::vector<TargetSetting>& settings,
                               const std::vector<std::string>& programs);

/// The settings of this program over what its guest asked for. A program that would attach as its section
/// says then attaches with the section's values where the settings have none.
AttachRequest apply_targets(const std::vector<TargetSetting>& settings, const bpf_program* program,
                            const AttachRequest& asked);

/// True if the guest asks for a place that neither the program's section nor the operator names.
bool is_undeclared(const std::vector<TargetSetting>& settings, const bpf_program* program,
                   const AttachRequest& asked);

/// Where a program of this type and section attaches when somebody names a target: enum ecc_attach_kind;
/// ECC_ATTACH_SECTION if there is nothing to name.
std::uint32_t kind_with_target(const bpf_program* program);

} // namespace ecc
