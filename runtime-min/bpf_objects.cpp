#include "runtime-min/bpf_objects.h"

#include "guest/c/include/ecc/host.h"
#include "packager/package/map_rules.h"
#include "runtime-min/kernel_version.h"
#include "runtime-min/load_hint.h"
#include "runtime-min/object_trial.h"
#include "runtime-min/pinning.h"
#include "runtime-min/preflight.h"
#include "runtime-min/relocated_code.h"
#include "runtime-min/resource_hint.h"
#include "support/files.h"

#include <algorithm>
#include <fmt/format.h>

namespace ecc {

namespace {

/// The first number that libbpf made up (enum libbpf_errno).
constexpr int first_libbpf_errno = 4000;

/// BPF_F_LINK, which older headers do not have.
constexpr std::uint32_t with_link = 1u << 13;

OrErrno<> refuse(const BpfPolicy& policy, Error error) {
    policy.diagnostics->error(error);
    return errno_error(EPERM);
}

/// Where this package's maps are pinned by name: what another package pins under the same name is not found.
std::string pin_folder(const BpfPolicy& policy) {
    return policy.permissions.pins.empty()
               ? std::string()
               : fmt::format("{}/{}", policy.permissions.pins.front(), package_folder(policy));
}

/// What is attached without a link, SEC(".struct_ops"), would outlive the process. Links are since Linux 6.4.
void use_struct_ops_links(bpf_object* object) {
    if (!kernel_is_at_least(6, 4))
        return;
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
            bpf_map__set_map_flags(map, bpf_map__map_flags(map) | with_link);
    }
}

/// libbpf maps an arena where its object says (map_extra), over whatever this process has there.
void let_kernel_place_arenas(bpf_object* object) {
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        if (facts_of(map).type == arena_map)
            bpf_map__set_map_extra(map, 0);
    }
}

} // namespace

int linux_errno(int error) {
    return error <= -first_libbpf_errno ? -EINVAL : error;
}

OrErrno<std::unique_ptr<BpfObject>> BpfObject::open(const BpfPolicy& policy, std::string name, ByteView elf,
                                                    std::uint32_t log_level) {
    auto scan = scan_elf(elf, name);
    if (!scan) {
        policy.diagnostics->error(scan.error());
        return errno_error(EINVAL);
    }
    std::unique_ptr<BpfObject> self(new BpfObject(policy, std::move(name), elf.size(), *std::move(scan)));
    const LibbpfLogScope scope(self->log_, &policy.listener);
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = self->name_.c_str());
    options.kernel_log_level = log_level;
    if (policy.btf == nullptr && self->scan_.relocates_types)
        self->cut_ = policy.btf_cuts.find(elf, self->scan_);
    if (const auto* types = self->types())
        options.btf_custom_path = types->path.c_str();
    const auto pins = pin_folder(policy);
    if (!pins.empty())
        options.pin_root_path = pins.c_str();
    self->object_.reset(bpf_object__open_mem(elf.data(), elf.size(), &options));
    if (!self->object_) {
        const int error = -errno;
        self->report_open_failure(-error);
        return errno_error(linux_errno(error));
    }
    use_struct_ops_links(self->object_.get());
    let_kernel_place_arenas(self->object_.get());
    ECC_CHECK(self->check_permissions());
    return self;
}

void BpfObject::report_open_failure(int error) const {
    const auto limit = resource_hint(error);
    policy_->diagnostics->error(
        {limit.empty() ? Fault::input : Fault::environment, name_,
         "libbpf cannot open this object" + (limit.empty() ? "" : ": " + errno_text(error)),
         limit.empty() ? "building or fetching it again; ecc-run -v shows libbpf's messages" : limit});
    const auto details = explain_load_failure(log_.text()).details;
    if (!details.empty() && !policy_->listener)
        policy_->diagnostics->note(details);
}

OrErrno<> BpfObject::check_permissions() {
    auto facts = facts_of(object_.get(), scan_, name_);
    if (!facts)
        return refuse(*policy_, facts.error());
    facts_ = *std::move(facts);
    for (const auto& program : facts_.programs) {
        if (const auto useful = check_target_settings(policy_->targets, program, ECC_ATTACH_SECTION); !useful)
            return refuse(*policy_, useful.error());
    }
    const auto passed = check_object(*policy_->rules, with_chosen_hooks(policy_->targets, facts_), name_);
    if (!passed)
        return refuse(*policy_, passed.error());
    for (const auto& request : requests_of(facts_)) {
        if (!policy_->permissions.has(request.permission))
            return refuse(*policy_,
                          {Fault::environment, name_, fmt::format("{}, which is not allowed", request.reason),
                           permission_flag(request.permission) + ", if you trust it"});
    }
    return {};
}

