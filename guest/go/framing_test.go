// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"bytes"
	"slices"
	"testing"
)

type header struct{ flags, length uint32 }

// framed returns records whose bytes are their number.
func framed(headers ...header) []byte {
	var words []uint64
	for number, h := range headers {
		words = append(words, uint64(h.flags|h.length))
		for range (h.length + 7) / 8 {
			words = append(words, uint64(number)*0x0101010101010101)
		}
	}
	return wordBytes(words)
}

func read(span []byte) (records [][]byte, position uint32) {
	for {
		record, next := nextRecord(span, position)
		position = next
		if record == nil {
			return records, position
		}
		records = append(records, record)
	}
}

func TestEveryRecordHasItsOwnLength(t *testing.T) {
	records, position := read(framed(header{0, 8}, header{0, 3}, header{0, 0}))
	if len(records) != 3 || position != 16+16+8 {
		t.Fatal(records, position)
	}
	if !bytes.Equal(records[1], []byte{1, 1, 1}) || len(records[2]) != 0 {
		t.Error(records)
	}
}

func TestDiscardedRecordsAreSkipped(t *testing.T) {
	records, position := read(framed(header{discardFlag, 8}, header{0, 4}, header{discardFlag, 16}))
	if len(records) != 1 || position != 16+16+24 {
		t.Fatal(records, position)
	}
	if !bytes.Equal(records[0], []byte{1, 1, 1, 1}) {
		t.Error(records)
	}
}

func TestReadingStopsAtARecordThatIsBeingWritten(t *testing.T) {
	if records, position := read(framed(header{0, 8}, header{busyFlag, 8}, header{0, 8})); len(records) != 1 || position != 16 {
		t.Error(records, position)
	}
	if records, position := read(framed(header{busyFlag | discardFlag, 8})); records != nil || position != 0 {
		t.Error(records, position)
	}
}

func TestReadingNeverGoesBeyondTheSpan(t *testing.T) {
	span := framed(header{0, 8}, header{0, 64})
	for length, expected := range map[int]int{0: 0, 7: 0, 15: 0, 16: 1, 20: 1, 32: 1, 87: 1, 88: 2} {
		if records, _ := read(span[:length]); len(records) != expected {
			t.Error(length, len(records))
		}
	}
	if records, _ := read(framed(header{lengthMask, 0}, header{})); records != nil {
		t.Error(records)
	}
}

func TestARecordCannotBeAppendedTo(t *testing.T) {
	records, _ := read(framed(header{0, 3}, header{0, 3}))
	if cap(records[0]) != 3 {
		t.Error(cap(records[0]))
	}
}

// typed reads a span as records of 8 bytes.
func typed(span []byte) *RingBuffer[*uint64] {
	r := &RingBuffer[*uint64]{ring: ring{span: span}}
	r.seq = func(yield func(*uint64) bool) { eachRecord(&r.ring, yield) }
	return r
}

func TestRecordsOfATypeAreThoseThatBytesHave(t *testing.T) {
	for _, span := range [][]byte{
		framed(header{0, 8}, header{discardFlag, 8}, header{0, 16}),
		framed(header{0, 8}, header{busyFlag, 8}, header{0, 8}),
		framed(header{0, 8}, header{0, 64})[:32],
		framed(header{0, 8})[:20-8],
		framed(header{lengthMask, 0}, header{}),
		nil,
	} {
		expected, position := read(span)
		r := typed(span)
		for value := range r.seq {
			if len(expected) == 0 || View[uint64](expected[0]) != value {
				t.Fatal(span)
			}
			expected = expected[1:]
		}
		if len(expected) != 0 || r.consumed != position {
			t.Error(span, expected, r.consumed)
		}
	}
}

func TestARecordIsReadWithoutAllocation(t *testing.T) {
	allocations := func(span []byte) float64 {
		r := typed(span)
		return testing.AllocsPerRun(10, func() {
			sum := uint64(0)
			r.consumed = 0
			for record := range r.seq {
				sum += *record
			}
		})
	}
	none, many := allocations(nil), allocations(framed(slices.Repeat([]header{{0, 8}}, 1000)...))
	if none != many {
		t.Error(none, many)
	}
}

func TestRecordsThatAreTooShortAreCounted(t *testing.T) {
	r := typed(framed(header{0, 8}, header{0, 4}, header{0, 8}))
	count := 0
	for range r.seq {
		count++
	}
	if count != 2 || r.Mismatched() != 1 {
		t.Error(count, r.Mismatched())
	}
}

func TestARecordThatALoopDidNotReachComesAgain(t *testing.T) {
	r := typed(framed(header{0, 8}, header{0, 8}))
	for range r.seq {
		break
	}
	if r.consumed != 16 {
		t.Error(r.consumed)
	}
}
