// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"time"
	"unsafe"
)

// Source is what Wait can wait for.
type Source struct {
	item hostWaitItem
}

// Source returns the source that has something when there are records.
func (r *ring) Source() Source {
	return Source{hostWaitItem{kind: waitRingBuffer, handle: r.window.m.handle}}
}

// Source returns the source that has something when there are samples.
func (p *PerfBuffer[R]) Source() Source {
	return Source{hostWaitItem{kind: waitPerfBuffer, handle: p.m.handle}}
}

// Stdin returns the source that has something when standard input has bytes, or ended.
func Stdin() Source {
	return Source{hostWaitItem{kind: waitStdin}}
}

// Wait waits until one of the sources has something, for ever if timeout is negative, and tells which have, in their
// order: none after the timeout. EINTR: a signal came.
func Wait(timeout time.Duration, sources ...Source) ([]bool, error) {
	items := make([]hostWaitItem, len(sources))
	for i, source := range sources {
		items[i] = source.item
	}
	result := hostWait(unsafe.Pointer(unsafe.SliceData(items)), uint32(len(items)), milliseconds(timeout))
	if err := check(result, "wait", ""); err != nil {
		return nil, err
	}
	ready := make([]bool, len(items))
	for i, item := range items {
		ready[i] = item.ready != 0
	}
	return ready, nil
}

// Signal is a signal by Linux' number. Package os/signal knows none on wasip1.
type Signal int32

// The signals that end a wait.
const (
	SIGHUP  Signal = 1
	SIGINT  Signal = 2
	SIGTERM Signal = 15
)

// TakeSignal returns the signal that came and was not taken yet, or 0.
//
// SIGINT, SIGTERM and SIGHUP end whatever the program waits in, with EINTR. A program that calls TakeSignal decides what
// happens then, within a second; any other is ended.
func TakeSignal() Signal {
	return Signal(max(hostSignalTake(), 0))
}
