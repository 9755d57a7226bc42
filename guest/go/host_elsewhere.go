// SPDX-License-Identifier: Apache-2.0

//go:build !wasip1

package guest

import "unsafe"

// There is no host but on wasip1.

const absent = -int32(ENOSYS)

func hostObjectOpen(_ string, _ unsafe.Pointer) int32                        { return absent }
func hostObjectOpenBytes(_ unsafe.Pointer, _ uint32, _ unsafe.Pointer) int32 { return absent }
func hostObjectLoad(_ int32) int32                                           { return absent }
func hostObjectLog(_ int32, _ unsafe.Pointer, _ uint32) int32                { return absent }
func hostObjectClose(_ int32) int32                                          { return absent }
func hostMapFind(_ int32, _ string) int32                                    { return absent }
func hostMapInfo(_ int32, _ unsafe.Pointer) int32                            { return absent }
func hostMapLookup(_ int32, _ unsafe.Pointer, _ uint32, _ unsafe.Pointer, _ uint32, _ uint64) int32 {
	return absent
}
func hostMapUpdate(_ int32, _ unsafe.Pointer, _ uint32, _ unsafe.Pointer, _ uint32, _ uint64) int32 {
	return absent
}
func hostMapDelete(_ int32, _ unsafe.Pointer, _ uint32, _ uint64) int32          { return absent }
func hostMapNextKey(_ int32, _ unsafe.Pointer, _ unsafe.Pointer, _ uint32) int32 { return absent }
func hostMapGetInitial(_ int32, _ unsafe.Pointer, _ uint32) int32                { return absent }
func hostMapSetInitial(_ int32, _ unsafe.Pointer, _ uint32) int32                { return absent }
func hostMapSetMaxEntries(_ int32, _ uint32) int32                               { return absent }
func hostMapMmap(_ int32, _ unsafe.Pointer, _ uint32, _ uint32, _ unsafe.Pointer) int32 {
	return absent
}
func hostMapMunmap(_ int32) int32                                               { return absent }
func hostMapSync(_ int32) int32                                                 { return absent }
func hostProgramFind(_ int32, _ string) int32                                   { return absent }
func hostProgramSetAutoload(_ int32, _ int32) int32                             { return absent }
func hostProgramSetAttachTarget(_ int32, _ int32, _ string) int32               { return absent }
func hostProgramAttach(_ int32, _ unsafe.Pointer) int32                         { return absent }
func hostMapAttach(_ int32) int32                                               { return absent }
func hostLinkDetach(_ int32) int32                                              { return absent }
func hostInterfaceIndex(_ string) int32                                         { return absent }
func hostSymbolAt(_ uint64, _ unsafe.Pointer, _ uint32, _ unsafe.Pointer) int32 { return absent }
func hostSymbolFind(_ string, _ unsafe.Pointer) int32                           { return absent }
func hostSeal() int32                                                           { return absent }
func hostRingbufAcquire(_ int32, _ uint32, _ int32) int64                       { return int64(absent) }
func hostWait(_ unsafe.Pointer, _ uint32, _ int32) int32                        { return absent }
func hostSignalTake() int32                                                     { return absent }
func hostPerfbufOpen(_ int32, _ uint32) int32                                   { return absent }
func hostPerfbufAcquire(_ int32, _ unsafe.Pointer, _ uint32, _ int32) int32     { return absent }
func hostPerfbufClose(_ int32) int32                                            { return absent }
func hostUserRingbufReserve(_ int32, _ uint32, _ int32) int32                   { return absent }
func hostUserRingbufSubmit(_ int32, _ int32, _ unsafe.Pointer, _ uint32) int32  { return absent }
func hostProcessMapAt(_ int32, _ uint64, _ unsafe.Pointer, _ uint32, _, _ unsafe.Pointer) int32 {
	return absent
}
func hostMapLookupAndDelete(_ int32, _ unsafe.Pointer, _ uint32, _ unsafe.Pointer, _ uint32, _ uint64) int32 {
	return absent
}
func hostLinkUpdate(_ int32, _ int32) int32                                { return absent }
func hostProgramTestRun(_ int32, _ unsafe.Pointer, _ unsafe.Pointer) int32 { return absent }
func hostIteratorOpen(_ int32) int32                                       { return absent }
func hostIteratorRead(_ int32, _ unsafe.Pointer, _ uint32) int32           { return absent }
func hostIteratorClose(_ int32) int32                                      { return absent }
