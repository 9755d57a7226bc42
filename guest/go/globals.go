// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// fits tells if a section of so many bytes may be a T: it ends where its last variable ends, and a struct of them may
// have padding behind that.
func fits[T any](bytes int) bool {
	const largestAlignment = 8
	return bytes > 0 && bytes <= sizeOf[T]() && sizeOf[T]()-bytes < largestAlignment
}

func checkSection[T any](m *Map) error {
	if err := checkPlain[T]("use map", m.name); err != nil {
		return err
	}
	if !fits[T](m.info.InitialBytes) {
		return sizeError(m.name, "global variables", m.info.InitialBytes, sizeOf[T]())
	}
	return nil
}

// Initial is the initial value of a data section (.rodata, .data, .bss and so on), whose variables are the fields of T, or
// of a struct_ops map, which is a T whose pointers to functions are what Program.Handle returns, or 0.
// Change the fields of Value, then Store it before the object is loaded.
type Initial[T any] struct {
	Value T
	m     *Map
}

// NewInitial reads it. EINVAL if the section has another size.
func NewInitial[T any](m *Map) (*Initial[T], error) {
	if err := checkSection[T](m); err != nil {
		return nil, err
	}
	initial := &Initial[T]{m: m}
	result := hostMapGetInitial(m.handle, data(bytesOf(&initial.Value)), uint32(m.info.InitialBytes))
	return initial, check(result, "read the initial value of map", m.name)
}

// Store makes Value the section's initial value.
func (i *Initial[T]) Store() error {
	result := hostMapSetInitial(i.m.handle, data(bytesOf(&i.Value)), uint32(i.m.info.InitialBytes))
	return check(result, "set the initial value of map", i.m.name)
}

// ReadConstants returns the variables of a section that does not change once the object is loaded: .kconfig, which has
// what the kernel is and how it was configured, and .rodata. EINVAL if the section has another size.
func ReadConstants[T any](m *Map) (value T, err error) {
	if err := checkSection[T](m); err != nil {
		return value, err
	}
	key := uint32(0)
	_, err = m.lookup(unsafe.Pointer(&key), sizeOf[uint32](), data(bytesOf(&value)), m.info.InitialBytes)
	return value, err
}

// Globals are the variables of a writable data section of a loaded object, in the kernel's own memory where the host can
// show that.
type Globals[T any] struct {
	window *window
	value  *T
}

// NewGlobals shows the section. EINVAL if it has another size; .rodata cannot change any more and is not shown. EBUSY if it
// is shown already.
func NewGlobals[T any](m *Map) (*Globals[T], error) {
	if err := checkSection[T](m); err != nil {
		return nil, err
	}
	w, err := show(m, uint64(sizeOf[T]()), mmapWrite)
	if err != nil {
		return nil, err
	}
	value := View[T](w.memory[w.info.dataOffset:])
	if value == nil || len(w.data()) < m.info.InitialBytes {
		return nil, sizeError(m.name, "windows", len(w.data()), m.info.InitialBytes)
	}
	return &Globals[T]{w, value}, nil
}

// Get returns a copy of all variables, which need not be of one moment.
func (g *Globals[T]) Get() (T, error) {
	if err := g.window.sync(); err != nil {
		var none T
		return none, err
	}
	return *g.value, nil
}

// Ptr points to the variables themselves. The kernel side changes them at any time: package sync/atomic reads and
// counts them safely. Where the host can only show a copy, Sync makes both sides agree. Valid until Close.
func (g *Globals[T]) Ptr() *T { return g.value }

// Sync makes both sides agree where the host can only show a copy: what this program changed becomes known to the kernel
// side, and what that changed is seen here.
func (g *Globals[T]) Sync() error { return g.window.sync() }

// Close ends showing the section; Ptr must not be used thereafter.
func (g *Globals[T]) Close() error { return g.window.close() }
