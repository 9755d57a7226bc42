// SPDX-License-Identifier: Apache-2.0

// What the library of Go guests does with rings.bpf.c, maps.bpf.c, perf.bpf.c or elements.bpf.c, line by line; ../rust prints the same.
// Usage with rings.bpf.c and perf.bpf.c: MAGIC; with elements.bpf.c: PID ADDRESS
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"ecc/guest"
)

type rodata struct{ Magic uint64 }
type data struct{ Step uint64 }
type bss struct{ Calls, Sum uint64 }

type odd struct { // packed: its text is not aligned with anything
	Number [4]byte
	Text   [13]byte
}

// must ends the program with what went wrong.
func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(err error) int {
	var errno guest.Errno
	errors.As(err, &errno)
	return int(errno)
}

func numberOf[T any](_ T, err error) int { return number(err) }

func magic() uint64 {
	return must(strconv.ParseUint(os.Args[1], 10, 64))
}

func setRings(object *guest.Object) {
	dataMap := must(object.Map(".data"))
	constants := must(guest.NewInitial[rodata](must(object.Map(".rodata"))))
	step := must(guest.NewInitial[data](dataMap))
	calls := must(guest.NewInitial[bss](must(object.Map(".bss"))))
	fmt.Println("initially", step.Value.Step, calls.Value.Calls)
	fmt.Println("initial value of another size", numberOf(guest.NewInitial[bss](dataMap)))
	constants.Value.Magic = magic()
	check(constants.Store())
	step.Value.Step = 5
	check(step.Store())
}

// printRecords takes only the first record out of each poll: the others come again.
func printRecords(all *guest.RingBuffer[[]byte], even *guest.RingBuffer[*uint64]) {
	for found := true; found; {
		found = false
		for record := range must(all.Poll(0)) {
			found = true
			if o := guest.View[odd](record); o != nil {
				fmt.Println("all", *guest.View[uint32](o.Number[:]), guest.Text(o.Text[:]), len(record))
			}
			break
		}
	}
	for record := range must(even.Poll(0)) {
		fmt.Println("even", *record)
	}
}

func watch(object *guest.Object) {
	step := must(guest.NewGlobals[data](must(object.Map(".data"))))
	counts := must(guest.NewGlobals[bss](must(object.Map(".bss"))))
	all := must(guest.NewRingBufferBytes(must(object.Map("ring_all"))))
	even := must(guest.NewRingBuffer[uint64](must(object.Map("ring_even"))))
	fmt.Println("second reader", numberOf(guest.NewRingBufferBytes(all.Map())))
	fmt.Println("variable beyond the end", numberOf(guest.NewGlobals[[3]uint64](must(object.Map(".bss")))))
	fmt.Println("ready")
	for {
		_, err := guest.Wait(time.Second, all.Source(), even.Source())
		if errors.Is(err, guest.EINTR) {
			break
		}
		check(err)
		printRecords(all, even)
		// From now on the program in the kernel adds this.
		if atomic.LoadUint64(&counts.Ptr().Calls) == 2 && step.Ptr().Step == 5 {
			step.Ptr().Step = 7
			check(step.Sync())
			fmt.Println("step 7")
		}
	}
	fmt.Println("signal", guest.TakeSignal())
	printRecords(all, even)
	totals := must(counts.Get())
	fmt.Println("calls", totals.Calls, "sum", totals.Sum)
	check(counts.Close())
	check(all.Close())
}

func rings(object *guest.Object) {
	setRings(object)
	check(object.Load())
	fmt.Println("not loaded", numberOf(must(object.Program("optional")).Attach()))
	link := must(must(object.Program("on_getpgid")).Attach())
	watch(object)
	check(link.Close())
}

