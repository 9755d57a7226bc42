// ecc-run: options, then the module, then its run.
#include "runtime-min/address_space.h"
#include "runtime-min/btf_source.h"
#include "runtime-min/engine.h"
#include "runtime-min/exit_status.h"
#include "runtime-min/explain.h"
#include "runtime-min/janitor.h"
#include "runtime-min/json_log.h"
#include "runtime-min/options.h"
#include "runtime-min/privileges.h"
#include "runtime-min/run_slot.h"
#include "runtime-min/run_stats.h"
#include "runtime-min/signals.h"
#include "runtime-min/startup_watch.h"
#include "support/files.h"
#include "support/output.h"
#include "support/standard_streams.h"

#include <algorithm>
#include <csignal>

namespace {

using namespace ecc;

/// A guest can cause one with every call.
constexpr std::size_t most_messages = 1000;

/// What the guest sees as argv[0].
std::string program_name(const GuestModule& module, const std::string& file) {
    if (module.package && !module.package->manifest.name.empty())
        return module.package->manifest.name;
    return std::filesystem::path(file).filename().string();
}

/// A folder that the operator names must be usable; without the default one all works, only slower.
Result<std::optional<PrivateFolder>> open_cache(const Options& options, const Diagnostics& diagnostics) {
    const auto path = options.cache_folder.empty() ? default_cache_folder() : options.cache_folder;
    if (!options.use_cache || !path)
        return std::nullopt;
    auto folder = PrivateFolder::open(*path);
    if (folder)
        return std::optional(*std::move(folder));
    if (!options.cache_folder.empty())
        return std::unexpected(folder.error());
    if (options.verbose || folder.error().fault == Fault::input)
        diagnostics.warning(folder.error().where, folder.error().what + "; nothing is kept there");
    return std::nullopt;
}

/// Not through Diagnostics, which stop after most_messages.
LibbpfListener libbpf_listener(const Options& options) {
    if (!options.verbose)
        return {};
    if (options.json_log)
        return json_debug_line;
    return [](std::string_view text) { std::fputs(printable(text).c_str(), stderr); };
}

Result<int> explain(const Options& options, const Assessment& assessment) {
    print_to(stdout, "{}", options.json ? explain_json(assessment) : explain_text(assessment));
    ECC_CHECK(flush_output());
    return obstacle(assessment).empty() ? 0 : status_refused;
}

bool has_tc_programs(const std::vector<ObjectFacts>& objects) {
    return std::ranges::any_of(objects, [](const ObjectFacts& object) {
        return std::ranges::any_of(object.programs, [](const ProgramFacts& program) {
            return program.type == BPF_PROG_TYPE_SCHED_CLS || program.type == BPF_PROG_TYPE_SCHED_ACT;
        });
    });
}

/// Only for programs that may attach with more than a link.
Result<std::optional<Janitor>> start_janitor(const Assessment& assessment) {
    const auto& permissions = assessment.permissions;
    if (!permissions.act || !(permissions.bytes || has_tc_programs(assessment.objects)))
        return std::nullopt;
    return Janitor::start();
}

Result<int> run(const Options& options, const Diagnostics& diagnostics) {
    const auto where = options.file == "-" ? "standard input" : options.file;
    if (!options.explain)
        ECC_CHECK(check_address_space(where));
    ECC_TRY(const auto startup, StartupWatch::start(options.timeout));
    ECC_TRY(const auto wasm, read_file(options.file));
    ECC_TRY(const auto assessment, assess(options, wasm, where));
    if (options.explain)
        return explain(options, assessment);
    ECC_CHECK(check(assessment));
    const auto& module = assessment.module;
    ECC_TRY(const auto slot, take_run_slot(assessment.limits.instances));
    ECC_TRY(const auto btf, choose_btf(options.btf_path, module.package ? &*module.package : nullptr));
    ECC_TRY(const auto cache, open_cache(options, diagnostics));
    ECC_CHECK(give_up_privileges(module, objects_with_settings(assessment), assessment.permissions));
    ECC_TRY(auto janitor, start_janitor(assessment));
    std::vector<std::string> arguments{program_name(module, where)};
    arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
    RunStats stats{.counts_records = options.stats};
    const auto status = run_guest({.wasm = wasm,
                                   .where = where,
                                   .module = &module,
                                   .arguments = std::move(arguments),
                                   .policy = {.permissions = assessment.permissions,
                                              .targets = options.targets,
                                              .limits = assessment.limits,
                                              .rules = &assessment.policy,
                                              .digest = assessment.identity.digest,
                                              .btf = btf.path.empty() ? nullptr : &btf,
                                              .btf_cuts = BtfCutCache(cache ? &*cache : nullptr),
                                              .listener = libbpf_listener(options),
                                              .diagnostics = &diagnostics,
                                              .janitor = janitor ? &*janitor : nullptr},
                                   .startup = startup.get(),
                                   .cache = CodeCache(cache ? &*cache : nullptr),
                                   .stats = &stats});
    if (options.stats)
        std::fputs((options.json ? stats_json(stats) : stats_text(stats)).c_str(), stderr);
    return status;
}

} // namespace

int main(int argc, char** argv) {
    occupy_standard_streams();
    end_when_memory_runs_out();
    std::signal(SIGCHLD, SIG_DFL); // if the parent ignores it, the end of children could not be waited for
    std::signal(SIGXFSZ, SIG_IGN); // a guest's write beyond the limit returns EFBIG, as WASI has it
    Signals::block();
    const auto options = parse_options(argc, argv);
    if (!options) {
        Diagnostics("ecc-run", stderr).error(options.error());
        return status_refused;
    }
    Diagnostics diagnostics = options->json_log ? json_diagnostics() : Diagnostics("ecc-run", stderr);
    diagnostics.limit(most_messages);
    if (!options->print.empty()) {
        print_to(stdout, "{}", options->print);
        const auto written = flush_output();
        if (!written)
            diagnostics.error(written.error());
        return written ? 0 : status_refused;
    }
    const auto status = run(*options, diagnostics);
    if (!status) {
        diagnostics.error(status.error());
        return status_refused;
    }
    return *status;
}
