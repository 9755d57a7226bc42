// SPDX-License-Identifier: Apache-2.0

package guest

import (
	"errors"
	"io/fs"
	"math"
	"testing"
	"time"
)

func TestErrorsSayWhatFailedOnWhatAndWhy(t *testing.T) {
	err := check(-1, "attach program", "handle_exec")
	if err.Error() != `cannot attach program "handle_exec": operation not permitted (EPERM)` {
		t.Error(err)
	}
	if !errors.Is(err, EPERM) || !errors.Is(err, fs.ErrPermission) || errors.Is(err, ENOENT) {
		t.Error(err)
	}
	if check(7, "", "") != nil {
		t.Error("an error without cause")
	}
}

func TestNumbersWithoutANameAreShown(t *testing.T) {
	if Errno(4011).Error() != "error 4011" {
		t.Error(Errno(4011))
	}
	var errno Errno
	if !errors.As(check(math.MinInt32, "wait", ""), &errno) || errno != math.MaxInt32 {
		t.Error(errno)
	}
}

func TestTimesAreRoundedUpToMilliseconds(t *testing.T) {
	for timeout, expected := range map[time.Duration]int32{
		-1:                      -1,
		0:                       0,
		1:                       1,
		1500 * time.Microsecond: 2,
		time.Second:             1000,
		math.MaxInt64:           math.MaxInt32,
	} {
		if milliseconds(timeout) != expected {
			t.Error(timeout, milliseconds(timeout))
		}
	}
}
