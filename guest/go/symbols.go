// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"strconv"
	"unsafe"
)

// Symbol is a function of the kernel or of a module.
type Symbol struct {
	Name  string
	Start uint64 // where it starts
}

// ProcessMap is what a process has mapped somewhere.
type ProcessMap struct {
	Name  string // the path of the file, "[vdso]" and the like, or empty: anonymous memory
	Start uint64 // where the mapping starts
	// Offset is where the address lies in the file. The program headers (PT_LOAD) of an ELF file lead from it to the
	// address that its symbols have.
	Offset uint64
}

const (
	symbolNameLimit = 512  // no name of the kernel is longer (KSYM_NAME_LEN)
	pathLimit       = 4352 // no path of the kernel is longer (PATH_MAX), with what it adds, such as " (deleted)"
)

const (
	lookUpSymbol     = "look up kernel symbol"
	lookUpProcessMap = "look up what is mapped in process"
)

// SymbolAt returns the function that address lies in, as stack traces need it. ENOENT: it lies in none. EPERM: looking
// symbols up is not allowed (--allow symbols), or the kernel hides them; the runtime has told the user how to change
// that.
func SymbolAt(address uint64) (Symbol, error) {
	name := make([]byte, symbolNameLimit)
	var symbol Symbol
	length := hostSymbolAt(address, data(name), uint32(len(name)), unsafe.Pointer(&symbol.Start))
	if err := check(length, lookUpSymbol, ""); err != nil {
		return Symbol{}, err
	}
	symbol.Name = string(name[:min(int(length), len(name))])
	return symbol, nil
}

// FindSymbol returns where the function of that name starts, the first if there are several; errors as for SymbolAt.
func FindSymbol(name string) (uint64, error) {
	var start uint64
	if err := check(hostSymbolFind(name, unsafe.Pointer(&start)), lookUpSymbol, name); err != nil {
		return 0, err
	}
	return start, nil
}

// ProcessMapAt returns what the process pid, or the one that this thread belongs to, has mapped at address now. ESRCH: no
// such process, one that has ended, or a thread of the kernel. ENOENT: nothing is mapped there. EPERM: not allowed
// (--allow symbols), or the kernel hides the process. Keep what it answers: the process may end, and each call reads what
// the kernel knows.
func ProcessMapAt(pid uint32, address uint64) (ProcessMap, error) {
	name := make([]byte, pathLimit)
	var found ProcessMap
	length := hostProcessMapAt(int32(pid), address, data(name), uint32(len(name)), unsafe.Pointer(&found.Start),
		unsafe.Pointer(&found.Offset))
	if err := check(length, lookUpProcessMap, strconv.FormatUint(uint64(pid), 10)); err != nil {
		return ProcessMap{}, err
	}
	found.Name = string(name[:min(int(length), len(name))])
	return found, nil
}
