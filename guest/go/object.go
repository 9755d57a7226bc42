// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"runtime"
	"unsafe"
)

// Object is a BPF object with its maps and programs.
type Object struct {
	handle  int32
	name    string
	loaded  bool
	windows map[*window]struct{}
}

// Objects that are not closed, and with them the memory that the host shows their maps in.
var objects = map[*Object]struct{}{}

// OpenOptions are the rarer options of opening.
type OpenOptions struct {
	LogLevel uint32 // the verifier's: 0 only on failure, 1, 2, 4 as in BPF_PROG_LOAD
}

func (o OpenOptions) host() *hostObjectOpts {
	return &hostObjectOpts{uint32(sizeOf[hostObjectOpts]()), o.LogLevel}
}

// Open opens the object of that name in the package: "bootstrap_bpf" of bootstrap.bpf.c.
//
// ENOENT: there is none of that name for this architecture. EPERM: it acts on the system and the operator did not
// allow that; the runtime has told the user how to.
func Open(name string) (*Object, error) {
	return OpenOptions{}.Open(name)
}

// Open is as the function Open.
func (o OpenOptions) Open(name string) (*Object, error) {
	opts := o.host()
	return newObject(hostObjectOpen(name, unsafe.Pointer(opts)), name)
}

// OpenBytes opens an object in this program's memory; EPERM unless the operator allowed bytes.
func (o OpenOptions) OpenBytes(name string, elf []byte) (*Object, error) {
	opts := o.host()
	handle := hostObjectOpenBytes(unsafe.Pointer(unsafe.SliceData(elf)), uint32(len(elf)), unsafe.Pointer(opts))
	runtime.KeepAlive(elf)
	return newObject(handle, name)
}

func newObject(handle int32, name string) (*Object, error) {
	if err := check(handle, "open object", name); err != nil {
		return nil, err
	}
	object := &Object{handle: handle, name: name, windows: map[*window]struct{}{}}
	objects[object] = struct{}{}
	return object, nil
}

// Name returns the name under which it was opened.
func (o *Object) Name() string { return o.name }

// Load creates the maps and loads the programs. If that fails, the runtime tells the user why, unless the program reads
// Log before it closes the object.
func (o *Object) Load() error {
	err := check(hostObjectLoad(o.handle), "load object", o.name)
	o.loaded = err == nil
	return err
}

// Log returns the end of libbpf's messages and the verifier's log, at most 64 KiB.
func (o *Object) Log() string {
	text := make([]byte, 64*1024)
	length := hostObjectLog(o.handle, unsafe.Pointer(unsafe.SliceData(text)), uint32(len(text)))
	return string(text[:max(length, 0)])
}

// Close detaches and releases everything of the object: its programs, links, maps, ring buffers and globals, none of
// which may be used thereafter. Closing again is EBADF.
func (o *Object) Close() error {
	err := check(hostObjectClose(o.handle), "close object", o.name)
	if err == nil {
		delete(objects, o)
	}
	return err
}

// Seal gives up what it takes to open, load and attach anything more: for a program that has all it needs before it
// looks at data of others. Maps stay usable.
func Seal() error {
	return check(hostSeal(), "seal", "")
}
