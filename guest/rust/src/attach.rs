// SPDX-License-Identifier: Apache-2.0
//! Where programs can be attached.

use core::mem::size_of;

use crate::host::{self, AttachKind, AttachOpts};
use crate::map::Map;

/// Where, and how, [`Program::attach_to`](crate::Program::attach_to) attaches a program.
///
/// ```no_run
/// # use ecc_guest::{Attach, Object, Result};
/// # fn attach(object: &Object) -> Result<()> {
/// let malloc = Attach::uprobe("/lib/x86_64-linux-gnu/libc.so.6", "malloc").pid(4711).on_return();
/// let _link = object.program("malloc_returns")?.attach_to(&malloc)?;
/// # Ok(())
/// # }
/// ```
///
/// What an operator says with `--set PROGRAM.target=…` wins.
#[derive(Clone, Copy, Debug)]
pub struct Attach<'a> {
    target: &'a str,
    function: &'a str,
    opts: AttachOpts, // but for the two names
}

/// Which way packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TcHook {
    /// Into the machine.
    Ingress = 1,
    /// Out of it.
    Egress = 2,
}

impl<'a> Attach<'a> {
    fn new(kind: AttachKind, target: &'a str) -> Attach<'a> {
        let opts = AttachOpts {
            size: size_of::<AttachOpts>() as u32,
            kind: kind as u32,
            target: 0,
            target_length: 0,
            ifindex: 0,
            flags: 0,
            cookie: 0,
            offset: 0,
            function: 0,
            function_length: 0,
            pid: -1,
            cpu: -1,
            priority: 0,
            hook: 0,
            family: 0,
            perf_type: 0,
            perf_config: 0,
            perf_period: 0,
            map: 0,
        };
        Attach { target, function: "", opts }
    }

    fn with_function(mut self, function: &'a str) -> Attach<'a> {
        self.function = function;
        self
    }

    fn with_opts(mut self, change: impl FnOnce(&mut AttachOpts)) -> Attach<'a> {
        change(&mut self.opts);
        self
    }

    /// As the program's section says.
    pub fn section() -> Attach<'static> {
        Attach::new(AttachKind::Section, "")
    }

