// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// The host interface; its specification is the runtime's header ecc/host.h. The host keeps no pointer beyond a call but
// for windows, so that arguments may live on a goroutine's stack.

//go:wasmimport ecc_bpf_v1 object_open
//go:noescape
func hostObjectOpen(name string, opts unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 object_open_bytes
//go:noescape
func hostObjectOpenBytes(elf unsafe.Pointer, elfLength uint32, opts unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 object_load
func hostObjectLoad(object int32) int32

//go:wasmimport ecc_bpf_v1 object_log
//go:noescape
func hostObjectLog(object int32, text unsafe.Pointer, length uint32) int32

//go:wasmimport ecc_bpf_v1 object_close
func hostObjectClose(object int32) int32

//go:wasmimport ecc_bpf_v1 map_find
//go:noescape
func hostMapFind(object int32, name string) int32

//go:wasmimport ecc_bpf_v1 map_info
//go:noescape
func hostMapInfo(m int32, info unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 map_lookup
//go:noescape
func hostMapLookup(m int32, key unsafe.Pointer, keyLength uint32, value unsafe.Pointer, valueLength uint32, flags uint64) int32

//go:wasmimport ecc_bpf_v1 map_update
//go:noescape
func hostMapUpdate(m int32, key unsafe.Pointer, keyLength uint32, value unsafe.Pointer, valueLength uint32, flags uint64) int32

//go:wasmimport ecc_bpf_v1 map_lookup_and_delete
//go:noescape
func hostMapLookupAndDelete(m int32, key unsafe.Pointer, keyLength uint32, value unsafe.Pointer, valueLength uint32, flags uint64) int32

//go:wasmimport ecc_bpf_v1 map_delete
//go:noescape
func hostMapDelete(m int32, key unsafe.Pointer, keyLength uint32, flags uint64) int32

//go:wasmimport ecc_bpf_v1 map_next_key
//go:noescape
func hostMapNextKey(m int32, key unsafe.Pointer, next unsafe.Pointer, keyLength uint32) int32

//go:wasmimport ecc_bpf_v1 map_get_initial
//go:noescape
func hostMapGetInitial(m int32, value unsafe.Pointer, length uint32) int32

//go:wasmimport ecc_bpf_v1 map_set_initial
//go:noescape
func hostMapSetInitial(m int32, value unsafe.Pointer, length uint32) int32

//go:wasmimport ecc_bpf_v1 map_set_max_entries
func hostMapSetMaxEntries(m int32, maxEntries uint32) int32

//go:wasmimport ecc_bpf_v1 map_mmap
//go:noescape
func hostMapMmap(m int32, window unsafe.Pointer, length uint32, flags uint32, info unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 map_munmap
func hostMapMunmap(m int32) int32

//go:wasmimport ecc_bpf_v1 map_sync
func hostMapSync(m int32) int32

//go:wasmimport ecc_bpf_v1 program_find
//go:noescape
func hostProgramFind(object int32, name string) int32

//go:wasmimport ecc_bpf_v1 program_set_autoload
func hostProgramSetAutoload(program int32, autoload int32) int32

//go:wasmimport ecc_bpf_v1 program_set_attach_target
//go:noescape
func hostProgramSetAttachTarget(program int32, target int32, function string) int32

//go:wasmimport ecc_bpf_v1 program_attach
//go:noescape
func hostProgramAttach(program int32, opts unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 map_attach
func hostMapAttach(m int32) int32

//go:wasmimport ecc_bpf_v1 link_detach
func hostLinkDetach(link int32) int32

//go:wasmimport ecc_bpf_v1 link_update
func hostLinkUpdate(link int32, program int32) int32

//go:wasmimport ecc_bpf_v1 program_test_run
//go:noescape
func hostProgramTestRun(program int32, run unsafe.Pointer, result unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 iterator_open
func hostIteratorOpen(link int32) int32

//go:wasmimport ecc_bpf_v1 iterator_read
//go:noescape
func hostIteratorRead(iterator int32, bytes unsafe.Pointer, length uint32) int32

//go:wasmimport ecc_bpf_v1 iterator_close
func hostIteratorClose(iterator int32) int32

//go:wasmimport ecc_bpf_v1 interface_index
//go:noescape
func hostInterfaceIndex(name string) int32

//go:wasmimport ecc_bpf_v1 symbol_at
//go:noescape
func hostSymbolAt(address uint64, name unsafe.Pointer, length uint32, start unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 symbol_find
//go:noescape
func hostSymbolFind(name string, address unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 process_map_at
//go:noescape
func hostProcessMapAt(pid int32, address uint64, name unsafe.Pointer, length uint32, start unsafe.Pointer, offset unsafe.Pointer) int32

//go:wasmimport ecc_bpf_v1 seal
func hostSeal() int32

//go:wasmimport ecc_bpf_v1 ringbuf_acquire
func hostRingbufAcquire(m int32, consumed uint32, timeoutMs int32) int64

//go:wasmimport ecc_bpf_v1 perfbuf_open
func hostPerfbufOpen(m int32, pages uint32) int32

//go:wasmimport ecc_bpf_v1 perfbuf_acquire
//go:noescape
func hostPerfbufAcquire(m int32, records unsafe.Pointer, length uint32, timeoutMs int32) int32

//go:wasmimport ecc_bpf_v1 perfbuf_close
func hostPerfbufClose(m int32) int32

//go:wasmimport ecc_bpf_v1 user_ringbuf_reserve
func hostUserRingbufReserve(m int32, size uint32, timeoutMs int32) int32

//go:wasmimport ecc_bpf_v1 user_ringbuf_submit
//go:noescape
func hostUserRingbufSubmit(m int32, slot int32, sample unsafe.Pointer, length uint32) int32

//go:wasmimport ecc_bpf_v1 wait
//go:noescape
func hostWait(items unsafe.Pointer, count uint32, timeoutMs int32) int32

//go:wasmimport ecc_bpf_v1 signal_take
func hostSignalTake() int32
