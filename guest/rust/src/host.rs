// SPDX-License-Identifier: Apache-2.0
//! The functions of the host interface `ecc_bpf_v1` as they are, for what the rest of the crate does not offer.
//!
//! Their specification is the runtime's header `ecc/host.h`. Every result is ≥ 0 or a negated errno with Linux' generic
//! numbers. Structures start with their size.
//!
//! # Safety
//!
//! Pointers must be valid for the given length, for reads or writes as the host does, and may be null only where the
//! specification says so. A window belongs to the host from `map_mmap` to `map_munmap`.

/// The name of the module that the functions are imported from.
pub const MODULE: &str = "ecc_bpf_v1";

/// Options of `object_open`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ObjectOpts {
    /// The size of this structure.
    pub size: u32,
    /// The verifier's log level: 0 only on failure, 1, 2, 4.
    pub log_level: u32,
}

/// What `map_info` fills in.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct MapInfo {
    /// The size of this structure.
    pub size: u32,
    /// `enum bpf_map_type`.
    pub map_type: u32,
    /// Bytes of a key.
    pub key_size: u32,
    /// Bytes of a value, for one CPU.
    pub value_size: u32,
    /// How many elements there may be; bytes, for ring buffers.
    pub max_entries: u32,
    /// `BPF_F_*`.
    pub flags: u32,
    /// Bytes that a lookup writes.
    pub value_bytes: u32,
    /// Bytes of the initial value of a data section or a struct_ops map, else 0.
    pub initial_bytes: u32,
}

/// The window may be stored to.
pub const MMAP_WRITE: u32 = 1;
/// [`MmapInfo::mode`]: the window holds a copy.
pub const MMAP_COPY: u32 = 0;
/// [`MmapInfo::mode`]: the window is the kernel's own pages.
pub const MMAP_ZERO_COPY: u32 = 1;

/// What `map_mmap` fills in.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct MmapInfo {
    /// The size of this structure.
    pub size: u32,
    /// [`MMAP_COPY`] or [`MMAP_ZERO_COPY`].
    pub mode: u32,
    /// Of the data from the start of the window.
    pub data_offset: u32,
    /// Bytes of data that the window shows.
    pub data_size: u32,
    /// Arrays: the distance of two elements.
    pub element_stride: u32,
}

/// What [`AttachOpts::kind`] may be; which members it uses is in the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
#[allow(missing_docs)]
pub enum AttachKind {
    Section = 0,
    Interface = 1,
    Cgroup = 2,
    Tc = 3,
    Tracepoint = 4,
    RawTracepoint = 5,
    Kprobe = 6,
    KprobeMulti = 7,
    Uprobe = 8,
    UprobeMulti = 9,
    Usdt = 10,
    PerfEvent = 11,
    Netfilter = 12,
    NetworkNamespace = 13,
    Iterator = 14,
}

/// [`AttachOpts::flags`] of probes: where the function returns.
pub const ATTACH_RETURN: u32 = 1;
/// [`AttachOpts::flags`] of perf events: the period counts samples per second.
pub const ATTACH_FREQUENCY: u32 = 1;

/// Options of `program_attach`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct AttachOpts {
    /// The size of this structure.
    pub size: u32,
    /// [`AttachKind`].
    pub kind: u32,
    /// The address of the target's name, or 0.
    pub target: u32,
    /// Bytes of the target's name.
    pub target_length: u32,
    /// The index of a network interface, or 0.
    pub ifindex: u32,
    /// `ATTACH_*`, `XDP_FLAGS_*` or `BPF_F_*`.
    pub flags: u32,
    /// What `bpf_get_attach_cookie()` returns.
    pub cookie: u64,
    /// Bytes from the start of the function, or of the file if there is no function.
    pub offset: u64,
    /// The address of a second name, or 0.
    pub function: u32,
    /// Bytes of the second name.
    pub function_length: u32,
    /// -1: every process.
    pub pid: i32,
    /// -1: every CPU.
    pub cpu: i32,
    /// Of a filter or hook.
    pub priority: i32,
    /// Which hook: of tc (1 ingress, 2 egress) or netfilter.
    pub hook: u32,
    /// `NFPROTO_*`.
    pub family: u32,
    /// `PERF_TYPE_*`.
    pub perf_type: u32,
    /// `PERF_COUNT_*`.
    pub perf_config: u64,
    /// Events per sample, or samples per second.
    pub perf_period: u64,
    /// The map that an iterator goes over, or 0.
    pub map: i32,
}

/// What `program_test_run` runs a program on. Addresses of 0 are not used.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct TestRun {
    pub size: u32,
    pub data: u32,
    pub data_length: u32,
    pub data_out: u32,
    pub data_out_length: u32,
    pub context: u32,
    pub context_length: u32,
    pub context_out: u32,
    pub context_out_length: u32,
    pub repeat: u32,
    pub flags: u32,
    pub cpu: u32,
    pub batch_size: u32,
}

/// What `program_test_run` fills in.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct TestRunResult {
    /// The size of this structure.
    pub size: u32,
    /// What the program returned.
    pub return_value: u32,
    /// Nanoseconds, the average of the repetitions.
    pub duration: u32,
    /// Of all that there was, even if there was no room.
    pub data_out_length: u32,
    /// The same of the context.
    pub context_out_length: u32,
}

