// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"errors"
	"iter"
	"time"
	"unsafe"
)

// Sample is a sample of a PerfBuffer.
type Sample[R any] struct {
	CPU        uint32 // that it comes from
	LostBefore uint64 // samples of that CPU that found no room since the one before
	Record     R      // what the kernel side wrote, and up to 7 bytes more
}

// PerfBuffer is the reader of a perf event array: a buffer for each CPU, for kernels and programs without ring buffers. It
// sees the data of each sample as an R. The host copies samples, many at once; here nothing is copied or allocated for
// a sample.
type PerfBuffer[R any] struct {
	m          *Map
	view       func([]byte) (R, bool)
	samples    []uint64
	rest       []byte // of samples, not read yet
	mismatched uint64
	seq        iter.Seq[Sample[R]]
}

// NewPerfBuffer opens a buffer of so many pages, a power of two of at most 4096, for each CPU, and reads records of the
// type T. EINVAL if the map is no perf event array; EBUSY if it has a reader already.
func NewPerfBuffer[T any](m *Map, pages int) (*PerfBuffer[*T], error) {
	if err := checkPlain[T]("open perf buffer", m.name); err != nil {
		return nil, err
	}
	return NewPerfBufferFunc(m, pages, func(record []byte) (*T, bool) {
		value := View[T](record)
		return value, value != nil
	})
}

// NewPerfBufferBytes is as NewPerfBuffer, but reads records as bytes.
func NewPerfBufferBytes(m *Map, pages int) (*PerfBuffer[[]byte], error) {
	return NewPerfBufferFunc(m, pages, func(record []byte) ([]byte, bool) { return record, true })
}

// NewPerfBufferFunc is as NewPerfBuffer, but reads records as view sees them, which returns false for what is no record
// that it knows.
func NewPerfBufferFunc[R any](m *Map, pages int, view func(record []byte) (R, bool)) (*PerfBuffer[R], error) {
	if m.info.Type != typePerfEventArray {
		return nil, kindError(m.name, "it is no perf event array")
	}
	if err := check(hostPerfbufOpen(m.handle, uint32(pages)), "open perf buffer", m.name); err != nil {
		return nil, err
	}
	p := &PerfBuffer[R]{m: m, view: view, samples: make([]uint64, (perfBufferMin+7)/8)}
	p.seq = p.all
	return p, nil
}

// Poll waits until there are samples, for ever if timeout is negative, and returns those that are there, of one CPU
// after the other: none after the timeout. If there are some already, it does not wait; those that a loop did not reach
// come again. EINTR: a signal came while it waited; while a signal is not taken, a Poll that does not wait has no
// samples. The sequence is never nil.
//
// Records are valid until the next Poll: what is kept longer must be copied.
func (p *PerfBuffer[R]) Poll(timeout time.Duration) (iter.Seq[Sample[R]], error) {
	if len(p.rest) > 0 {
		return p.seq, nil
	}
	all := wordBytes(p.samples)
	length := hostPerfbufAcquire(p.m.handle, data(all), uint32(len(all)), milliseconds(timeout))
	err := check(length, "read perf buffer", p.m.name)
	if timeout == 0 && errors.Is(err, EINTR) {
		err = nil // without a wait there is nothing to interrupt
	}
	p.rest = all[:min(max(length, 0), int32(len(all)))]
	return p.seq, err
}

func (p *PerfBuffer[R]) all(yield func(Sample[R]) bool) {
	for {
		header, record, rest := nextSample(p.rest)
		p.rest = rest
		if header == nil {
			return
		}
		value, ok := p.view(record)
		if !ok {
			p.mismatched++
		} else if !yield(Sample[R]{header.cpu, header.lostBefore, value}) {
			return
		}
	}
}

// nextSample returns the sample at the start of bytes and what follows it; nil at the end.
func nextSample(bytes []byte) (header *hostPerfRecord, record, rest []byte) {
	header = View[hostPerfRecord](bytes)
	if header == nil {
		return nil, nil, nil
	}
	const start = unsafe.Sizeof(*header)
	end := uint64(start) + uint64(header.length)
	if end > uint64(len(bytes)) {
		return nil, nil, nil
	}
	return header, bytes[start:end:end], bytes[min((end+7)/8*8, uint64(len(bytes))):]
}

// Mismatched returns how many samples were skipped since they were none that the reader knows, for example too short.
func (p *PerfBuffer[R]) Mismatched() uint64 { return p.mismatched }

// Map returns the map itself.
func (p *PerfBuffer[R]) Map() *Map { return p.m }

// Close ends reading.
func (p *PerfBuffer[R]) Close() error {
	p.rest = nil
	return check(hostPerfbufClose(p.m.handle), "close perf buffer", p.m.name)
}
