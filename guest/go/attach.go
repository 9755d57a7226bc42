// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// Target is where a program can be attached: XDP, TC, Cgroup, Tracepoint, RawTracepoint, Kprobe, KprobeMulti, Uprobe,
// UprobeMulti, USDT, PerfEvent, Netfilter, NetworkNamespace or Iterator.
type Target interface {
	attachment() attachment
}

// attachment is what all targets come to.
type attachment struct {
	kind             attachKind
	target, function string
	opts             hostAttachOpts // but for kind and names
	ofProcess        int32          // 0: every one
	onCPU            *int32         // nil: every one
}

func (a *attachment) hostOptions() hostAttachOpts {
	opts := a.opts
	opts.size = uint32(sizeOf[hostAttachOpts]())
	opts.kind = uint32(a.kind)
	opts.target, opts.targetLength = stringAddress(a.target)
	opts.function, opts.functionLength = stringAddress(a.function)
	opts.pid, opts.cpu = -1, -1
	if a.ofProcess != 0 {
		opts.pid = a.ofProcess
	}
	if a.onCPU != nil {
		opts.cpu = *a.onCPU
	}
	return opts
}

func stringAddress(text string) (start, length uint32) {
	if text == "" {
		return 0, 0
	}
	return address(unsafe.Pointer(unsafe.StringData(text))), uint32(len(text))
}

func returnFlag(onReturn bool) uint32 {
	if onReturn {
		return attachReturn
	}
	return 0
}

// XDP is a network interface, for an XDP program.
type XDP struct {
	Interface uint32 // its index
	Flags     uint32 // XDP_FLAGS_*
}

func (t XDP) attachment() attachment {
	return attachment{kind: attachInterface, opts: hostAttachOpts{ifindex: t.Interface, flags: t.Flags}}
}

// TC is a network interface, for a traffic-control program.
type TC struct {
	Interface uint32 // its index
	Egress    bool   // packets that leave, not those that come
	Priority  int32  // of a filter
}

func (t TC) attachment() attachment {
	hook := uint32(tcIngress)
	if t.Egress {
		hook = tcEgress
	}
	return attachment{kind: attachTC, opts: hostAttachOpts{ifindex: t.Interface, hook: hook, priority: t.Priority}}
}

// Cgroup is the cgroup at that path of the host.
type Cgroup struct {
	Path string
}

func (t Cgroup) attachment() attachment { return attachment{kind: attachCgroup, target: t.Path} }

// Tracepoint is a tracepoint of the kernel.
type Tracepoint struct {
	Category, Name string
	Cookie         uint64 // what bpf_get_attach_cookie() returns
}

func (t Tracepoint) attachment() attachment {
	return attachment{
		kind: attachTracepoint, target: t.Category + ":" + t.Name, opts: hostAttachOpts{cookie: t.Cookie},
	}
}

// RawTracepoint is a tracepoint whose program sees the kernel's own arguments.
type RawTracepoint struct {
	Name   string
	Cookie uint64 // what bpf_get_attach_cookie() returns
}

func (t RawTracepoint) attachment() attachment {
	return attachment{kind: attachRawTracepoint, target: t.Name, opts: hostAttachOpts{cookie: t.Cookie}}
}

// Kprobe is a function of the kernel.
type Kprobe struct {
	Function string
	Offset   uint64 // bytes from its start
	Cookie   uint64 // what bpf_get_attach_cookie() returns
	Return   bool   // where it returns
}

func (t Kprobe) attachment() attachment {
	opts := hostAttachOpts{offset: t.Offset, cookie: t.Cookie, flags: returnFlag(t.Return)}
	return attachment{kind: attachKprobe, target: t.Function, opts: opts}
}

// KprobeMulti is all functions of the kernel that match a pattern with * and ?.
type KprobeMulti struct {
	Pattern string
	Return  bool // where they return
}

func (t KprobeMulti) attachment() attachment {
	opts := hostAttachOpts{flags: returnFlag(t.Return)}
	return attachment{kind: attachKprobeMulti, target: t.Pattern, opts: opts}
}

