// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// The kernel's framing of records in a ring buffer (kernel/bpf/ringbuf.c): a 32-bit header with the record's length and
// two flags, 32 bits for the kernel, the record, and padding to 8 bytes.
const (
	headerSize  = 8
	busyFlag    = 1 << 31
	discardFlag = 1 << 30
	lengthMask  = discardFlag - 1
)

// frame takes a header apart: the length of its record, and of all until the next header. It is not ok where reading ends:
// other CPUs are still writing the record, or what is left of the span is less. Small enough to be inlined, since calls
// are what reading costs.
func frame(header, left uint32) (length, size uint32, ok bool) {
	length = header & lengthMask
	size = (length + headerSize + 7) &^ 7
	return length, size, header&busyFlag == 0 && size <= left
}

// headerAt loads the header at the start of a record. A plain load will do: WebAssembly has one thread, and the host lets
// a guest look at headers that others change only where loads are not reordered.
func headerAt(start unsafe.Pointer) uint32 {
	return *(*uint32)(start)
}

// nextRecord returns the record of span at position, or a later one if that was discarded, and where the one behind
// it begins; nil at the end and at a record that is still being written.
func nextRecord(span []byte, position uint32) ([]byte, uint32) {
	for {
		left := uint32(len(span)) - position
		if left < headerSize {
			return nil, position
		}
		header := headerAt(unsafe.Pointer(&span[position]))
		length, size, ok := frame(header, left)
		if !ok {
			return nil, position
		}
		start := position + headerSize
		position += size
		if header&discardFlag == 0 {
			return span[start : start+length : start+length], position
		}
	}
}

// eachRecord is for records of one type what repeated calls of nextRecord are for bytes.
func eachRecord[T any](r *ring, yield func(*T) bool) {
	expected := uint32(sizeOf[T]())
	for {
		left := uint32(len(r.span)) - r.consumed
		if left < headerSize {
			return
		}
		start := unsafe.Pointer(&r.span[r.consumed])
		header := headerAt(start)
		length, size, ok := frame(header, left)
		if !ok {
			return
		}
		r.consumed += size
		switch {
		case header&discardFlag != 0:
		case length < expected:
			r.mismatched++
		case !yield((*T)(unsafe.Add(start, headerSize))):
			return
		}
	}
}
