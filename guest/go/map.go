// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// MapInfo is what a map is.
type MapInfo struct {
	Type         uint32 // enum bpf_map_type
	KeySize      int
	ValueSize    int // for one CPU
	MaxEntries   uint32
	Flags        uint32 // BPF_F_*
	ValueBytes   int    // bytes of a lookup: ValueSize, or that rounded up to 8 for each possible CPU in per-CPU maps
	InitialBytes int    // length of the initial value of a data section or a struct_ops map, else 0
}

const (
	typePerfEventArray      = 4
	typePerCPUHash          = 5
	typePerCPUArray         = 6
	typeLRUPerCPUHash       = 10
	typePerCPUCgroupStorage = 21
	typeRingBuffer          = 27
	typeQueue               = 22
	typeStack               = 23
	typeUserRingBuffer      = 31
)

// IsPerCPU tells if each CPU has a value of its own.
func (i MapInfo) IsPerCPU() bool {
	switch i.Type {
	case typePerCPUHash, typePerCPUArray, typeLRUPerCPUHash, typePerCPUCgroupStorage:
		return true
	}
	return false
}

// Map is a map of an object. Its elements are bytes here: keys have MapInfo.KeySize, values MapInfo.ValueBytes, else
// EINVAL. TypedMap and PerCPUMap know their types.
type Map struct {
	object *Object
	handle int32
	name   string
	info   MapInfo
}

// Map returns the map of that name; ENOENT. Data sections are maps too: ".rodata", ".bss".
func (o *Object) Map(name string) (*Map, error) {
	handle := hostMapFind(o.handle, name)
	if err := check(handle, "find map", name); err != nil {
		return nil, err
	}
	m := &Map{object: o, handle: handle, name: name}
	return m, m.readInfo()
}

func (m *Map) readInfo() error {
	result := hostMapInfoResult{size: uint32(sizeOf[hostMapInfoResult]())}
	if err := check(hostMapInfo(m.handle, unsafe.Pointer(&result)), "describe map", m.name); err != nil {
		return err
	}
	m.info = MapInfo{
		Type:         result.mapType,
		KeySize:      int(result.keySize),
		ValueSize:    int(result.valueSize),
		MaxEntries:   result.maxEntries,
		Flags:        result.flags,
		ValueBytes:   int(result.valueBytes),
		InitialBytes: int(result.initialBytes),
	}
	return nil
}

// Name returns its name.
func (m *Map) Name() string { return m.name }

// Info returns what it is.
func (m *Map) Info() MapInfo { return m.info }

// SetMaxEntries says, before the object is loaded, how many elements there may be. The kernel's rules for ring buffers
// apply, so Info may then say a larger number.
func (m *Map) SetMaxEntries(maxEntries uint32) error {
	if err := check(hostMapSetMaxEntries(m.handle, maxEntries), "resize map", m.name); err != nil {
		return err
	}
	return m.readInfo()
}

// Update says when an update takes effect.
type Update uint64

const (
	UpdateAny     Update = 0 // whether the element exists or not
	UpdateCreate  Update = 1 // only if it does not exist, else EEXIST
	UpdateReplace Update = 2 // only if it exists, else ENOENT
)

// Lookup copies the element's value; false if there is none.
func (m *Map) Lookup(key, value []byte) (bool, error) {
	return m.lookup(data(key), len(key), data(value), len(value))
}

// Update creates or changes an element.
func (m *Map) Update(key, value []byte, when Update) error {
	return m.update(data(key), len(key), data(value), len(value), when)
}

// Delete deletes an element; false if there is none.
func (m *Map) Delete(key []byte) (bool, error) {
	return m.delete(data(key), len(key))
}

// NextKey copies the key that follows key into next, the first one if key is nil. False after the last. If key is not
// there any more, a hash map starts again with its first.
func (m *Map) NextKey(key, next []byte) (bool, error) {
	if key != nil && len(key) != len(next) {
		return false, sizeError(m.name, "keys", len(next), len(key))
	}
	return m.nextKey(data(key), data(next), len(next))
}

// Attach attaches a struct_ops map, which takes effect with that. EINVAL: a map of another type; EOPNOTSUPP: its section
// says not to create it.
func (m *Map) Attach() (*Link, error) {
	handle := hostMapAttach(m.handle)
	if err := check(handle, "attach map", m.name); err != nil {
		return nil, err
	}
	return &Link{handle, m.name}, nil
}

func data(bytes []byte) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(bytes))
}

func (m *Map) lookup(key unsafe.Pointer, keyLength int, value unsafe.Pointer, valueLength int) (bool, error) {
	result := hostMapLookup(m.handle, key, uint32(keyLength), value, uint32(valueLength), 0)
	return m.found(result, "look up an element of map")
}

func (m *Map) update(key unsafe.Pointer, keyLength int, value unsafe.Pointer, valueLength int, when Update) error {
	result := hostMapUpdate(m.handle, key, uint32(keyLength), value, uint32(valueLength), uint64(when))
	return check(result, "update an element of map", m.name)
}

func (m *Map) delete(key unsafe.Pointer, keyLength int) (bool, error) {
	return m.found(hostMapDelete(m.handle, key, uint32(keyLength), 0), "delete an element of map")
}

func (m *Map) nextKey(key, next unsafe.Pointer, length int) (bool, error) {
	return m.found(hostMapNextKey(m.handle, key, next, uint32(length)), "list the keys of map")
}

// found is false instead of ENOENT.
func (m *Map) found(result int32, op string) (bool, error) {
	if Errno(-result) == ENOENT {
		return false, nil
	}
	err := check(result, op, m.name)
	return err == nil, err
}
