// SPDX-License-Identifier: Apache-2.0

// Prints when processes begin to execute a program and when they end, with how long they lived.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"bootstrap/bootstrap"
	"ecc/guest"
)

const longestMs = 1_000_000_000

func printEvent(out io.Writer, e *bootstrap.Event) {
	kind := "EXEC"
	if e.Kind == bootstrap.EventKindEventExit {
		kind = "EXIT"
	}
	clock := time.Now().Format(time.TimeOnly)
	fmt.Fprintf(out, "%-8s %-5s %-16s %-7d %-7d ", clock, kind, guest.Text(e.Comm[:]), e.Pid, e.Ppid)
	switch {
	case e.Kind == bootstrap.EventKindEventExec:
		fmt.Fprintln(out, guest.Text(e.Filename[:]))
	case e.DurationNs == 0:
		fmt.Fprintf(out, "[%d]\n", e.ExitCode)
	default:
		fmt.Fprintf(out, "[%d] (%dms)\n", e.ExitCode, e.DurationNs/1_000_000)
	}
}

// printEvents prints until a signal.
func printEvents(events *guest.RingBuffer[*bootstrap.Event]) error {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprintln(out, "TIME     EVENT COMM             PID     PPID    FILENAME/EXIT CODE")
	for guest.TakeSignal() == 0 {
		out.Flush()
		records, err := events.Poll(100 * time.Millisecond)
		if err != nil && !errors.Is(err, guest.EINTR) {
			return err
		}
		for e := range records {
			printEvent(out, e)
		}
	}
	return nil
}

func run(minDurationNs uint64) error {
	skel, err := bootstrap.OpenBootstrap()
	if err != nil {
		return err
	}
	defer skel.Close()
	skel.Rodata.Value.MinDurationNs = minDurationNs
	if err := skel.Load(); err != nil {
		return err
	}
	if err := skel.Attach(); err != nil {
		return err
	}
	events, err := skel.Maps.ReadEvents()
	if err != nil {
		return err
	}
	if err := printEvents(events); err != nil {
		return err
	}
	globals, err := skel.Bss.Get()
	if err == nil && globals.Lost != 0 {
		fmt.Fprintf(os.Stderr, "bootstrap: %d events were lost\n", globals.Lost)
	}
	return err
}

func main() {
	var ms uint64
	flag.Uint64Var(&ms, "duration", 0, "only processes that lived at least so many milliseconds, when they end")
	flag.Uint64Var(&ms, "d", 0, "the same")
	flag.Parse()
	if flag.NArg() > 0 || ms >= longestMs {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(ms * 1_000_000); err != nil {
		fmt.Fprintln(os.Stderr, "bootstrap:", err)
		os.Exit(1)
	}
}