OrErrno<> BpfObject::prepare() {
    if (load_tried_)
        return refuse_second_load();
    if (const auto lack = preflight_load(object_.get(), scan_, *policy_, name_)) {
        policy_->diagnostics->error(lack->error);
        return errno_error(lack->number);
    }
    load_tried_ = true;
    const int types_memory = types() == nullptr ? -1 : types()->memory.get();
    const auto tried = try_load(object_.get(), name_, types_memory);
    if (!tried) {
        policy_->diagnostics->error(tried.error());
        return errno_error(EINVAL);
    }
    const LibbpfLogScope scope(log_, &policy_->listener);
    if (tried->error != 0) {
        log_.append(tried->log);
        if (policy_->listener)
            policy_->listener(tried->log);
        return fail_to_load(tried->error);
    }
    if (const int error = bpf_object__prepare(object_.get()); error != 0)
        return fail_to_load(error);
    has_maps_ = true;
    if (const auto checked = check_relocated_code(object_.get(), facts_); !checked)
        return refuse(*policy_, checked.error());
    return {};
}

OrErrno<> BpfObject::load() {
    const LibbpfLogScope scope(log_, &policy_->listener);
    if (const int error = bpf_object__load(object_.get()); error != 0)
        return fail_to_load(error);
    loaded_ = true;
    return {};
}

OrErrno<> BpfObject::fail_to_load(int error) {
    report_load_failure(linux_errno(error));
    return errno_error(linux_errno(error));
}

OrErrno<> BpfObject::refuse_second_load() const {
    policy_->diagnostics->error({Fault::input, name_,
                                 loaded_ ? "the program loads it again, and it is loaded already"
                                         : "the program loads it again after a load that failed",
                                 "a program that opens the object anew for another load"});
    return errno_error(EINVAL);
}

void BpfObject::report_load_failure(int error) {
    const auto failure = explain_load_failure(log_.text());
    if (!failure.missing.empty()) {
        policy_->diagnostics->error(
            {Fault::environment, name_,
             fmt::format("a program attaches to '{}', which this kernel does not have", failure.missing),
             "another kernel, or SEC(\"?...\") and bpf_program__set_autoload() for a program that may be "
             "left out"});
        return;
    }
    if (!failure.pin.empty()) {
        policy_->diagnostics->error(
            {Fault::environment, name_,
             fmt::format("the map that is pinned at '{}' has another type, size or flags than the object's",
                         failure.pin),
             "the size that it was made with, or removing it"});
        return;
    }
    if (!policy_->listener)
        unread_details_ = failure.details;
    if (failure.program.empty() && !failure.map.empty())
        return report_map(failure.map, error);
    auto what = failure.program.empty() ? fmt::format("cannot be loaded: {}", errno_text(-error))
                                        : fmt::format("the kernel rejected program '{}': {}", failure.program,
                                                      errno_text(-error));
    if (!failure.reason.empty())
        what += "; the verifier: " + failure.reason;
    policy_->diagnostics->error({Fault::input, name_, what, load_hint(failure.reason, -error)});
}

void BpfObject::report_map(const std::string& name, int error) const {
    const auto* map = bpf_object__find_map_by_name(object_.get(), name.c_str());
    const auto facts = map == nullptr ? MapFacts{} : facts_of(map);
    const auto fault = error == -EINVAL ? map_fault(facts) : std::string();
    policy_->diagnostics->error({Fault::input, name_,
                                 fmt::format("map '{}' ({}) cannot be created: {}", name, facts.type_name,
                                             fault.empty() ? errno_text(-error) : fault),
                                 fault.empty() ? load_hint("", -error) : map_fault_hint});
}

BpfObject::~BpfObject() {
    if (!unread_details_.empty())
        policy_->diagnostics->note(fmt::format("{}: what the kernel said:\n{}", name_, unread_details_));
}

const std::string& BpfObject::read_log() {
    unread_details_.clear();
    return log_.text();
}

std::uint32_t map_value_bytes(const bpf_map* map) {
    return map_value_bytes(bpf_map__type(map), bpf_map__value_size(map));
}

} // namespace ecc
