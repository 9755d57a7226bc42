// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"time"
	"unsafe"
)

// TestRun is what a program is run on (BPF_PROG_TEST_RUN).
type TestRun struct {
	Data       []byte // a packet, or what the program's type takes
	DataOut    int    // room for the data after the run
	Context    []byte // such as a struct __sk_buff; empty for none
	ContextOut int    // room for the context after the run
	Repeat     uint32 // how often it is run; 0 is once
	Flags      uint32 // BPF_F_TEST_*; live frames are acting on the system
	CPU        uint32 // with BPF_F_TEST_RUN_ON_CPU
	BatchSize  uint32 // with live frames
}

// TestOutcome is what came of it.
type TestOutcome struct {
	ReturnValue uint32
	Duration    time.Duration // of one run, on average
	Data        []byte        // after the run
	Context     []byte        // after the run
}

// What the call of the host under way has the addresses of: not on a stack, which may move.
var running [4][]byte

// TestRun runs it. ENOSPC: there was too little room for the data after the run.
func (p *Program) TestRun(run TestRun) (TestOutcome, error) {
	running = [4][]byte{run.Data, make([]byte, run.DataOut), run.Context, make([]byte, run.ContextOut)}
	defer func() { running = [4][]byte{} }()
	wanted := hostTestRun{
		size: uint32(sizeOf[hostTestRun]()), repeat: run.Repeat, flags: run.Flags, cpu: run.CPU, batchSize: run.BatchSize,
	}
	wanted.data, wanted.dataLength = sliceAddress(running[0])
	wanted.dataOut, wanted.dataOutLength = sliceAddress(running[1])
	wanted.context, wanted.contextLength = sliceAddress(running[2])
	wanted.contextOut, wanted.contextOutLength = sliceAddress(running[3])
	result := hostTestRunResult{size: uint32(sizeOf[hostTestRunResult]())}
	answer := hostProgramTestRun(p.handle, unsafe.Pointer(&wanted), unsafe.Pointer(&result))
	if err := check(answer, "run program", p.name); err != nil {
		return TestOutcome{}, err
	}
	return TestOutcome{
		ReturnValue: result.returnValue,
		Duration:    time.Duration(result.duration),
		Data:        running[1][:min(int(result.dataOutLength), run.DataOut)],
		Context:     running[3][:min(int(result.contextOutLength), run.ContextOut)],
	}, nil
}

func sliceAddress(bytes []byte) (start, length uint32) {
	if len(bytes) == 0 {
		return 0, 0
	}
	return address(data(bytes)), uint32(len(bytes))
}
