"""From starting a program to having attached, against a native libbpf program of the same source.

Both sides run start.c with the example bootstrap's object. Warm: the cache holds the compiled code and the part of the kernel's BTF
that the object refers to. Cold: it is empty. libbpf parses all of the kernel's BTF each time.
"""

import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from native import BENCH, ROOT, build_native, build_package, row

EXAMPLE = ROOT / "examples" / "bootstrap"


def milliseconds_to_attached(command):
    start = time.perf_counter()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, bufsize=0) as process:
        line = process.stdout.readline()
        end = time.perf_counter()
        if line != b"attached\n" or process.wait() != 0:
            sys.exit(f"bench/run start: {' '.join(command)} did not attach")
    return (end - start) * 1000


def rows(prefix, runs):
    """The sides take turns, so that a busy machine burdens both."""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        package, bpf_object = build_package(prefix, work, EXAMPLE / "bootstrap.bpf.c", BENCH / "start.c")
        native = [str(build_native(prefix, work, bpf_object, BENCH / "start.c", EXAMPLE))]
        cache = work / "cache"
        ours = [str(prefix / "bin" / "ecc-run"), "--cache", str(cache), str(package)]

        def cold():
            shutil.rmtree(cache, ignore_errors=True)
            return milliseconds_to_attached(ours)

        sides = {"warm": lambda: milliseconds_to_attached(ours), "cold": cold}
        for side, measure in sides.items():
            measure()
            times = [(measure(), milliseconds_to_attached(native)) for _ in range(runs)]
            yield row(f"start to attached, {side} cache", "ms", *(statistics.median(column) for column in zip(*times)))