    /// An XDP program, to the network interface with that index.
    pub fn xdp(interface: u32) -> Attach<'static> {
        Attach::new(AttachKind::Interface, "").with_opts(|opts| opts.ifindex = interface)
    }

    /// A traffic-control program, to the network interface with that index.
    pub fn tc(interface: u32, hook: TcHook) -> Attach<'static> {
        Attach::new(AttachKind::Tc, "").with_opts(|opts| {
            opts.ifindex = interface;
            opts.hook = hook as u32;
        })
    }

    /// To the cgroup at that path of the host.
    pub fn cgroup(path: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::Cgroup, path)
    }

    /// To the tracepoint `"category:name"`.
    pub fn tracepoint(name: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::Tracepoint, name)
    }

    /// To the raw tracepoint of that name.
    pub fn raw_tracepoint(name: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::RawTracepoint, name)
    }

    /// To a function of the kernel.
    pub fn kprobe(function: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::Kprobe, function)
    }

    /// To all functions of the kernel that match a pattern with `*` and `?`.
    pub fn kprobe_multi(pattern: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::KprobeMulti, pattern)
    }

    /// To a function in a program or library at that path of the host. With an empty name, [`offset`](Attach::offset)
    /// counts from the start of the file.
    pub fn uprobe(file: &'a str, function: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::Uprobe, file).with_function(function)
    }

    /// To all functions in the file that match a pattern with `*` and `?`.
    pub fn uprobe_multi(file: &'a str, pattern: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::UprobeMulti, file).with_function(pattern)
    }

    /// To the static probe `"provider:name"` in the file.
    pub fn usdt(file: &'a str, probe: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::Usdt, file).with_function(probe)
    }

    /// To a perf event, every `period` times that it happens: `PERF_TYPE_*` and `PERF_COUNT_*`.
    pub fn perf_event(event_type: u32, config: u64, period: u64) -> Attach<'static> {
        Attach::new(AttachKind::PerfEvent, "").with_opts(|opts| {
            opts.perf_type = event_type;
            opts.perf_config = config;
            opts.perf_period = period;
        })
    }

    /// To a perf event, so often a second.
    pub fn perf_event_frequency(event_type: u32, config: u64, per_second: u64) -> Attach<'static> {
        Attach::perf_event(event_type, config, per_second).flags(host::ATTACH_FREQUENCY)
    }

    /// To a hook of netfilter: `NFPROTO_*` and `NF_INET_*`.
    pub fn netfilter(family: u32, hook: u32) -> Attach<'static> {
        Attach::new(AttachKind::Netfilter, "").with_opts(|opts| {
            opts.family = family;
            opts.hook = hook;
        })
    }

    /// To the network namespace at that path of the host: `"/proc/self/ns/net"`.
    pub fn network_namespace(path: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::NetworkNamespace, path)
    }

    /// An iterator over everything of its kind.
    pub fn iterator() -> Attach<'static> {
        Attach::new(AttachKind::Iterator, "")
    }

    /// An iterator over the elements of a map.
    pub fn iterator_over(map: &'a Map) -> Attach<'a> {
        Attach::new(AttachKind::Iterator, "").with_opts(|opts| opts.map = map.handle())
    }

    /// An iterator over the cgroups below that path of the host; [`flags`](Attach::flags) is their order, an
    /// `enum bpf_cgroup_iter_order`.
    pub fn iterator_over_cgroups(path: &'a str) -> Attach<'a> {
        Attach::new(AttachKind::Iterator, path)
    }

    /// Tracepoints, probes and perf events: what `bpf_get_attach_cookie()` returns.
    pub fn cookie(self, cookie: u64) -> Attach<'a> {
        self.with_opts(|opts| opts.cookie = cookie)
    }

    /// Probes: bytes from the start of the function.
    pub fn offset(self, offset: u64) -> Attach<'a> {
        self.with_opts(|opts| opts.offset = offset)
    }

    /// Kprobes and uprobes: where the function returns.
    pub fn on_return(self) -> Attach<'a> {
        self.with_opts(|opts| opts.flags |= host::ATTACH_RETURN)
    }

    /// Uprobes, static probes, perf events and iterators: only this process.
    pub fn pid(self, pid: i32) -> Attach<'a> {
        self.with_opts(|opts| opts.pid = pid)
    }

    /// Perf events: only this CPU.
    pub fn cpu(self, cpu: i32) -> Attach<'a> {
        self.with_opts(|opts| opts.cpu = cpu)
    }

    /// Filters of tc and netfilter: the smaller, the earlier.
    pub fn priority(self, priority: i32) -> Attach<'a> {
        self.with_opts(|opts| opts.priority = priority)
    }

    /// `XDP_FLAGS_*`, or `BPF_F_*` of netfilter.
    pub fn flags(self, flags: u32) -> Attach<'a> {
        self.with_opts(|opts| opts.flags = flags)
    }

    pub(crate) fn host_options(&self) -> AttachOpts {
        // An address of WebAssembly has 32 bits.
        let address = |name: &str| if name.is_empty() { 0 } else { name.as_ptr() as usize as u32 };
        AttachOpts {
            target: address(self.target),
            target_length: self.target.len() as u32,
            function: address(self.function),
            function_length: self.function.len() as u32,
            ..self.opts
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_of_a_probe_are_all_passed_on() {
        let to = Attach::uprobe("/bin/sh", "main").pid(7).offset(4).cookie(9).on_return();
        let opts = to.host_options();
        assert_eq!((opts.kind, opts.target_length, opts.function_length), (8, 7, 4));
        assert_eq!((opts.pid, opts.cpu, opts.offset, opts.cookie, opts.flags), (7, -1, 4, 9, 1));
    }

    #[test]
    fn what_is_not_said_is_every_process_and_every_cpu() {
        let opts = Attach::section().host_options();
        assert_eq!((opts.size as usize, opts.kind, opts.pid, opts.cpu), (96, 0, -1, -1));
        assert_eq!((opts.target, opts.function), (0, 0));
    }
}
