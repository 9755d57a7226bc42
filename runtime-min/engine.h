// Compiles a module, runs it, and says how it ended.
#pragma once

#include "runtime-min/bpf_objects.h"
#include "runtime-min/code_cache.h"
#include "runtime-min/guest_module.h"
#include "runtime-min/run_stats.h"
#include "runtime-min/startup_watch.h"

namespace ecc {

struct Run {
    ByteView wasm;
    std::string where; ///< names the module in messages
    const GuestModule* module = nullptr;
    std::vector<std::string> arguments; ///< the first is the program's name
    BpfPolicy policy;
    StartupWatch* startup = nullptr; ///< to be finished when the guest begins; it has the time limit
    CodeCache cache{nullptr};
    RunStats* stats = nullptr; ///< to be filled
};

/// The exit status: the guest's own, or what exit_status.h says. An error: the guest never began.
Result<int> run_guest(const Run& run);

} // namespace ecc
