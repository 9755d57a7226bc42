"""Resident memory of an attached program, and the size of what has to be installed.

Both sides run start.c with the example bootstrap's object. `attached`: what is resident while the program waits for events,
with compiled code in the cache. `peak`: the most that ever was; without the cache that includes the compiler.
"""

import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

from native import BENCH, ROOT, build_native, build_package, row

EXAMPLE = ROOT / "examples" / "bootstrap"
MIB = 1 << 20


def measure(command):
    """MiB while attached and at the peak until then."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdout.readline() != b"attached\n":
            sys.exit(f"bench/run memory: {command} did not attach")
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        process.stdin.close()
    return [int(re.search(rf"^{line}:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024 for line in ("VmRSS", "VmHWM")]


def rows(prefix, runs):
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        package, bpf_object = build_package(prefix, work, EXAMPLE / "bootstrap.bpf.c", BENCH / "start.c")
        native = build_native(prefix, work, bpf_object, BENCH / "start.c", EXAMPLE)
        ecc_run = (prefix / "bin" / "ecc-run").resolve()
        warm = [ecc_run, "--cache", work / "cache", package]
        measure(warm)

        def medians(command):
            return [statistics.median(column) for column in zip(*(measure(command) for _ in range(runs)))]

        peer, ours, cold = medians([native]), medians(warm), medians([ecc_run, "--no-cache", package])
        yield row("resident, attached", "MiB", ours[0], peer[0])
        yield row("resident, peak, warm cache", "MiB", ours[1], peer[1])
        yield row("resident, peak, no cache", "MiB", cold[1], peer[1])
        yield row("size of the program", "MiB", ecc_run.stat().st_size / MIB, native.stat().st_size / MIB)
