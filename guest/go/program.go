// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// Program is a program of an object.
type Program struct {
	handle int32
	name   string
}

// Program returns the program of that name; ENOENT.
func (o *Object) Program(name string) (*Program, error) {
	handle := hostProgramFind(o.handle, name)
	if err := check(handle, "find program", name); err != nil {
		return nil, err
	}
	return &Program{handle, name}, nil
}

// Name returns its name.
func (p *Program) Name() string { return p.name }

// Handle returns what stands for it in the initial value of a struct_ops map.
func (p *Program) Handle() uint64 { return uint64(p.handle) }

// SetAutoload says, before the object is loaded, whether it is loaded with it.
func (p *Program) SetAutoload(autoload bool) error {
	number := int32(0)
	if autoload {
		number = 1
	}
	return check(hostProgramSetAutoload(p.handle, number), "configure program", p.name)
}

// SetAttachTarget says, before the object is loaded, what a program attaches to whose target the kernel checks when it
// loads it (fentry, LSM, freplace and the like), in place of what its section says: a function of the kernel, if target is
// nil, or of a loaded program. EPERM: a function of the kernel, which the operator must allow (--allow attach).
func (p *Program) SetAttachTarget(target *Program, function string) error {
	handle := int32(0)
	if target != nil {
		handle = target.handle
	}
	return check(hostProgramSetAttachTarget(p.handle, handle, function), "set target of program", p.name)
}

// Attach attaches it where its section says. EOPNOTSUPP: the section does not say, or the program was not loaded.
func (p *Program) Attach() (*Link, error) {
	return p.attach(attachment{kind: attachSection})
}

// AttachTo attaches it elsewhere, or with options. What an operator says with --set PROGRAM.target=... wins.
func (p *Program) AttachTo(target Target) (*Link, error) {
	return p.attach(target.attachment())
}

// What the call of the host under way has the names of: not on a stack, which may move, unlike the addresses in the
// options.
var attaching attachment

func (p *Program) attach(to attachment) (*Link, error) {
	attaching = to
	opts := attaching.hostOptions()
	handle := hostProgramAttach(p.handle, unsafe.Pointer(&opts))
	if err := check(handle, "attach program", p.name); err != nil {
		return nil, err
	}
	return &Link{handle, p.name}, nil
}

// Link says that a program or a struct_ops map is attached. It stays so until the link or its object is closed.
type Link struct {
	handle   int32
	attached string
}

// Close detaches it. Closing again is EBADF.
func (l *Link) Close() error {
	return check(hostLinkDetach(l.handle), "detach", l.attached)
}

// Update puts another program of the same kind in the place of the one that is attached.
func (l *Link) Update(program *Program) error {
	return check(hostLinkUpdate(l.handle, program.handle), "attach program", program.name)
}

// InterfaceIndex returns the index of the network interface of that name; ENODEV.
func InterfaceIndex(name string) (uint32, error) {
	index := hostInterfaceIndex(name)
	if err := check(index, "find network interface", name); err != nil {
		return 0, err
	}
	return uint32(index), nil
}
