#include "runtime-min/session.h"

#include "runtime-min/attach_section.h"
#include "runtime-min/object_trial.h"
#include "runtime-min/privileges.h"
#include "runtime-min/resource_hint.h"
#include "support/files.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <unistd.h>

namespace ecc {

namespace {

/// No BPF object that a kernel accepts comes near.
constexpr std::uint32_t object_size_limit = 64u << 20;

/// By name, as its maps ask for.
bool has_pins(const bpf_object* object) {
    const bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object) {
        if (bpf_map__is_pinned(map))
            return true;
    }
    return false;
}

/// The kernel says no more than the errno, and the guest perhaps nothing at all.
Error perf_failure(const MapEntry& entry, std::uint32_t pages, int error) {
    const auto hint = error == EPERM
                          ? "a higher limit of locked memory (ulimit -l), a higher "
                            "/proc/sys/kernel/perf_event_mlock_kb, or a program with smaller buffers"
                          : resource_hint(error);
    return {Fault::environment, entry.object->name(),
            fmt::format("map '{}': no perf buffers of {} KiB for each CPU: {}", bpf_map__name(entry.map),
                        std::uint64_t{pages} * static_cast<std::uint64_t>(::getpagesize()) / 1024,
                        errno_text(error)),
            hint};
}

Error seal_failure(int error) {
    auto hint = resource_hint(error);
    return {Fault::environment, "/proc/self/task",
            "the program asks to give up its rights (seal), and not every thread could: " + errno_text(error),
            hint.empty() ? "a mounted /proc" : std::move(hint)};
}

} // namespace

std::string_view machine_architecture() {
#if defined(__x86_64__)
    return "x86";
#elif defined(__aarch64__)
    return "arm64";
#elif defined(__riscv) && __riscv_xlen == 64
    return "riscv";
#else
#error "ecc-run runs on 64-bit little-endian x86, arm64 and riscv"
#endif
}

Session::Session(const Package* package, BpfPolicy policy, GuestMemory guest_memory,
                 WindowGuard& window_guard, Signals& guest_signals, RunStats& run_stats)
    : memory(std::move(guest_memory)), guard(window_guard), signals(guest_signals), stats(run_stats),
      package_(package), policy_(std::move(policy)) {}

const WindowPlace* Session::place_of(const MapEntry& entry) {
    if (const auto* ring = std::get_if<RingWindow>(&entry.consumer))
        return &ring->place();
    if (const auto* array = std::get_if<ArrayWindow>(&entry.consumer))
        return &array->place();
    return nullptr;
}

Session::~Session() {
    count_unreturned();
    close_all();
}

void Session::count(const RingBuffer& ring, std::uint32_t consumed) {
    if (!stats.counts_records)
        return;
    const auto count = ring.count(consumed);
    stats.records += count.records;
    stats.record_bytes += count.bytes;
}

void Session::count_unreturned() {
    handles.find_if<MapEntry>([&](const MapEntry& entry) {
        if (const auto* window = std::get_if<RingWindow>(&entry.consumer))
            count(window->ring(), std::numeric_limits<std::uint32_t>::max());
        return false;
    });
}

OrErrno<ecc_handle_t> Session::open_packaged(const std::string& name, std::uint32_t log_level) {
    if (package_ == nullptr)
        return errno_error(ENOENT);
    const auto found = std::ranges::find_if(package_->objects, [&](const EmbeddedObject& object) {
        return object.name == name && object.architecture == machine_architecture();
    });
    if (found == package_->objects.end())
        return errno_error(ENOENT);
    return open(name, found->elf, {}, log_level);
}

OrErrno<ecc_handle_t> Session::open_bytes(std::uint32_t address, std::uint32_t length,
                                          std::uint32_t log_level) {
    if (!policy_.permissions.bytes) {
        policy_.diagnostics->error({Fault::environment, "",
                                    "the program brings a BPF object of its own, which is not allowed",
                                    permission_flag(Permission::bytes) + ", if you trust it"});
        return errno_error(EPERM);
    }
    if (length > object_size_limit)
        return errno_error(E2BIG);
    ECC_TRY(auto bytes, memory.copy_in(address, length));
    const ByteView elf(bytes);
    if (const auto tried = try_object(elf, "object"); !tried) {
        policy_.diagnostics->error(tried.error());
        return errno_error(EINVAL);
    }
    return open("object", elf, std::move(bytes), log_level);
}

OrErrno<ecc_handle_t> Session::open(std::string name, ByteView elf, Bytes bytes, std::uint32_t log_level) {
    if (sealed_)
        return errno_error(EPERM);
    ECC_TRY(auto object, BpfObject::open(policy_, std::move(name), elf, log_level));
    const BpfObject* opened = object.get();
    const auto usage = usage_when_open(opened->get(), opened->file_size());
    ECC_CHECK(check_usage(*opened, usage));
    ECC_TRY(const auto handle, add(ObjectEntry{std::move(object), std::move(bytes)}));
    accounts.set(opened, usage);
    return handle;
}

