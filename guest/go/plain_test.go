// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"unsafe"
)

func aligned(content ...byte) []byte {
	return append(wordBytes(make([]uint64, 4))[:0], content...)
}

func TestAViewIsInPlace(t *testing.T) {
	bytes := aligned(1, 0, 0, 0, 2, 0, 0, 0)
	view := View[[2]uint32](bytes)
	if view == nil || *view != [2]uint32{1, 2} {
		t.Fatal(view)
	}
	view[1] = 3
	if bytes[4] != 3 {
		t.Error(bytes)
	}
}

func TestThereIsNoViewOfTooFewOrUnalignedBytes(t *testing.T) {
	bytes := aligned(0, 0, 0, 0, 0, 0, 0, 0)
	if View[uint32](bytes[:3]) != nil || View[uint32](nil) != nil || View[uint32](bytes[1:]) != nil {
		t.Error("a view of what is no uint32")
	}
	if ViewSlice[uint16](bytes[1:]) != nil || ViewSlice[struct{}](bytes) != nil {
		t.Error("a slice of what is none")
	}
}

func TestASliceHasAsManyValuesAsThereAre(t *testing.T) {
	if values := ViewSlice[uint16](aligned(1, 0, 2, 0, 3)); !slices.Equal(values, []uint16{1, 2}) {
		t.Error(values)
	}
}

func TestTextEndsAtTheFirstNul(t *testing.T) {
	if Text([]int8{'l', 's', 0, 'x'}) != "ls" || Text([]byte{'l', 's'}) != "ls" || Text[byte](nil) != "" {
		t.Error(Text([]int8{'l', 's', 0, 'x'}))
	}
}

func TestOnlyNumbersArraysAndStructsOfThemArePlain(t *testing.T) {
	type inner struct{ a, b float64 }
	for _, value := range []any{int8(0), uint64(0), [4]uint16{}, inner{}, [2]inner{}, struct{}{}, true} {
		if !isPlain(reflect.TypeOf(value)) {
			t.Errorf("%T", value)
		}
	}
	for _, value := range []any{"", []byte{}, new(int), map[int]int{}, struct{ s string }{}, [1]func(){}, unsafe.Pointer(nil), uintptr(0), 1i} {
		if isPlain(reflect.TypeOf(value)) {
			t.Errorf("%T", value)
		}
	}
}

func TestAMapOfOtherSizesIsRefused(t *testing.T) {
	m := &Map{name: "counts", info: MapInfo{Type: 1, KeySize: 4, ValueSize: 16, ValueBytes: 16}}
	if _, err := NewTypedMap[uint32, [2]uint64](m); err != nil {
		t.Error(err)
	}
	_, err := NewTypedMap[uint32, uint64](m)
	if !errors.Is(err, EINVAL) || err.Error() != `cannot use map "counts": its values have 16 bytes, not 8: invalid argument (EINVAL)` {
		t.Error(err)
	}
	if _, err := NewTypedMap[uint64, [2]uint64](m); !errors.Is(err, EINVAL) {
		t.Error(err)
	}
	if _, err := NewTypedMap[uint32, string](m); !errors.Is(err, EINVAL) {
		t.Error(err)
	}
	if _, err := NewPerCPUMap[uint32, [2]uint64](m); !errors.Is(err, EINVAL) {
		t.Error(err)
	}
	if _, err := NewRingBuffer[uint64](m); !errors.Is(err, EINVAL) {
		t.Error(err)
	}
}

func TestValuesOfCPUsAreEightBytesApartAtLeast(t *testing.T) {
	strided := make([]uint64, 2)
	spread(strided, []uint32{1, 2})
	if !slices.Equal(strided, []uint64{1, 2}) {
		t.Error(strided)
	}
	values, packed := [][3]uint32{{1, 2, 3}, {4, 5, 6}}, make([][3]uint32, 2)
	strided = make([]uint64, 4)
	spread(strided, values)
	pack(packed, strided)
	if !slices.Equal(strided, []uint64{1 | 2<<32, 3, 4 | 5<<32, 6}) || !slices.Equal(values, packed) {
		t.Error(strided, packed)
	}
}

func TestASectionMayLackThePaddingAtItsEnd(t *testing.T) {
	for bytes, expected := range map[int]bool{16: true, 9: true, 8: false, 17: false, 0: false} {
		if fits[[2]uint64](bytes) != expected {
			t.Error(bytes)
		}
	}
}

func TestWindowsAreAligned(t *testing.T) {
	memory := alignedMemory(65537)
	if len(memory) != 131072 || uintptr(data(memory))%windowAlign != 0 {
		t.Error(len(memory))
	}
	if alignedMemory(1<<31) != nil {
		t.Error("a window that no host could show")
	}
}
