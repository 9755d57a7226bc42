// What one guest holds in the host: its memory, its handles and everything behind them. Both host interfaces
// (host_ecc.h, host_wasm_bpf.h) work on it.
#pragma once

#include "packager/package/package.h"
#include "runtime-min/attachment.h"
#include "runtime-min/bpf_objects.h"
#include "runtime-min/handles.h"
#include "runtime-min/kernel_symbols.h"
#include "runtime-min/memory.h"
#include "runtime-min/object_accounts.h"
#include "runtime-min/perf_reader.h"
#include "runtime-min/process_maps.h"
#include "runtime-min/run_stats.h"
#include "runtime-min/signals.h"
#include "runtime-min/user_ring.h"
#include "runtime-min/windows.h"

namespace ecc {

struct ObjectEntry {
    std::unique_ptr<BpfObject> object;
    Bytes bytes; ///< if they came from the guest
};

struct MapEntry {
    bpf_map* map = nullptr;
    BpfObject* object = nullptr;
    /// Shared where a guest's callback, called for a record, may close the map.
    std::variant<std::monostate, RingWindow, ArrayWindow, std::shared_ptr<RingBuffer>,
                 std::shared_ptr<PerfReader>, std::unique_ptr<UserRing>>
        consumer;
};

struct ProgramEntry {
    bpf_program* program = nullptr;
    BpfObject* object = nullptr;
};

struct LinkEntry {
    BpfLink link;
    BpfObject* object = nullptr;
    bool pinned = false;
};

/// What an iterator writes, as a file.
struct IteratorEntry {
    FileDescriptor fd;
    BpfObject* object = nullptr;
};

class Session {
public:
    Session(const Package* package, BpfPolicy policy, GuestMemory memory, WindowGuard& guard,
            Signals& signals, RunStats& stats);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    using Handles = HandleTable<ObjectEntry, MapEntry, ProgramEntry, LinkEntry, IteratorEntry>;

    GuestMemory memory;
    WindowGuard& guard;
    Handles handles;
    ObjectAccounts accounts; ///< of every open object
    Signals& signals;
    RunStats& stats;

    /// From the package, for this machine's architecture; -ENOENT. Its objects must have passed their trial.
    /// -ENOMEM, also of the next: more than the limits permit is open. The user has been told.
    OrErrno<ecc_handle_t> open_packaged(const std::string& name, std::uint32_t log_level);
    /// From the guest's memory; -EPERM unless the operator allows it.
    OrErrno<ecc_handle_t> open_bytes(std::uint32_t address, std::uint32_t length, std::uint32_t log_level);
    OrErrno<BpfObject*> object(ecc_handle_t handle);
    /// -EMFILE, -ENOMEM: more programs or larger maps than the limits permit. The user has been told.
    OrErrno<> load(ecc_handle_t object);
    OrErrno<> close_object(ecc_handle_t handle);

    /// The same thing has one handle, however often it is asked for. -ENOENT: the object has none of that
    /// name.
    OrErrno<ecc_handle_t> find_map(ecc_handle_t object, const std::string& name);
    OrErrno<ecc_handle_t> find_program(ecc_handle_t object, const std::string& name);
    OrErrno<ecc_handle_t> handle_of(const ProgramEntry& program);

    /// -EMFILE: the guest holds too many handles. The first time, the user is told.
    template <class T> OrErrno<ecc_handle_t> add(T thing) {
        auto handle = handles.add(std::move(thing));
        if (!handle)
            report_handle_limit();
        return handle;
    }

    /// Why the guest must not go on, if so; every host function asks before it does anything and afterwards.
    std::optional<std::string> end_reason() const;

    /// Attaches and returns the handle of the link. -EPERM: not to what the guest names; -EMFILE: too many.
    OrErrno<ecc_handle_t> attach(const ProgramEntry& program, const AttachRequest& request);
    OrErrno<ecc_handle_t> attach_struct_ops(const MapEntry& map);
    /// There is, or was, a pin of the link: nobody knows how long that keeps it attached.
    void note_pin(LinkEntry& link);
    /// Before load. -EPERM: the guest may not choose. Nothing changes if the operator chose.
    OrErrno<> set_attach_function(const ProgramEntry& program, const std::string& function);

    /// The window that shows this map, or null.
    static const WindowPlace* place_of(const MapEntry& entry);
    /// True if `place` lies over a window that is in use.
    bool window_taken(const WindowPlace& place) const;

    /// Read when they are first asked for. -EPERM: not allowed, or hidden by the kernel; the user has been
    /// told.
    OrErrno<const KernelSymbols*> kernel_symbols();
    /// As process_mapping_at. -EPERM too if it is not allowed; the first time, the user is told.
    OrErrno<ProcessMapping> process_mapping(std::int32_t pid, std::uint64_t address);

    /// Reads the perf event array from now on. -ENOMEM: more than the limits permit. The user has been told.
    OrErrno<std::shared_ptr<PerfReader>> open_perf_reader(MapEntry& map, std::uint32_t pages);

    /// Adds the first `consumed` bytes of the ring's last span to the statistics, if somebody wants them.
    void count(const RingBuffer& ring, std::uint32_t consumed);

    const Limits& limits() const { return policy_.limits; }
    const Diagnostics& diagnostics() const { return *policy_.diagnostics; }

    /// From now on nothing can be opened, loaded or attached (-EPERM), and the capabilities for that are
    /// gone.
    OrErrno<> seal();
    bool sealed() const { return sealed_; }

    /// Ends everything that the guest attached or opened.
    void close_all();

private:
    OrErrno<ecc_handle_t> open(std::string name, ByteView elf, Bytes bytes, std::uint32_t log_level);
    std::uint64_t perf_buffer_bytes() const;
    /// Those that have a handle, and those that were pinned.
    std::uint64_t link_count() const;
    /// What the guest saw last and did not give back.
    void count_unreturned();
    /// What the limits say if the object takes so much.
    OrErrno<> check_usage(const BpfObject& object, const ObjectUsage& usage) const;
    OrErrno<> check_attach(const ProgramEntry& program, const AttachRequest& request) const;
    /// -EPERM: not by the policy. The user has been told.
    OrErrno<> check_hook_of(const ProgramEntry& program, const std::string& hook) const;
    /// Of programs whose target the kernel checks at the load.
    OrErrno<> apply_load_targets(BpfObject& object) const;
    OrErrno<> check_free_choice(const ProgramEntry& program) const;
    std::unexpected<int> refuse(std::uint64_t Limits::* limit, const std::string& where, int error) const;
    void drop_parts(const BpfObject* object);
    void report_handle_limit();

    OrErrno<KernelSymbols> read_kernel_symbols() const;
    Error process_map_refusal(std::int32_t pid) const;

    const Package* package_;
    BpfPolicy policy_;
    std::optional<OrErrno<KernelSymbols>> kernel_symbols_;
    std::uint64_t pinned_links_ = 0;
    bool told_of_process_maps_ = false;
    bool told_of_handles_ = false;
    bool sealed_ = false;
};

/// The kernel's name for this machine's architecture, as in the package: "x86", "arm64", "riscv".
std::string_view machine_architecture();

} // namespace ecc
