// The command line of ecc-run.
#pragma once

#include "runtime-min/attach_target.h"
#include "runtime-min/permissions.h"

#include <chrono>
#include <optional>

namespace ecc {

struct Options {
    std::string print; ///< of --help and --version: print this and exit
    std::string file;  ///< "-" is standard input
    std::vector<std::string> arguments;
    Permissions permissions;
    std::vector<TargetSetting> targets;        ///< of --set
    std::vector<std::string> limits;           ///< NAME=VALUE
    std::string policy;                        ///< empty: the system's
    std::vector<std::string> expected_digests; ///< of the file; it must be all of them
    std::string bundle;                        ///< file of a SignedManifest
    std::string verify_key;                    ///< file of a key that must have signed it
    bool explain = false;                      ///< print what the package asks for and what would be decided
    bool stats = false;                        ///< print at the end what the run took
    bool json = false;                         ///< both as JSON
    bool json_log = false;                     ///< messages too
    std::string btf_path;
    std::optional<std::chrono::milliseconds> timeout;
    std::string cache_folder; ///< empty: the default one
    bool use_cache = true;
    bool verbose = false;
};

/// A usage error names the option and what it takes.
Result<Options> parse_options(int argc, const char* const* argv);

} // namespace ecc