/// [`WaitItem::kind`]: a ring-buffer map with a window.
pub const WAIT_RINGBUF: u32 = 1;
/// [`WaitItem::kind`]: standard input; the handle is 0.
pub const WAIT_STDIN: u32 = 2;

/// [`WaitItem::kind`]: a perf event array that was opened.
pub const WAIT_PERFBUF: u32 = 3;

/// Room for any one sample of a perf event array.
pub const PERFBUF_LENGTH_MIN: usize = 65552;

/// What is before the data of a sample of a perf event array. The data is padded to 8 bytes.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct PerfRecord {
    /// Bytes of data, as the kernel rounds it.
    pub length: u32,
    /// The CPU.
    pub cpu: u32,
    /// Samples of this CPU that found no room since the one before.
    pub lost_before: u64,
}

/// What `wait` waits for.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct WaitItem {
    /// `WAIT_*`.
    pub kind: u32,
    /// The map, or 0.
    pub handle: i32,
    /// Out: 1 if there is something to consume or read.
    pub ready: u32,
}

/// Declares the imports, and for other targets functions of the same type that answer that there is no such system.
macro_rules! imports {
    ($($name:ident($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        #[cfg(target_family = "wasm")]
        #[link(wasm_import_module = "ecc_bpf_v1")]
        #[allow(missing_docs)]
        extern "C" {
            $(pub fn $name($($arg: $type),*) -> $result;)*
        }

        #[cfg(not(target_family = "wasm"))]
        mod elsewhere {
            use super::*;

            $(#[allow(missing_docs, clippy::missing_safety_doc)]
            pub unsafe fn $name($(_: $type),*) -> $result {
                -(crate::Errno::ENOSYS.number() as $result)
            })*
        }
    };
}

imports! {
    object_open(name: *const u8, name_length: u32, opts: *const ObjectOpts) -> i32;
    object_open_bytes(elf: *const u8, elf_length: u32, opts: *const ObjectOpts) -> i32;
    object_load(object: i32) -> i32;
    object_log(object: i32, text: *mut u8, length: u32) -> i32;
    object_close(object: i32) -> i32;
    seal() -> i32;
    map_find(object: i32, name: *const u8, name_length: u32) -> i32;
    map_info(map: i32, info: *mut MapInfo) -> i32;
    map_lookup(map: i32, key: *const u8, key_length: u32, value: *mut u8, value_length: u32, flags: u64) -> i32;
    map_update(map: i32, key: *const u8, key_length: u32, value: *const u8, value_length: u32, flags: u64) -> i32;
    map_lookup_and_delete(map: i32, key: *const u8, key_length: u32, value: *mut u8, value_length: u32, flags: u64) -> i32;
    map_delete(map: i32, key: *const u8, key_length: u32, flags: u64) -> i32;
    map_next_key(map: i32, key: *const u8, next: *mut u8, key_length: u32) -> i32;
    map_get_initial(map: i32, value: *mut u8, length: u32) -> i32;
    map_set_initial(map: i32, value: *const u8, length: u32) -> i32;
    map_set_max_entries(map: i32, max_entries: u32) -> i32;
    map_mmap(map: i32, window: *mut u8, length: u32, flags: u32, info: *mut MmapInfo) -> i32;
    map_munmap(map: i32) -> i32;
    map_sync(map: i32) -> i32;
    program_find(object: i32, name: *const u8, name_length: u32) -> i32;
    program_set_autoload(program: i32, autoload: i32) -> i32;
    program_set_attach_target(program: i32, target: i32, function: *const u8, function_length: u32) -> i32;
    program_attach(program: i32, opts: *const AttachOpts) -> i32;
    map_attach(map: i32) -> i32;
    link_detach(link: i32) -> i32;
    link_update(link: i32, program: i32) -> i32;
    program_test_run(program: i32, run: *const TestRun, result: *mut TestRunResult) -> i32;
    iterator_open(link: i32) -> i32;
    iterator_read(iterator: i32, bytes: *mut u8, length: u32) -> i32;
    iterator_close(iterator: i32) -> i32;
    interface_index(name: *const u8, name_length: u32) -> i32;
    symbol_at(address: u64, name: *mut u8, length: u32, start: *mut u64) -> i32;
    symbol_find(name: *const u8, name_length: u32, address: *mut u64) -> i32;
    process_map_at(pid: i32, address: u64, name: *mut u8, length: u32, start: *mut u64, offset: *mut u64) -> i32;
    ringbuf_acquire(map: i32, consumed: u32, timeout_ms: i32) -> i64;
    perfbuf_open(map: i32, pages: u32) -> i32;
    perfbuf_acquire(map: i32, records: *mut u8, length: u32, timeout_ms: i32) -> i32;
    perfbuf_close(map: i32) -> i32;
    user_ringbuf_reserve(map: i32, size: u32, timeout_ms: i32) -> i32;
    user_ringbuf_submit(map: i32, slot: i32, sample: *const u8, length: u32) -> i32;
    wait(items: *mut WaitItem, count: u32, timeout_ms: i32) -> i32;
    signal_take() -> i32;
}

#[cfg(not(target_family = "wasm"))]
pub use elsewhere::*;