func changeTable(table *guest.TypedMap[uint32, uint64]) {
	_, ok, err := table.Lookup(9)
	check(err)
	fmt.Println("lookup of nothing", ok)
	check(table.Update(1, 0x123456789abcdef0, guest.UpdateAny))
	fmt.Println("insert again", number(table.Update(1, 1, guest.UpdateCreate)))
	fmt.Println("replace nothing", number(table.Update(2, 1, guest.UpdateReplace)))
	value, _, err := table.Lookup(1)
	check(err)
	fmt.Printf("value %x\n", value)
	for key := range uint32(4) {
		check(table.Update(key+2, uint64(key+2), guest.UpdateAny))
	}
	fmt.Println("insert into a full map", number(table.Update(6, 6, guest.UpdateAny)))
	count, sum, sumOfValues := 0, uint32(0), uint64(0)
	for key, err := range table.Keys() {
		check(err)
		count++
		sum += key
	}
	for entry, err := range table.Entries() {
		check(err)
		if entry.Value != 0x123456789abcdef0 {
			sumOfValues += entry.Value
		}
	}
	fmt.Printf("%d keys, sum %d\nsum of values %d\n", count, sum, sumOfValues)
	fmt.Println("remove", must(table.Delete(1)), must(table.Delete(1)))
}

func changePerCPU(values *guest.PerCPUMap[uint32, uint32]) {
	fmt.Println("cpus", values.CPUs())
	numbers := make([]uint32, values.CPUs())
	for cpu := range numbers {
		numbers[cpu] = uint32(cpu + 1)
	}
	check(values.Update(1, numbers, guest.UpdateAny))
	fmt.Println("too few values", number(values.Update(1, numbers[1:], guest.UpdateAny)))
	fmt.Println("same values", slices.Equal(must(values.Lookup(1)), numbers))
	sum := uint32(0)
	for _, value := range must(values.Lookup(0)) {
		sum += value
	}
	fmt.Println("others", sum)
	fmt.Println("none", must(values.Lookup(2)) == nil)
}

func wrongTypes(table, perCPU *guest.Map) {
	fmt.Println("other keys", numberOf(guest.NewTypedMap[uint64, uint64](table)))
	fmt.Println("other values", numberOf(guest.NewTypedMap[uint32, uint32](table)))
	fmt.Println("one value", numberOf(guest.NewTypedMap[uint32, uint32](perCPU)))
	fmt.Println("a value for each CPU", numberOf(guest.NewPerCPUMap[uint32, uint64](table)))
	fmt.Println("no ring buffer", numberOf(guest.NewRingBuffer[uint64](table)))
	fmt.Println("no globals", numberOf(guest.NewGlobals[uint64](table)))
}

func attach(touch *guest.Program) {
	link := must(touch.AttachTo(guest.Tracepoint{Category: "syscalls", Name: "sys_enter_getpgid", Cookie: 9}))
	fmt.Println("attached to a tracepoint, detached", number(link.Close()))
	fmt.Println("no tracepoint", numberOf(touch.AttachTo(guest.Tracepoint{Category: "syscalls", Name: "none"})))
}

func maps(object *guest.Object) {
	table := must(object.Map("table"))
	check(table.SetMaxEntries(5))
	fmt.Println("entries", table.Info().MaxEntries)
	fmt.Println("no map", numberOf(object.Map("none")), "no program", numberOf(object.Program("none")))
	touch := must(object.Program("touch"))
	check(touch.SetAutoload(false))
	check(touch.SetAutoload(true))
	check(object.Load())
	fmt.Println("late", number(table.SetMaxEntries(6)))
	attach(touch)
	perCPU := must(object.Map("per_cpu"))
	wrongTypes(table, perCPU)
	changeTable(must(guest.NewTypedMap[uint32, uint64](table)))
	changePerCPU(must(guest.NewPerCPUMap[uint32, uint32](perCPU)))
}

type message struct {
	Number uint64
	Text   [56]byte
}

type perfRodata struct {
	Magic        uint64
	FirstMessage message // which the compiler put there
}

func perf(object *guest.Object) {
	constants := must(guest.NewInitial[perfRodata](must(object.Map(".rodata"))))
	constants.Value.Magic = magic()
	check(constants.Store())
	check(object.Load())
	must(must(object.Program("on_getpgid")).Attach())
	m := must(object.Map("samples"))
	fmt.Println("three pages", numberOf(guest.NewPerfBuffer[message](m, 3)))
	samples := must(guest.NewPerfBuffer[message](m, 1))
	fmt.Println("twice", numberOf(guest.NewPerfBuffer[message](m, 1)))
	fmt.Println("ready")
	for {
		if _, err := guest.Wait(time.Second, samples.Source()); err != nil {
			break
		}
		// One at a time: the others come again.
		for found := true; found; {
			found = false
			for sample := range must(samples.Poll(0)) {
				found = true
				text := guest.Text(sample.Record.Text[:])
				fmt.Printf("cpu %d lost %d: %d %s\n", sample.CPU, sample.LostBefore, sample.Record.Number, text)
				break
			}
		}
	}
	fmt.Println("signal", guest.TakeSignal())
}

