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
	window     *window
	view       func([]byte) (R, bool)
	span       []byte
	consumed   uint32
	mismatched uint64
	seq        iter.Seq[R]
}

// NewRingBuffer reads records of the type T, which begin at a multiple of 8. EINVAL if the map is no ring buffer; EBUSY
// if it has a reader already.
func NewRingBuffer[T any](m *Map) (*RingBuffer[*T], error) {
	if err := checkPlain[T]("read ring buffer", m.name); err != nil {
		return nil, err
	}
	return NewRingBufferFunc(m, func(record []byte) (*T, bool) {
		value := View[T](record)
		return value, value != nil
	})
}

// NewRingBufferBytes reads records as bytes, each with the length that the kernel side gave it.
func NewRingBufferBytes(m *Map) (*RingBuffer[[]byte], error) {
	return NewRingBufferFunc(m, func(record []byte) ([]byte, bool) { return record, true })
}

// NewRingBufferFunc reads records as view sees them, for example where a ring buffer carries several types. view
// returns false for what is no record that it knows.
func NewRingBufferFunc[R any](m *Map, view func(record []byte) (R, bool)) (*RingBuffer[R], error) {
	if m.info.Type != typeRingBuffer {
		return nil, kindError(m.name, "it is no ring buffer")
	}
	w, err := show(m, uint64(m.info.MaxEntries)*2, 0)
	if err != nil {
		return nil, err
	}
	r := &RingBuffer[R]{window: w, view: view}
	r.seq = r.records
	return r, nil
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

func (r *RingBuffer[R]) records(yield func(R) bool) {
	for {
		record, next := nextRecord(r.span, r.consumed)
		r.consumed = next
		if record == nil {
			return
		}
		value, ok := r.view(record)
		if !ok {
			r.mismatched++
		} else if !yield(value) {
			return
		}
	}
}

// Mismatched returns how many records were skipped since they were none that the reader knows, for example too short.
func (r *RingBuffer[R]) Mismatched() uint64 { return r.mismatched }

// Map returns the map itself.
func (r *RingBuffer[R]) Map() *Map { return r.window.m }

// Close ends reading; no record may be used thereafter. Closing the object does the same.
func (r *RingBuffer[R]) Close() error {
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
