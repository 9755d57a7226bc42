// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"math"
	"time"
	"unsafe"
)

// UserRingBuffer is a user ring buffer (BPF_MAP_TYPE_USER_RINGBUF), into which this program sends records of the type R,
// and which a program of the kernel part drains.
type UserRingBuffer[R any] struct {
	m *Map
}

// NewUserRingBuffer is EINVAL if the map is no user ring buffer.
func NewUserRingBuffer[R any](m *Map) (*UserRingBuffer[R], error) {
	if m.info.Type != typeUserRingBuffer {
		return nil, kindError(m.name, "it is no user ring buffer")
	}
	if err := checkPlain[R](sendOp, m.name); err != nil {
		return nil, err
	}
	return &UserRingBuffer[R]{m}, nil
}

const sendOp = "send to user ring buffer"

// Map returns the map itself.
func (u *UserRingBuffer[R]) Map() *Map { return u.m }

// Send sends a copy of record, and waits for room, for ever if timeout is negative. ENOSPC: there was none until then;
// E2BIG: there never is; EINTR: a signal came while it waited.
func (u *UserRingBuffer[R]) Send(record R, timeout time.Duration) error {
	return u.send(unsafe.Pointer(&record), sizeOf[R](), timeout)
}

// SendBytes is Send for a record that is longer or shorter than an R.
func (u *UserRingBuffer[R]) SendBytes(record []byte, timeout time.Duration) error {
	return u.send(unsafe.Pointer(unsafe.SliceData(record)), len(record), timeout)
}

func (u *UserRingBuffer[R]) send(record unsafe.Pointer, length int, timeout time.Duration) error {
	size := uint32(min(int64(length), math.MaxUint32))
	slot := hostUserRingbufReserve(u.m.handle, size, milliseconds(timeout))
	if err := check(slot, sendOp, u.m.name); err != nil {
		return err
	}
	return check(hostUserRingbufSubmit(u.m.handle, slot, record, size), sendOp, u.m.name)
}
