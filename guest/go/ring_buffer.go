// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"errors"
	"iter"
	"math"
	"time"
)

// RingBuffer is the reader of a ring buffer, which sees each record as an R. Records are read where they lie: nothing is
// copied or allocated for a record. They are given back to the kernel by the next call; records that a loop did not
// reach come again.
type RingBuffer[R any] struct {
	ring
	seq iter.Seq[R]
}

// ring is what does not depend on the type of the records.
type ring struct {
	window     *window
	span       []byte
	consumed   uint32 // of the span
	mismatched uint64
}

// NewRingBuffer reads records of the type T, which begin at a multiple of 8. EINVAL if the map is no ring buffer; EBUSY
// if it has a reader already.
func NewRingBuffer[T any](m *Map) (*RingBuffer[*T], error) {
	if err := checkPlain[T]("read ring buffer", m.name); err != nil {
		return nil, err
	}
	r, err := newRingBuffer[*T](m)
	if err != nil {
		return nil, err
	}
	r.seq = func(yield func(*T) bool) { eachRecord(&r.ring, yield) }
	return r, nil
}

// NewRingBufferBytes reads records as bytes, each with the length that the kernel side gave it.
func NewRingBufferBytes(m *Map) (*RingBuffer[[]byte], error) {
	return NewRingBufferFunc(m, func(record []byte) ([]byte, bool) { return record, true })
}

// NewRingBufferFunc reads records as view sees them, for example where a ring buffer carries several types. view
// returns false for what is no record that it knows.
func NewRingBufferFunc[R any](m *Map, view func(record []byte) (R, bool)) (*RingBuffer[R], error) {
	r, err := newRingBuffer[R](m)
	if err != nil {
		return nil, err
	}
	r.seq = func(yield func(R) bool) {
		for record := r.next(); record != nil; record = r.next() {
			if value, ok := view(record); !ok {
				r.mismatched++
			} else if !yield(value) {
				return
			}
		}
	}
	return r, nil
}

func newRingBuffer[R any](m *Map) (*RingBuffer[R], error) {
	if m.info.Type != typeRingBuffer {
		return nil, kindError(m.name, "it is no ring buffer")
	}
	w, err := show(m, uint64(m.info.MaxEntries)*2, 0)
	if err != nil {
		return nil, err
	}
	return &RingBuffer[R]{ring: ring{window: w}}, nil
}

// Poll waits until there are records, for ever if timeout is negative, and returns those that are there: none after the
// timeout. If there are some already, it does not wait. EINTR: a signal came while it waited; while a signal is not
// taken, a Poll that does not wait has no records. The sequence is never nil.
//
// Records are valid until the next Poll: what is kept longer must be copied.
func (r *RingBuffer[R]) Poll(timeout time.Duration) (iter.Seq[R], error) {
	const op = "read ring buffer"
	answer := hostRingbufAcquire(r.window.m.handle, r.consumed, milliseconds(timeout))
	// Given back, whatever came of the wait.
	r.consumed, r.span = 0, nil
	if answer < 0 {
		err := check(int32(max(answer, math.MinInt32)), op, r.window.m.name)
		if timeout == 0 && errors.Is(err, EINTR) {
			err = nil // without a wait there is nothing to interrupt
		}
		return r.seq, err
	}
	offset, length := uint64(answer)>>32, uint64(uint32(answer))
	if offset+length > uint64(len(r.window.memory)) {
		return r.seq, &Error{op, r.window.m.name, EPROTO}
	}
	r.span = r.window.memory[offset:][:length]
	return r.seq, nil
}

func (r *ring) next() []byte {
	record, position := nextRecord(r.span, r.consumed)
	r.consumed = position
	return record
}

// Mismatched returns how many records were skipped since they were none that the reader knows, for example too short.
func (r *ring) Mismatched() uint64 { return r.mismatched }

// Map returns the map itself.
func (r *ring) Map() *Map { return r.window.m }

// Close ends reading; no record may be used thereafter. Closing the object does the same.
func (r *ring) Close() error {
	r.consumed, r.span = 0, nil
	return r.window.close()
}

// milliseconds are rounded up so that no positive time becomes "not at all"; -1 waits for ever.
func milliseconds(timeout time.Duration) int32 {
	if timeout < 0 {
		return -1
	}
	whole := timeout / time.Millisecond
	if timeout%time.Millisecond != 0 {
		whole++
	}
	return int32(min(whole, math.MaxInt32))
}
