// SPDX-License-Identifier: Apache-2.0

package guest

import "io"

// Iteration is one walk of an iterator over what it was attached to: an io.ReadCloser of what the program writes, with
// bpf_seq_printf and the like.
type Iteration struct {
	handle  int32
	program string
}

// Iterate starts a walk, if the program is an iterator.
func (l *Link) Iterate() (*Iteration, error) {
	handle := hostIteratorOpen(l.handle)
	if err := check(handle, "start iterator", l.attached); err != nil {
		return nil, err
	}
	return &Iteration{handle, l.attached}, nil
}

func (i *Iteration) Read(bytes []byte) (int, error) {
	if len(bytes) == 0 {
		return 0, nil
	}
	length := hostIteratorRead(i.handle, data(bytes), uint32(len(bytes)))
	if err := check(length, "read iterator", i.program); err != nil {
		return 0, err
	}
	if length == 0 {
		return 0, io.EOF
	}
	return int(length), nil
}

// Close ends the walk. Closing again is EBADF.
func (i *Iteration) Close() error {
	return check(hostIteratorClose(i.handle), "close iterator", i.program)
}
