// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"errors"
	"testing"
)

func TestThereAreNoSymbolsOutsideOfTheRuntime(t *testing.T) {
	if symbol, err := SymbolAt(0); !errors.Is(err, ENOSYS) || symbol != (Symbol{}) {
		t.Errorf("SymbolAt: %v, %v", symbol, err)
	}
	if _, err := FindSymbol("schedule"); !errors.Is(err, ENOSYS) {
		t.Errorf("FindSymbol: %v", err)
	}
	if found, err := ProcessMapAt(1, 0); !errors.Is(err, ENOSYS) || found != (ProcessMap{}) {
		t.Errorf("ProcessMapAt: %v, %v", found, err)
	}
}