// Uprobe is a function in a program or library at that path of the host.
type Uprobe struct {
	File     string
	Function string // if empty, Offset counts from the start of the file
	Offset   uint64 // bytes from its start
	PID      int32  // 0: every process
	Cookie   uint64 // what bpf_get_attach_cookie() returns
	Return   bool   // where it returns
}

func (t Uprobe) attachment() attachment {
	opts := hostAttachOpts{offset: t.Offset, cookie: t.Cookie, flags: returnFlag(t.Return)}
	return attachment{kind: attachUprobe, target: t.File, function: t.Function, opts: opts, ofProcess: t.PID}
}

// UprobeMulti is all functions in the file that match a pattern with * and ?.
type UprobeMulti struct {
	File    string
	Pattern string
	PID     int32 // 0: every process
	Return  bool  // where they return
}

func (t UprobeMulti) attachment() attachment {
	opts := hostAttachOpts{flags: returnFlag(t.Return)}
	return attachment{kind: attachUprobeMulti, target: t.File, function: t.Pattern, opts: opts, ofProcess: t.PID}
}

// USDT is a static probe in the file.
type USDT struct {
	File           string
	Provider, Name string
	PID            int32  // 0: every process
	Cookie         uint64 // what bpf_usdt_cookie() returns
}

func (t USDT) attachment() attachment {
	opts := hostAttachOpts{cookie: t.Cookie}
	return attachment{
		kind: attachUSDT, target: t.File, function: t.Provider + ":" + t.Name, opts: opts, ofProcess: t.PID,
	}
}

// PerfEvent is an event that the kernel or the CPU counts.
type PerfEvent struct {
	Type      uint32 // PERF_TYPE_HARDWARE, PERF_TYPE_SOFTWARE or PERF_TYPE_HW_CACHE
	Config    uint64 // PERF_COUNT_*
	Period    uint64 // how many of them make the program run
	Frequency bool   // Period is how often a second the program runs
	PID       int32  // 0: every process
	CPU       *int32 // nil: every CPU
	Cookie    uint64 // what bpf_get_attach_cookie() returns
}

func (t PerfEvent) attachment() attachment {
	opts := hostAttachOpts{perfType: t.Type, perfConfig: t.Config, perfPeriod: t.Period, cookie: t.Cookie}
	if t.Frequency {
		opts.flags = attachFrequency
	}
	return attachment{kind: attachPerfEvent, opts: opts, ofProcess: t.PID, onCPU: t.CPU}
}

// Netfilter is a hook of netfilter.
type Netfilter struct {
	Family   uint32 // NFPROTO_*
	Hook     uint32 // NF_INET_*
	Priority int32  // the smaller, the earlier
	Flags    uint32 // BPF_F_*
}

func (t Netfilter) attachment() attachment {
	opts := hostAttachOpts{family: t.Family, hook: t.Hook, priority: t.Priority, flags: t.Flags}
	return attachment{kind: attachNetfilter, opts: opts}
}

// NetworkNamespace is the network namespace at that path of the host: /proc/self/ns/net.
type NetworkNamespace struct {
	Path string
}

func (t NetworkNamespace) attachment() attachment {
	return attachment{kind: attachNetworkNamespace, target: t.Path}
}

// Iterator is what an iterator goes over: the elements of Map, the cgroups below Cgroup, the threads of PID, or everything
// of its kind.
type Iterator struct {
	Map    *Map
	Cgroup string // a path of the host
	Flags  uint32 // of cgroups: an enum bpf_cgroup_iter_order
	PID    int32  // 0: every process
}

func (t Iterator) attachment() attachment {
	opts := hostAttachOpts{flags: t.Flags}
	if t.Map != nil {
		opts.mapHandle = t.Map.handle
	}
	return attachment{kind: attachIterator, target: t.Cgroup, opts: opts, ofProcess: t.PID}
}
