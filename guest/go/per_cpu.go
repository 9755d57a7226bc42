// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"iter"
	"unsafe"
)

// PerCPUMap is a map with keys of the type K and, for each possible CPU, a value of the type V.
type PerCPUMap[K, V any] struct {
	m       *Map
	strided []uint64 // the kernel's form of an element's values
}

// stride is the kernel's distance of two CPUs' values, in words of 8 bytes.
func stride[V any]() int {
	return (sizeOf[V]() + 7) / 8
}

// NewPerCPUMap is EINVAL if the map is another sort, or its keys or values have other sizes.
func NewPerCPUMap[K, V any](m *Map) (*PerCPUMap[K, V], error) {
	if err := checkElements[K, V](m); err != nil {
		return nil, err
	}
	if !m.info.IsPerCPU() {
		return nil, kindError(m.name, "it has one value for all CPUs, use TypedMap")
	}
	return &PerCPUMap[K, V]{m, make([]uint64, m.info.ValueBytes/8)}, nil
}

// Map returns the map itself.
func (p *PerCPUMap[K, V]) Map() *Map { return p.m }

// CPUs returns how many CPUs there may be.
func (p *PerCPUMap[K, V]) CPUs() int {
	return len(p.strided) / max(stride[V](), 1)
}

// Lookup returns the element's values, one for each CPU in order; nil if there is no such element.
func (p *PerCPUMap[K, V]) Lookup(key K) ([]V, error) {
	values := make([]V, p.CPUs())
	if ok, err := p.LookupInto(key, values); !ok || err != nil {
		return nil, err
	}
	return values, nil
}

// LookupInto is as Lookup, into a slice that there is already; its length must be CPUs, else EINVAL. False, and nothing
// written, if there is no such element.
func (p *PerCPUMap[K, V]) LookupInto(key K, values []V) (bool, error) {
	if err := p.checkLength(values); err != nil {
		return false, err
	}
	ok, err := p.m.lookup(unsafe.Pointer(&key), sizeOf[K](), p.start(), p.m.info.ValueBytes)
	if !ok {
		return false, err
	}
	pack(values, p.strided)
	return true, nil
}

// Update creates or changes an element: one value for each CPU, else EINVAL.
func (p *PerCPUMap[K, V]) Update(key K, values []V, when Update) error {
	if err := p.checkLength(values); err != nil {
		return err
	}
	spread(p.strided, values)
	return p.m.update(unsafe.Pointer(&key), sizeOf[K](), p.start(), p.m.info.ValueBytes, when)
}

// Delete deletes an element; false if there is none.
func (p *PerCPUMap[K, V]) Delete(key K) (bool, error) {
	return p.m.delete(unsafe.Pointer(&key), sizeOf[K]())
}

// Keys ranges over the keys, as TypedMap.Keys.
func (p *PerCPUMap[K, V]) Keys() iter.Seq2[K, error] { return keys[K](p.m) }

func (p *PerCPUMap[K, V]) start() unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(p.strided))
}

func (p *PerCPUMap[K, V]) checkLength(values []V) error {
	if len(values) != p.CPUs() {
		return kindError(p.m.name, "there must be one value for each possible CPU")
	}
	return nil
}

// pack moves values that are a stride apart together.
func pack[V any](values []V, strided []uint64) {
	for cpu := range values {
		copy(bytesOf(&values[cpu]), wordBytes(strided[cpu*stride[V]():][:stride[V]()]))
	}
}

// spread is the reverse of pack.
func spread[V any](strided []uint64, values []V) {
	for cpu := range values {
		copy(wordBytes(strided[cpu*stride[V]():][:stride[V]()]), bytesOf(&values[cpu]))
	}
}

func bytesOf[V any](value *V) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(value)), sizeOf[V]())
}

func wordBytes(words []uint64) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), len(words)*8)
}
