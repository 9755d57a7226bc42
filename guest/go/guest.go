// SPDX-License-Identifier: Apache-2.0

// Package guest is how Go programs in packages made by ecc reach the BPF object of their package.
//
// A package holds a BPF object beside a WASI program. This module calls the host interface ecc_bpf_v1 of the runtime
// (ecc run). Most programs use it through a skeleton, which ecc generates from the BPF source; the module alone does the
// same by name:
//
//	type event struct {
//		PID uint32
//		UID uint32
//	}
//
//	func run() error {
//		object, err := guest.Open("example_bpf")
//		if err != nil {
//			return err
//		}
//		defer object.Close()
//		if err := object.Load(); err != nil {
//			return err
//		}
//		program, err := object.Program("handle_exec")
//		if err != nil {
//			return err
//		}
//		if _, err := program.Attach(); err != nil {
//			return err
//		}
//		m, err := object.Map("events")
//		if err != nil {
//			return err
//		}
//		events, err := guest.NewRingBuffer[event](m)
//		if err != nil {
//			return err
//		}
//		for guest.TakeSignal() == 0 {
//			records, err := events.Poll(100 * time.Millisecond)
//			if err != nil && !errors.Is(err, guest.EINTR) {
//				return err
//			}
//			for e := range records {
//				fmt.Println(e.PID, e.UID)
//			}
//		}
//		return nil
//	}
//
// # Order
//
// Open, then initial values, numbers of entries and autoload; Load; then elements, ring buffers, globals and links;
// Close. Calls out of order are EINVAL or EBUSY. An object that is not closed stays open until the program ends.
//
// # Types
//
// Types that the kernel side shares are plain: numbers, arrays and structs of them, with the layout that the BPF
// program has. Functions with such a type parameter check that it has no pointers, strings, slices or the like.
// Generated types fit; `ecc gen types --lang go` writes them.
//
// # Waiting
//
// A call that waits holds up all goroutines, as WebAssembly has one thread: programs with several goroutines poll
// with short timeouts.
//
// The module compiles for every system, so that the logic of a program can be tested where it is developed; outside
// of wasip1 each call of the host is ENOSYS.
package guest
