// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"slices"
	"testing"
)

// Two samples: of 4 bytes from CPU 1, and of 12 from CPU 2 with 7 lost before.
var twoSamples = []uint64{4 | 1<<32, 0, 0xaaaaaaaa, 12 | 2<<32, 7, 0xbbbbbbbb, 0xcc}

func readSamples(bytes []byte, size int) (PerfBuffer[[]byte], []Sample[[]byte]) {
	p := PerfBuffer[[]byte]{rest: bytes}
	p.view = func(record []byte) ([]byte, bool) { return record, len(record) >= size }
	return p, slices.Collect(p.all)
}

func TestSamplesHaveTheirCPUAndWhatWasLost(t *testing.T) {
	_, samples := readSamples(wordBytes(twoSamples), 0)
	if len(samples) != 2 {
		t.Fatal(samples)
	}
	first, second := samples[0], samples[1]
	if first.CPU != 1 || first.LostBefore != 0 || *View[uint32](first.Record) != 0xaaaaaaaa || len(first.Record) != 4 {
		t.Error(first)
	}
	if second.CPU != 2 || second.LostBefore != 7 || *View[uint32](second.Record) != 0xbbbbbbbb || len(second.Record) != 12 {
		t.Error(second)
	}
}

func TestSamplesThatAreTooShortAreSkipped(t *testing.T) {
	if _, samples := readSamples(wordBytes(twoSamples), 12); len(samples) != 1 || samples[0].CPU != 2 {
		t.Error(samples)
	}
}

func TestReadingSamplesNeverGoesBeyondTheEnd(t *testing.T) {
	for length := range 56 {
		expected := 0
		if length >= 20 {
			expected++
		}
		if length >= 52 {
			expected++
		}
		if _, samples := readSamples(wordBytes(twoSamples)[:length], 0); len(samples) != expected {
			t.Error(length, samples)
		}
	}
	if _, samples := readSamples(wordBytes([]uint64{1<<64 - 1, 1<<64 - 1, 0}), 0); samples != nil {
		t.Error(samples)
	}
}

func TestSamplesThatALoopDidNotReachComeAgain(t *testing.T) {
	p := PerfBuffer[[]byte]{rest: wordBytes(twoSamples)}
	p.view = func(record []byte) ([]byte, bool) { return record, true }
	for range p.all {
		break
	}
	if _, next := readSamples(p.rest, 0); len(next) != 1 || next[0].CPU != 2 {
		t.Error(next)
	}
}
