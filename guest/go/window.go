// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// window is memory in which the host shows a map. Its object refers to it until either is closed, so that the memory
// is not used for anything else.
type window struct {
	m      *Map
	memory []byte // as shown: aligned
	info   hostMmapInfo
}

const windowAlign = 65536 // of address and length

// alignedMemory returns zeroed memory that can become a window; nil if there cannot be so much.
func alignedMemory(size uint64) []byte {
	size = (max(size, 1) + windowAlign - 1) / windowAlign * windowAlign
	if size > 1<<31-windowAlign {
		return nil
	}
	memory := make([]byte, size+windowAlign)
	skip := -uintptr(data(memory)) % windowAlign
	return memory[skip:][:size:size]
}

// show shows a map in so many bytes, rounded up.
func show(m *Map, size uint64, flags uint32) (*window, error) {
	const op = "show map"
	w := &window{m: m, memory: alignedMemory(size)}
	if w.memory == nil {
		return nil, &Error{op, m.name, ENOMEM}
	}
	w.info.size = uint32(sizeOf[hostMmapInfo]())
	result := hostMapMmap(m.handle, data(w.memory), uint32(len(w.memory)), flags, unsafe.Pointer(&w.info))
	if err := check(result, op, m.name); err != nil {
		return nil, err
	}
	m.object.windows[w] = struct{}{}
	return w, nil
}

// data returns what the window shows.
func (w *window) data() []byte {
	return w.memory[w.info.dataOffset:][:w.info.dataSize]
}

// sync makes both sides agree, if the window is a copy.
func (w *window) sync() error {
	if w.info.mode == mmapZeroCopy {
		return nil
	}
	return check(hostMapSync(w.m.handle), "synchronize map", w.m.name)
}

func (w *window) close() error {
	if err := check(hostMapMunmap(w.m.handle), "hide map", w.m.name); err != nil {
		return err
	}
	delete(w.m.object.windows, w)
	return nil
}
