// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause

// Prints what the kernel side of tests/kernel/programs/values.bpf.c filled in.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unsafe"

	"ecc/guest"
	"values/values"
)

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func printBytes(name string, bytes ...byte) {
	fmt.Print(name)
	for _, b := range bytes {
		fmt.Print(" ", b)
	}
	fmt.Println()
}

func printScalars(e *values.Every) {
	fmt.Printf("first %d\nnumber %d\naddress %x\n", e.First, e.Number, e.Address)
	fmt.Printf("pointers %x %x %x\n", uint64(e.Pointer), uint64(e.Task), uint64(e.TextOfUser))
	fmt.Printf("colour %d\nsize %x\ntiny %d\nyes %d\n", int32(e.Colour), uint64(e.Size), uint8(e.Tiny), bit(e.Yes.Get()))
	fmt.Printf("text %s\n", guest.Text(e.Text[:]))
	printBytes("bytes", e.Bytes[:]...)
	fmt.Printf("keywords %d %d %d %d %d %d\n", e.Class, e.New, e.Private, e.Type, e.Func, e.Match)
}

func printParts(e *values.Every) {
	fmt.Printf("bits %x %x %x %d %d\n", e.Low(), e.Middle(), e.High(), e.Negative(), bit(e.Flag()))
	fmt.Printf("wide bits %x %d %d\n", e.WideBits(), e.LongBits(), int32(e.ColourBits()))
	printBytes("odd", append(e.Odd[0].Bytes[:], e.Odd[1].Bytes[:]...)...)
	fmt.Printf("packed %d %x %x\n", e.Packed.Kind, e.Packed.Number(), e.Packed.Wide())
	fmt.Printf("half %x %x %x\n", e.Half.First, e.Half.Second, e.Half.Third)
	fmt.Printf("code %x %x %x\n", *e.Code(), *e.Minor(), *e.Major())
	fmt.Printf("inner %x %d %d\n", *e.Inner.Either(), e.Inner.Parts()[7], e.Inner.Last)
	fmt.Printf("ratio %d\n", int32(e.Ratio*100))
	fmt.Printf("matrix %d %d %d %d\n", e.Matrix[0][0], e.Matrix[0][2], e.Matrix[1][0], e.Matrix[1][2])
	fmt.Print("items")
	for _, item := range e.Items(int(e.Count)) {
		fmt.Printf(" %d:%d", item.Key, item.Value)
	}
	fmt.Println()
}

func printRecords(skel *values.Values) error {
	ring, err := skel.Maps.ReadRecords()
	if err != nil {
		return err
	}
	defer ring.Close()
	records, err := ring.Poll(0)
	if err != nil {
		return err
	}
	for e := range records {
		fmt.Println("length", unsafe.Sizeof(*e)+uintptr(e.Count)*unsafe.Sizeof(values.Item{}))
		printScalars(e)
		printParts(e)
	}
	return nil
}

func printMaps(skel *values.Values) error {
	wide, found, err := skel.Maps.Wides.Lookup(values.Odd{Bytes: [3]uint8{1, 2, 3}})
	if err != nil || !found {
		return fmt.Errorf("element: %v %w", found, err)
	}
	fmt.Printf("wide %d %016x%016x %d %x\n", wide.First, wide.Positive.Hi, wide.Positive.Lo, int64(wide.Negative.Lo), wide.Last)
	counts, err := skel.Maps.Counts.Lookup(0)
	if err != nil {
		return err
	}
	sum := 0
	for _, count := range counts {
		sum += int(count.Bytes[1])
	}
	fmt.Println("counts", sum)
	return printQueues(&skel.Maps)
}

func printQueues(maps *values.ValuesMaps) error {
	peeked, _, err := maps.Queue.Peek()
	if err != nil {
		return err
	}
	var popped [3]values.Item
	left := false
	for i := range popped {
		if popped[i], left, err = maps.Queue.Pop(); err != nil {
			return err
		}
	}
	full := errors.Is(maps.Stack.Push(peeked), guest.E2BIG)
	top, _, err := maps.Stack.Pop()
	fmt.Printf("queue %d %d %d %d, stack %d, full %d\n", peeked.Value, popped[0].Value, popped[1].Value, bit(left), top.Value, bit(full))
	return err
}

func printGlobals(skel *values.Values) error {
	bss, err := skel.Bss.Get()
	if err != nil {
		return err
	}
	sums, err := skel.DataSums.Get()
	if err != nil {
		return err
	}
	last := &bss.LastPacked
	fmt.Println("globals", last.Kind, last.Number(), last.Wide(), sums.Sums[0], sums.Sums[1])
	data, err := skel.Data.Get()
	if err != nil {
		return err
	}
	statics, _, err := skel.Maps.DataTries.Lookup(0)
	if err != nil {
		return err
	}
	fmt.Println("statics", bss.Calls, data.ChangeGlobalsOwn, statics.Tries(), statics.MoreTries())
	kernel := &skel.Kconfig
	fmt.Printf("kernel %x %d %d %d\n", kernel.LinuxKernelVersion, kernel.ConfigHz, bit(kernel.ConfigBpfSyscall.Get()),
		bit(kernel.ConfigNoSuchOption.Get()))
	return nil
}

func run() error {
	skel, err := values.OpenValues()
	if err != nil {
		return err
	}
	defer skel.Close()
	skel.Rodata.Value.Addend = 41
	skel.DataTries.Value.SetTries(170)
	skel.DataTries.Value.SetMoreTries(90)
	skel.InitialDataSums.Value.Sums[1] = -100
	congestion := &skel.StructOpsCongestion.Value
	congestion.UndoCwnd = values.Ptr[struct{}](skel.Programs.UndoCwnd.Handle())
	copy(congestion.Name[:], "ecc_values")
	if err := skel.Load(); err != nil {
		return err
	}
	if err := skel.Attach(); err != nil {
		return err
	}
	names, err := os.ReadFile("/proc/sys/net/ipv4/tcp_available_congestion_control")
	fmt.Println("attached", bit(skel.Links.Congestion != nil), bit(strings.Contains(string(names), "ecc_values")))
	outcome, err := skel.Programs.Fill.TestRun(guest.TestRun{})
	if err != nil || outcome.ReturnValue != 0 {
		return fmt.Errorf("returned %d: %w", outcome.ReturnValue, err)
	}
	if err := printRecords(skel); err != nil {
		return err
	}
	if err := printMaps(skel); err != nil {
		return err
	}
	return printGlobals(skel)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