func iterate(object *guest.Object, table *guest.Map) {
	link := must(must(object.Program("list_elements")).AttachTo(guest.Iterator{Map: table}))
	first := must(link.Iterate())
	fmt.Printf("elements: %s", must(io.ReadAll(first)))
	check(first.Close())
	check(link.Update(must(object.Program("say_the_end"))))
	fmt.Printf("then: %s", must(io.ReadAll(must(link.Iterate()))))
	fmt.Println("program of another kind", number(link.Update(must(object.Program("measure")))))
}

func runOnData(measure *guest.Program) {
	packet := bytes.Repeat([]byte{7}, 64)
	// The kernel writes an Ethernet header of its own.
	outcome := must(measure.TestRun(guest.TestRun{Data: packet, DataOut: 128}))
	fmt.Printf("returned %d, same data %v\n", outcome.ReturnValue, bytes.Equal(outcome.Data[14:], packet[14:]))
	fmt.Println("too little room", numberOf(measure.TestRun(guest.TestRun{Data: packet, DataOut: 8})))
	fmt.Println("no data", numberOf(measure.TestRun(guest.TestRun{})))
}

func lookSymbolsUp() error {
	start, err := guest.FindSymbol("schedule")
	if err != nil {
		return err
	}
	if inside := must(guest.SymbolAt(start + 1)); inside.Start == start {
		fmt.Printf("symbol %q\n", inside.Name)
	}
	_, nowhere := guest.SymbolAt(0)
	_, unknown := guest.FindSymbol("no such function")
	fmt.Println("no symbol", errors.Is(nowhere, guest.ENOENT), errors.Is(unknown, guest.ENOENT))
	lookProcessMapsUp()
	return nil
}

// The process and an address in it are the arguments.
func lookProcessMapsUp() {
	pid := must(strconv.ParseUint(os.Args[1], 10, 32))
	address := must(strconv.ParseUint(os.Args[2], 10, 64))
	there := must(guest.ProcessMapAt(uint32(pid), address))
	fmt.Printf("mapped %q %v\n", there.Name, there.Start+there.Offset == address)
	_, nowhere := guest.ProcessMapAt(uint32(pid), 0)
	_, nobody := guest.ProcessMapAt(0, address)
	fmt.Println("not mapped", errors.Is(nowhere, guest.ENOENT), errors.Is(nobody, guest.ESRCH))
}

func elements(object *guest.Object) {
	check(object.Load())
	table := must(object.Map("table"))
	queue := must(guest.NewTypedMap[struct{}, uint64](must(object.Map("queue"))))
	check(queue.Update(struct{}{}, 7, guest.UpdateAny))
	check(queue.Update(struct{}{}, 8, guest.UpdateAny))
	first, _, err := queue.LookupAndDelete(struct{}{})
	check(err)
	second, _, err := queue.LookupAndDelete(struct{}{})
	check(err)
	_, ok, err := queue.LookupAndDelete(struct{}{})
	check(err)
	fmt.Println("queue", first, second, !ok)
	check(must(guest.NewTypedMap[uint32, uint64](table)).Update(5, 50, guest.UpdateAny))
	iterate(object, table)
	runOnData(must(object.Program("measure")))
	fmt.Println("symbols", number(lookSymbolsUp()))
	check(guest.Seal())
	fmt.Println("sealed", numberOf(guest.Open("elements_bpf")))
}

// Whichever object this package has.
func main() {
	parts := map[string]func(*guest.Object){"rings_bpf": rings, "maps_bpf": maps, "perf_bpf": perf, "elements_bpf": elements}
	for name, part := range parts {
		object, err := guest.Open(name)
		if errors.Is(err, guest.ENOENT) {
			continue
		}
		check(err)
		part(object)
		check(object.Close())
		return
	}
}
