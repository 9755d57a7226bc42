// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"sync/atomic"
	"unsafe"
)

// The kernel's framing of records in a ring buffer (kernel/bpf/ringbuf.c): a 32-bit header with the record's length and
// two flags, 32 bits for the kernel, the record, and padding to 8 bytes.
const (
	headerSize  = 8
	busyFlag    = 1 << 31
	discardFlag = 1 << 30
	lengthMask  = discardFlag - 1
)

// nextRecord returns the record of span at position, or a later one if that was discarded, and where the one behind
// it begins; nil at the end and at a record that is still being written. Other CPUs may be writing busy ones.
func nextRecord(span []byte, position uint32) ([]byte, uint32) {
	for {
		left := uint32(len(span)) - position
		if left < headerSize {
			return nil, position
		}
		header := atomic.LoadUint32((*uint32)(unsafe.Pointer(&span[position])))
		length := header & lengthMask
		size := (length + headerSize + 7) / 8 * 8
		if header&busyFlag != 0 || size > left {
			return nil, position
		}
		start := position + headerSize
		position += size
		if header&discardFlag == 0 {
			return span[start : start+length : start+length], position
		}
	}
}
