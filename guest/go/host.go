// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// The structures and numbers of the host interface. Structures start with their size; addresses have 32 bits.

type hostObjectOpts struct {
	size     uint32
	logLevel uint32
}

type hostMapInfoResult struct {
	size         uint32
	mapType      uint32
	keySize      uint32
	valueSize    uint32
	maxEntries   uint32
	flags        uint32
	valueBytes   uint32
	initialBytes uint32
}

const (
	mmapWrite    = 1
	mmapZeroCopy = 1
)

type hostMmapInfo struct {
	size          uint32
	mode          uint32
	dataOffset    uint32
	dataSize      uint32
	elementStride uint32
}

type attachKind uint32

const (
	attachSection attachKind = iota
	attachInterface
	attachCgroup
	attachTC
	attachTracepoint
	attachRawTracepoint
	attachKprobe
	attachKprobeMulti
	attachUprobe
	attachUprobeMulti
	attachUSDT
	attachPerfEvent
	attachNetfilter
	attachNetworkNamespace
	attachIterator
)

const (
	attachReturn    = 1
	attachFrequency = 1
	tcIngress       = 1
	tcEgress        = 2
)

type hostAttachOpts struct {
	size           uint32
	kind           uint32
	target         uint32
	targetLength   uint32
	ifindex        uint32
	flags          uint32
	cookie         uint64
	offset         uint64
	function       uint32
	functionLength uint32
	pid            int32
	cpu            int32
	priority       int32
	hook           uint32
	family         uint32
	perfType       uint32
	perfConfig     uint64
	perfPeriod     uint64
	mapHandle      int32
}

type hostTestRun struct {
	size             uint32
	data             uint32
	dataLength       uint32
	dataOut          uint32
	dataOutLength    uint32
	context          uint32
	contextLength    uint32
	contextOut       uint32
	contextOutLength uint32
	repeat           uint32
	flags            uint32
	cpu              uint32
	batchSize        uint32
}

type hostTestRunResult struct {
	size             uint32
	returnValue      uint32
	duration         uint32
	dataOutLength    uint32
	contextOutLength uint32
}

const (
	waitRingBuffer = 1
	waitStdin      = 2
	waitPerfBuffer = 3
)

const perfBufferMin = 65552 // room for any one sample

type hostPerfRecord struct {
	length     uint32
	cpu        uint32
	lostBefore uint64
}

type hostWaitItem struct {
	kind   uint32
	handle int32
	ready  uint32
}

func sizeOf[T any]() int {
	var value T
	return int(unsafe.Sizeof(value))
}

func address(p unsafe.Pointer) uint32 {
	return uint32(uintptr(p))
}
