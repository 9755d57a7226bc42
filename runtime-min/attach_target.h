// What the operator says about where programs attach (--set PROGRAM.KEY=VALUE). It changes what the guest
// asks for.
#pragma once

#include "packager/package/object_facts.h"
#include "support/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// A usage error for the first setting whose program is in none of these objects, or has no use for it.
Result<> check_target_settings(const std::vector<TargetSetting>& settings,
                               const std::vector<ObjectFacts>& objects);

/// The same for one program that is to attach as `asked_kind`, an enum ecc_attach_kind. Settings of others
/// are passed over.
Result<> check_target_settings(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                               std::uint32_t asked_kind);

/// The settings of this program over what its guest asked for. A program that would attach as its section
/// says then attaches with the section's values where the settings have none.
AttachRequest apply_targets(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                            const AttachRequest& asked);

/// The value of the last setting of the program's target.
std::optional<std::string> chosen_target(const std::vector<TargetSetting>& settings,
                                         const ProgramFacts& program);

/// Where the program attaches in the end, as hook_of of attach_section.h.
std::string chosen_hook(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                        const AttachRequest& asked);

/// The object as if its sections said what the settings do.
ObjectFacts with_chosen_hooks(const std::vector<TargetSetting>& settings, ObjectFacts object);

/// True if the guest asks for a place that neither the program's section nor the operator names.
bool is_undeclared(const std::vector<TargetSetting>& settings, const ProgramFacts& program,
                   const AttachRequest& asked);

} // namespace ecc
