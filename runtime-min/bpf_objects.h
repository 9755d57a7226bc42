// libbpf's objects with owners: opened under the operator's permissions, loaded after a look at what the
// machine offers, and explained to the user when the kernel refuses.
#pragma once

#include "packager/package/object_facts.h"
#include "packager/package/owned_object.h"
#include "runtime-min/attach_target.h"
#include "runtime-min/btf_cut_cache.h"
#include "runtime-min/errno_result.h"
#include "runtime-min/file_descriptor.h"
#include "runtime-min/libbpf_log.h"
#include "runtime-min/map_memory.h"
#include "runtime-min/object_usage.h"
#include "runtime-min/policy.h"
#include "support/bytes.h"
#include "support/diagnostics.h"

#include <bpf/libbpf.h>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ecc {

class Janitor;

/// What holds for every object of a run.
struct BpfPolicy {
    Permissions permissions;
    std::vector<TargetSetting> targets; ///< where the operator wants programs to attach
    Limits limits;
    const Policy* rules = nullptr;  ///< what else the objects must pass
    std::string digest;             ///< of the module
    const BtfSource* btf = nullptr; ///< instead of the running kernel's own; null: that
    BtfCutCache btf_cuts{nullptr};  ///< for what the kernel's own has more of than an object needs
    LibbpfListener listener; ///< of libbpf's messages; without one, those about a failure are told at its end
    const Diagnostics* diagnostics = nullptr;
    Janitor* janitor = nullptr; ///< for what would outlive the process; null: such programs cannot attach
};

class BpfObject {
public:
    /// -EPERM: not permitted; -EINVAL: no valid object. Either way the user has been told. `elf` must live as
    /// long as the object.
    static OrErrno<std::unique_ptr<BpfObject>> open(const BpfPolicy& policy, std::string name, ByteView elf,
                                                    std::uint32_t log_level);

    ~BpfObject();
    BpfObject(const BpfObject&) = delete;
    BpfObject& operator=(const BpfObject&) = delete;

    /// Creates maps and fits the programs to the kernel, once. The user is told why it failed.
    OrErrno<> prepare();
    /// Loads the programs of a prepared object. The user is told why it failed.
    OrErrno<> load();

    bool loaded() const { return loaded_; }
    bool has_maps() const { return has_maps_; }
    bpf_object* get() const { return object_.get(); }
    const std::string& name() const { return name_; }
    std::size_t file_size() const { return file_size_; }
    /// What libbpf and the verifier said. Whoever reads it after a failed load shows it to the user in its
    /// own way; if nobody does, its end is printed when the object goes.
    const std::string& read_log();
    const BpfPolicy& policy() const { return *policy_; }
    LibbpfLog& messages() { return log_; }
    /// Keeps open what libbpf knows by number until the load: the target of one of its programs.
    void keep_target(const bpf_program* program, FileDescriptor target) {
        targets_[program] = std::move(target);
    }

private:
    BpfObject(const BpfPolicy& policy, std::string name, std::size_t file_size, ElfScan scan)
        : policy_(&policy), name_(std::move(name)), file_size_(file_size), scan_(std::move(scan)) {}
    /// What libbpf reads at the load, or null: the running kernel's own.
    const BtfSource* types() const { return cut_ ? &*cut_ : policy_->btf; }
    OrErrno<> check_permissions();
    OrErrno<> fail_to_load(int error);
    void report_open_failure(int error) const;
    OrErrno<> refuse_second_load() const;
    void report_load_failure(int error);
    void report_map(const std::string& name, int error) const;

    const BpfPolicy* policy_;
    std::string name_;
    std::size_t file_size_;
    ElfScan scan_;
    ObjectFacts facts_;            ///< as it was opened
    std::optional<BtfSource> cut_; ///< of the running kernel's types
    LibbpfLog log_;
    std::string unread_details_;
    OwnedObject object_;
    std::map<const bpf_program*, FileDescriptor> targets_;
    bool load_tried_ = false;
    bool has_maps_ = false;
    bool loaded_ = false;
};

/// Bytes that a lookup in this map writes, and that an update reads.
std::uint32_t map_value_bytes(const bpf_map* map);

/// libbpf's own error numbers, which no guest knows, as -EINVAL; others unchanged.
int linux_errno(int error);

} // namespace ecc
