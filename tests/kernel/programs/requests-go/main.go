// SPDX-License-Identifier: Apache-2.0

// What ../requests.cpp does, with the Go skeleton.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"ecc/guest"
	"requests/requests"
)

func drain(program *guest.Program) uint32 {
	outcome, err := program.TestRun(guest.TestRun{Data: make([]byte, 14)})
	if err != nil {
		return ^uint32(0)
	}
	return outcome.ReturnValue
}

func is(err error, number guest.Errno) int {
	if errors.Is(err, number) {
		return 1
	}
	return 0
}

func fill(orders *guest.UserRingBuffer[requests.Order]) {
	sent := 0
	for orders.Send(requests.Order{}, 0) == nil {
		sent++
	}
	fmt.Println("sent", sent)
	fmt.Println("full", is(orders.Send(requests.Order{}, 0), guest.ENOSPC))
	fmt.Println("full for a while", is(orders.Send(requests.Order{}, 10*time.Millisecond), guest.ENOSPC))
}

func run() error {
	skel, err := requests.OpenRequests()
	if err != nil {
		return err
	}
	defer skel.Close()
	if err := skel.Load(); err != nil {
		return err
	}
	if err := skel.Maps.Orders.Send(requests.Order{Price: 10, Count: 3}, 0); err != nil {
		return err
	}
	fmt.Println("drained", drain(skel.Programs.Drain))
	bss, err := skel.Bss.Get()
	if err != nil {
		return err
	}
	fmt.Println("total", bss.Total)
	fill(skel.Maps.Orders)
	if err := skel.Maps.Mixed.Order.Send(requests.Order{Price: 100, Count: 2}, 0); err != nil {
		return err
	}
	if err := skel.Maps.Mixed.Note.Send(requests.Note{Value: 7}, 0); err != nil {
		return err
	}
	fmt.Println("drained", drain(skel.Programs.DrainMixed))
	if bss, err = skel.Bss.Get(); err != nil {
		return err
	}
	fmt.Println("total", bss.Total, "notes", bss.Notes)
	_, err = guest.NewUserRingBuffer[byte](skel.Maps.Answers)
	fmt.Println("another map", is(err, guest.EINVAL))
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
