"""What it costs to receive an event, against libbpf's ring_buffer__consume in a native program of the same source.

Each side finds a backlog of records in its ring buffer and consumes it; the clock runs only while it does. Both sides and the
maker of the records stay on one CPU: records that another one wrote come out of its cache, which takes longer than all else
and depends on which CPU that is. A figure is what one round in ten of a run is below, for what else the machine does comes
between the others, and of the runs the median.

`zero-copy` and `copy` are the host interface's two ways to show a ring buffer, read with ecc_ring_next() or, where the row
says so, with ring_buffer__consume() and a callback; `callback` is the older interface's wasm_bpf_buffer_poll; `print` also
writes one formatted line for each record, to /dev/null.
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

from native import BENCH, build_guest, build_native, build_package, refuse_mremap, row

ROUNDS = 200
# A backlog stays in the processor's cache, so that what is measured is the work and not the memory.
SMALL, LARGE = 8000, 900


def callback_module(prefix, work, bpf_object):
    """A module of the older interface carries its object within."""
    share = prefix / "share" / "ecc"
    source, module = work / "events_callback.o", work / "events_callback.wasm"
    library = share / "sysroot/lib/wasm32-wasip1"
    subprocess.run(["clang-22", "--target=wasm32-wasip1", "-std=gnu23", "-O2", "-nostdinc",
                    "-isystem", share / "clang/include", "-isystem", share / "sysroot/include/wasm32-wasip1",
                    f"--embed-dir={bpf_object.parent}", "-c", BENCH / "events_callback.c", "-o", source], check=True)
    subprocess.run(["wasm-ld-22", "--export-table", "--strip-all", library / "crt1-command.o", source, f"-L{library}", "-lc",
                    library / "libclang_rt.builtins.a", "-o", module], check=True)
    return module


def nanoseconds_per_event(command, magic, count, size, use, before=None):
    """Answers each request for records with one system call that makes them."""
    with subprocess.Popen([*command, str(magic), str(ROUNDS), str(count), size, use], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=before) as process:
        for line in process.stderr:
            if line != b"more\n":
                break
            try:
                os.getpgid(magic)
            except ProcessLookupError:
                pass
            process.stdin.write(b"\n")
            process.stdin.flush()
        rest = process.stderr.read()
        if process.wait() != 0 or b" ns, sum " not in line:
            sys.exit(f"{command}: {line.decode()}{rest.decode()}")
    return float(line.split()[0])


def stay_on_one_cpu():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def rows(prefix, runs):
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        package, bpf_object = build_package(prefix, work, BENCH / "events.bpf.c", BENCH / "events.c")
        native = [build_native(prefix, work, bpf_object, BENCH / "events.c")]
        run = [prefix / "bin" / "ecc-run", "--no-cache"]
        guest = [*run, package, "--"]
        old = [*run, "--allow", "bytes", callback_module(prefix, work, bpf_object), "--"]
        rust, go = ([*run, build_guest(prefix, work, BENCH / "events.bpf.c", BENCH / folder), "--"]
                    for folder in ("events-rust", "events-go"))
        stay_on_one_cpu()
        magic = 0x7fff0000 | os.getpid() & 0xffff

        cases = [("zero-copy 64 B", guest, SMALL, "small", "walk", None),
                 ("zero-copy 1 KiB", guest, LARGE, "large", "walk", None),
                 ("zero-copy 64 B, ring_buffer__consume", guest, SMALL, "small", "sum", None),
                 ("zero-copy 64 B, Rust", rust, SMALL, "small", "walk", None),
                 ("zero-copy 64 B, Go", go, SMALL, "small", "walk", None),
                 ("copy 64 B", guest, SMALL, "small", "walk", refuse_mremap),
                 ("copy 1 KiB", guest, LARGE, "large", "walk", refuse_mremap),
                 ("callback 64 B", old, SMALL, "small", "sum", None),
                 ("print 64 B", guest, SMALL, "small", "print", None)]
        for case, command, count, size, use, before in cases:
            times = [(nanoseconds_per_event(command, magic, count, size, use, before),
                      nanoseconds_per_event(native, magic, count, size, "sum" if use == "walk" else use))
                     for _ in range(runs)]
            yield row(case, "ns", *(statistics.median(side) for side in zip(*times)))
