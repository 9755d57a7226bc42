//go:build tools

// Package tools pins the version of the oras client that the tests in tests/registry compare ecc with.
package tools

import _ "oras.land/oras/cmd/oras"