OrErrno<BpfObject*> Session::object(ecc_handle_t handle) {
    ECC_TRY(const auto* entry, handles.get<ObjectEntry>(handle));
    return entry->object.get();
}

OrErrno<> Session::load(ecc_handle_t handle) {
    ECC_TRY(auto* loaded, object(handle));
    if (sealed_)
        return errno_error(EPERM);
    const auto usage = usage_when_loaded(loaded->get(), loaded->file_size());
    ECC_CHECK(check_usage(*loaded, usage));
    const Timer timer(stats.load);
    ECC_CHECK(apply_load_targets(*loaded));
    const auto prepared = loaded->prepare();
    if (loaded->has_maps()) { // also of one that is refused, until it is closed
        const auto now = usage_when_loaded(loaded->get(), loaded->file_size());
        accounts.set(loaded, now);
        if (has_pins(loaded->get()))
            accounts.pin(loaded);
        ECC_CHECK(check_usage(*loaded, now));
    }
    ECC_CHECK(prepared);
    ECC_CHECK(loaded->load());
    stats.programs += usage.programs;
    return {};
}

OrErrno<> Session::check_usage(const BpfObject& object, const ObjectUsage& usage) const {
    auto all = accounts.total_without(&object);
    all.add(usage);
    all.add({.bytes = perf_buffer_bytes()});
    if (all.programs > policy_.limits.programs)
        return refuse(&Limits::programs, object.name(), EMFILE);
    if (all.bytes > policy_.limits.maps)
        return refuse(&Limits::maps, object.name(), ENOMEM);
    return {};
}

std::uint64_t Session::perf_buffer_bytes() const {
    std::uint64_t bytes = 0;
    handles.find_if<MapEntry>([&](const MapEntry& entry) {
        if (const auto* perf = std::get_if<std::shared_ptr<PerfReader>>(&entry.consumer))
            bytes += PerfReader::memory((*perf)->pages());
        return false;
    });
    return bytes;
}

OrErrno<std::shared_ptr<PerfReader>> Session::open_perf_reader(MapEntry& map, std::uint32_t pages) {
    auto usage = usage_when_loaded(map.object->get(), map.object->file_size());
    usage.add({.bytes = PerfReader::memory(pages)});
    ECC_CHECK(check_usage(*map.object, usage));
    auto reader = PerfReader::open(bpf_map__fd(map.map), pages);
    if (!reader) {
        policy_.diagnostics->error(perf_failure(map, pages, -reader.error()));
        return std::unexpected(reader.error());
    }
    return map.consumer.emplace<std::shared_ptr<PerfReader>>(*std::move(reader));
}

std::unexpected<int> Session::refuse(std::uint64_t Limits::* limit, const std::string& where,
                                     int error) const {
    policy_.diagnostics->error(limit_reached(limit_kind(limit), policy_.limits.*limit, where));
    return errno_error(error);
}

void Session::report_handle_limit() {
    if (!std::exchange(told_of_handles_, true))
        policy_.diagnostics->error(
            {Fault::input, "",
             fmt::format("the program has {} handles open, as many as it may", handle_limit),
             "fewer links and maps at once, or a program that closes what it no longer needs"});
}

std::uint64_t Session::link_count() const {
    std::uint64_t count = pinned_links_;
    handles.find_if<LinkEntry>([&](const LinkEntry& entry) {
        count += !entry.pinned;
        return false;
    });
    return count;
}

void Session::note_pin(LinkEntry& link) {
    if (!std::exchange(link.pinned, true))
        ++pinned_links_;
    accounts.pin(link.object);
}

OrErrno<> Session::seal() {
    const auto kept = maps_need_no_capability() ? 0 : capability_bit(CAP_BPF);
    const auto dropped = drop_capabilities_everywhere(kept);
    sealed_ = dropped.has_value();
    if (!dropped)
        policy_.diagnostics->error(seal_failure(-dropped.error()));
    return dropped;
}

void Session::drop_parts(const BpfObject* object) {
    const auto part_of_it = [&](const auto& entry) { return entry.object == object; };
    handles.remove_if<IteratorEntry>(part_of_it);
    handles.remove_if<LinkEntry>(part_of_it);
    handles.remove_if<MapEntry>(part_of_it);
    handles.remove_if<ProgramEntry>(part_of_it);
}

OrErrno<> Session::close_object(ecc_handle_t handle) {
    ECC_TRY(const auto* closed, object(handle));
    drop_parts(closed);
    accounts.close(closed);
    handles.remove(handle);
    return {};
}

OrErrno<ecc_handle_t> Session::find_map(ecc_handle_t handle, const std::string& name) {
    ECC_TRY(auto* owner, object(handle));
    bpf_map* map = bpf_object__find_map_by_name(owner->get(), name.c_str());
    if (map == nullptr)
        return errno_error(ENOENT);
    if (const auto known = handles.find_if<MapEntry>([&](const MapEntry& entry) { return entry.map == map; }))
        return known;
    return add(MapEntry{map, owner, {}});
}

