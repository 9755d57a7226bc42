// SPDX-License-Identifier: Apache-2.0

package guest

import "testing"

func TestOptionsOfAProbeAreAllPassedOn(t *testing.T) {
	to := Uprobe{File: "/bin/sh", Function: "main", PID: 7, Offset: 4, Cookie: 9, Return: true}.attachment()
	opts := to.hostOptions()
	if opts.size != 96 || opts.kind != 8 || opts.targetLength != 7 || opts.functionLength != 4 {
		t.Error(opts)
	}
	if opts.pid != 7 || opts.cpu != -1 || opts.offset != 4 || opts.cookie != 9 || opts.flags != attachReturn {
		t.Error(opts)
	}
}

func TestWhatIsNotSaidIsEveryProcessAndEveryCPU(t *testing.T) {
	to := PerfEvent{Period: 1}.attachment()
	if opts := to.hostOptions(); opts.pid != -1 || opts.cpu != -1 || opts.target != 0 || opts.function != 0 {
		t.Error(opts)
	}
	first := int32(0)
	to = PerfEvent{CPU: &first, Frequency: true}.attachment()
	if opts := to.hostOptions(); opts.cpu != 0 || opts.flags != attachFrequency {
		t.Error(opts)
	}
}
