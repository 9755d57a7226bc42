// SPDX-License-Identifier: Apache-2.0
// A program with a statically defined probe.
#include <sys/sdt.h>

int main(void) {
    DTRACE_PROBE1(ecc, hit, 42);
    return 0;
}