OrErrno<ecc_handle_t> Session::find_program(ecc_handle_t handle, const std::string& name) {
    ECC_TRY(auto* owner, object(handle));
    bpf_program* program = bpf_object__find_program_by_name(owner->get(), name.c_str());
    if (program == nullptr)
        return errno_error(ENOENT);
    return handle_of({program, owner});
}

OrErrno<ecc_handle_t> Session::handle_of(const ProgramEntry& program) {
    const auto same = [&](const ProgramEntry& entry) { return entry.program == program.program; };
    if (const auto known = handles.find_if<ProgramEntry>(same))
        return known;
    return add(ProgramEntry{program});
}

OrErrno<> Session::check_attach(const ProgramEntry& program, const AttachRequest& request) const {
    const auto& name = program.object->name();
    if (link_count() >= policy_.limits.links)
        return refuse(&Limits::links, name, EMFILE);
    const auto facts = facts_of(program.program);
    if (const auto useful = check_target_settings(policy_.targets, facts, request.kind); !useful) {
        policy_.diagnostics->error(useful.error());
        return errno_error(EINVAL);
    }
    if (is_undeclared(policy_.targets, facts, request))
        ECC_CHECK(check_free_choice(program));
    return check_hook_of(program, chosen_hook(policy_.targets, facts, request));
}

OrErrno<> Session::check_hook_of(const ProgramEntry& program, const std::string& hook) const {
    const auto permitted =
        check_hook(*policy_.rules, bpf_program__name(program.program), hook, program.object->name());
    if (permitted)
        return {};
    policy_.diagnostics->error(permitted.error());
    return errno_error(EPERM);
}

OrErrno<> Session::check_free_choice(const ProgramEntry& program) const {
    const auto& name = program.object->name();
    const auto& permissions = policy_.permissions;
    // Where an acting program attaches is part of acting; an object of the guest's own can name any place.
    if (permissions.attach || permissions.bytes || acts(facts_of(program.program)))
        return {};
    policy_.diagnostics->error(
        {Fault::environment, name,
         fmt::format("program '{}' would be attached to what the guest chooses, which is not allowed",
                     bpf_program__name(program.program)),
         fmt::format("{}, or --set {}.target=PLACE", permission_flag(Permission::attach),
                     bpf_program__name(program.program))});
    return errno_error(EPERM);
}

OrErrno<ecc_handle_t> Session::attach(const ProgramEntry& program, const AttachRequest& request) {
    if (sealed_)
        return errno_error(EPERM);
    ECC_CHECK(check_attach(program, request));
    const Timer timer(stats.attach);
    ECC_TRY(auto link, attach_program(*program.object, program.program, request));
    ++stats.links;
    return add(LinkEntry{std::move(link), program.object});
}

OrErrno<> Session::set_attach_function(const ProgramEntry& program, const std::string& function) {
    const auto facts = facts_of(program.program);
    if (chosen_target(policy_.targets, facts))
        return {};
    ECC_CHECK(check_free_choice(program));
    ECC_CHECK(check_hook_of(program, hook_of_function(facts, function)));
    return set_attach_target(*program.object, program.program, nullptr, function);
}

OrErrno<> Session::apply_load_targets(BpfObject& object) const {
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object.get()) {
        const auto facts = facts_of(program);
        const auto function = chosen_target(policy_.targets, facts);
        if (function && is_fitted_to_kernel(facts) && !object.loaded())
            ECC_CHECK(set_attach_target(object, program, nullptr, *function));
    }
    return {};
}

OrErrno<ecc_handle_t> Session::attach_struct_ops(const MapEntry& map) {
    if (sealed_)
        return errno_error(EPERM);
    if (link_count() >= policy_.limits.links)
        return refuse(&Limits::links, map.object->name(), EMFILE);
    const Timer timer(stats.attach);
    ECC_TRY(auto link, attach_map(*map.object, map.map));
    ++stats.links;
    return add(LinkEntry{std::move(link), map.object});
}

std::optional<std::string> Session::end_reason() const {
    if (const char* reason = guard.poisoned())
        return reason;
    if (signals.ending())
        return "ended by a signal";
    return std::nullopt;
}

bool Session::window_taken(const WindowPlace& place) const {
    return handles.find_if<MapEntry>([&](const MapEntry& entry) {
        const auto* taken = place_of(entry);
        return taken != nullptr && taken->overlaps(place);
    }) != 0;
}

void Session::close_all() {
    const auto any = [](const auto&) { return true; };
    handles.remove_if<LinkEntry>(any);
    handles.remove_if<MapEntry>(any);
    handles.remove_if<ProgramEntry>(any);
    handles.clear();
}

} // namespace ecc
