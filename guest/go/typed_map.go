// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"iter"
	"unsafe"
)

// TypedMap is a map with keys of the type K and values of the type V.
//
// Every call is one of the host and the kernel, and values are copies; what programs on several CPUs count at once
// belongs into a PerCPUMap or into Globals.
type TypedMap[K, V any] struct {
	m *Map
}

// NewTypedMap is EINVAL if the map's keys or values have other sizes, or each CPU has a value of its own.
func NewTypedMap[K, V any](m *Map) (*TypedMap[K, V], error) {
	if err := checkElements[K, V](m); err != nil {
		return nil, err
	}
	if m.info.IsPerCPU() {
		return nil, kindError(m.name, "each CPU has a value of its own, use PerCPUMap")
	}
	return &TypedMap[K, V]{m}, nil
}

func checkElements[K, V any](m *Map) error {
	if err := checkPlain[K]("use map", m.name); err != nil {
		return err
	}
	if err := checkPlain[V]("use map", m.name); err != nil {
		return err
	}
	if m.info.KeySize != sizeOf[K]() {
		return sizeError(m.name, "keys", m.info.KeySize, sizeOf[K]())
	}
	if m.info.ValueSize != sizeOf[V]() {
		return sizeError(m.name, "values", m.info.ValueSize, sizeOf[V]())
	}
	return nil
}

// Map returns the map itself.
func (t *TypedMap[K, V]) Map() *Map { return t.m }

// Lookup returns the element's value; ok is false if there is none.
func (t *TypedMap[K, V]) Lookup(key K) (value V, ok bool, err error) {
	ok, err = t.m.lookup(unsafe.Pointer(&key), sizeOf[K](), unsafe.Pointer(&value), sizeOf[V]())
	return value, ok, err
}

// LookupAndDelete returns the element's value and deletes it; of a queue or stack, whose keys are struct{}, the next one.
func (t *TypedMap[K, V]) LookupAndDelete(key K) (value V, ok bool, err error) {
	start, size := unsafe.Pointer(&value), uint32(sizeOf[V]())
	result := hostMapLookupAndDelete(t.m.handle, unsafe.Pointer(&key), uint32(sizeOf[K]()), start, size, 0)
	ok, err = t.m.found(result, "take an element of map")
	return value, ok, err
}

// Update creates or changes an element.
func (t *TypedMap[K, V]) Update(key K, value V, when Update) error {
	return t.m.update(unsafe.Pointer(&key), sizeOf[K](), unsafe.Pointer(&value), sizeOf[V](), when)
}

// Delete deletes an element; false if there is none.
func (t *TypedMap[K, V]) Delete(key K) (bool, error) {
	return t.m.delete(unsafe.Pointer(&key), sizeOf[K]())
}

// Keys ranges over the keys, each as the kernel gives it: while elements come and go, some may be missed or come twice.
// After an error it ends.
func (t *TypedMap[K, V]) Keys() iter.Seq2[K, error] { return keys[K](t.m) }

// Entry is an element of a map.
type Entry[K, V any] struct {
	Key   K
	Value V
}

// Entries ranges over the elements whose keys Keys gives, but for those that are gone when they are looked up.
func (t *TypedMap[K, V]) Entries() iter.Seq2[Entry[K, V], error] {
	return func(yield func(Entry[K, V], error) bool) {
		for key, err := range t.Keys() {
			entry := Entry[K, V]{Key: key}
			ok := false
			if err == nil {
				entry.Value, ok, err = t.Lookup(key)
			}
			if (ok || err != nil) && !yield(entry, err) || err != nil {
				return
			}
		}
	}
}

// keys gives no more of them than twice what a full map has, so that a map which changes all the while cannot hold the
// program up for ever.
func keys[K any](m *Map) iter.Seq2[K, error] {
	return func(yield func(K, error) bool) {
		var last *K
		for range uint64(m.info.MaxEntries) * 2 {
			next := new(K)
			ok, err := m.nextKey(unsafe.Pointer(last), unsafe.Pointer(next), sizeOf[K]())
			if !ok && err == nil || !yield(*next, err) || err != nil {
				return
			}
			last = next
		}
	}
}
