// SPDX-License-Identifier: Apache-2.0

package guest

import "unsafe"

// Symbol is a function of the kernel or of a module.
type Symbol struct {
	Name  string
	Start uint64 // where it starts
}

// No name of the kernel is longer (KSYM_NAME_LEN).
const symbolNameLimit = 512

const lookUpSymbol = "look up kernel symbol"

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
