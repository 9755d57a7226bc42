// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"fmt"
	"reflect"
	"unsafe"
)

// checkPlain returns an error unless any bytes of the right number are a value of T.
func checkPlain[T any](op, name string) error {
	t := reflect.TypeFor[T]()
	if isPlain(t) {
		return nil
	}
	return &Error{op, name, fmt.Errorf("the type %v is no plain data: %w", t, EINVAL)}
}

func isPlain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Bool,
		reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int,
		reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint,
		reflect.Float32, reflect.Float64:
		return true
	case reflect.Array:
		return isPlain(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !isPlain(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return false
}

func isAligned[T any](p unsafe.Pointer) bool {
	var value T
	return uintptr(p)%unsafe.Alignof(value) == 0
}

// View returns the value at the start of bytes, in place: changing one changes the other. It is nil if they are too few,
// or at an address that is not aligned for T; records of ring buffers are aligned to 8 bytes.
//
// T must be plain, which View does not check; NewRingBuffer and the like do.
func View[T any](bytes []byte) *T {
	start := unsafe.Pointer(unsafe.SliceData(bytes))
	if len(bytes) < sizeOf[T]() || start == nil || !isAligned[T](start) {
		return nil
	}
	return (*T)(start)
}

// ViewSlice returns as many values as bytes hold, in place: what follows a record with a flexible array. It is nil if
// the address is not aligned for them.
func ViewSlice[T any](bytes []byte) []T {
	start := unsafe.Pointer(unsafe.SliceData(bytes))
	if sizeOf[T]() == 0 || start == nil || !isAligned[T](start) {
		return nil
	}
	return unsafe.Slice((*T)(start), len(bytes)/sizeOf[T]())
}

// Text returns what a C string holds: the bytes up to the first NUL.
func Text[Byte int8 | uint8](chars []Byte) string {
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(chars))), len(chars))
	for i, b := range bytes {
		if b == 0 {
			return string(bytes[:i])
		}
	}
	return string(bytes)
}
