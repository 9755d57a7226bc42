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

const (
	attachSection   = 0
	attachInterface = 1
	attachCgroup    = 2
)

type hostAttachOpts struct {
	size         uint32
	kind         uint32
	target       uint32
	targetLength uint32
	ifindex      uint32
	flags        uint32
}

const (
	waitRingBuffer = 1
	waitStdin      = 2
)

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
