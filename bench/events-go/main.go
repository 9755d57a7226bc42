// SPDX-License-Identifier: Apache-2.0

// events.c with walk, as a guest in Go.
package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"time"

	"ecc/guest"
)

type settings struct {
	Magic uint64
	Count uint32
	Large uint32
}

// record is the start of records of both sizes.
type record struct {
	Number uint64
	Filler [7]uint64
}

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

func consume(ring *guest.RingBuffer[*record]) (count uint32, sum uint64) {
	for {
		before := count
		for r := range must(ring.Poll(0)) {
			sum += r.Number
			count++
		}
		if count == before {
			return count, sum
		}
	}
}

func main() {
	s := settings{Magic: must(strconv.ParseUint(os.Args[1], 10, 64)), Count: uint32(must(strconv.Atoi(os.Args[3])))}
	if os.Args[4] == "large" {
		s.Large = 1
	}
	object := must(guest.Open("events_bpf"))
	check(object.Load())
	check(must(guest.NewTypedMap[uint32, settings](must(object.Map("settings")))).Update(0, s, guest.UpdateAny))
	must(must(object.Program("on_getpgid")).Attach())
	ring := must(guest.NewRingBuffer[record](must(object.Map("records"))))

	input := bufio.NewReader(os.Stdin)
	var times []float64
	total := uint64(0)
	for range must(strconv.Atoi(os.Args[2])) {
		fmt.Fprintln(os.Stderr, "more")
		must(input.ReadString('\n'))
		start := time.Now()
		count, sum := consume(ring)
		times = append(times, float64(time.Since(start).Nanoseconds())/float64(s.Count))
		total += sum
		if count != s.Count {
			check(fmt.Errorf("%d records", count))
		}
	}
	slices.Sort(times)
	fmt.Fprintf(os.Stderr, "%.3f ns, sum %d\n", times[len(times)/10], total)
}
