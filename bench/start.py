#!/usr/bin/env python3
"""From starting a program to having attached, as a package and as a native libbpf program of the same source.

    bench/start.py [--prefix build/release]

Both sides run start.c with the example bootstrap's object. Warm: compiled code and the cut of the kernel's types are in
the cache. Cold: the cache is empty. Run it as root.
"""

import argparse
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "bootstrap"
PEER = "native libbpf"


def milliseconds_to_attached(command):
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as process:
        line = process.stdout.readline()
        end = time.perf_counter()
        if line != b"attached\n" or process.wait() != 0:
            sys.exit(f"bench/start.py: {' '.join(command)} did not attach")
    return (end - start) * 1000


def build_package(prefix, work):
    package = work / "start.wasm"
    subprocess.run([prefix / "bin" / "ecc", EXAMPLE / "bootstrap.bpf.c", ROOT / "bench" / "start.c", "-o", package,
                    "--save-temps"], check=True)
    return package, work / "bootstrap.bpf.o"


def build_native(engine, bpf_object, work):
    folder, program = work / "native", work / "start"
    folder.mkdir()
    skeleton = subprocess.run(["bpftool", "gen", "skeleton", bpf_object, "name", "bootstrap_bpf"], check=True,
                              capture_output=True).stdout
    (folder / "bootstrap.skel.h").write_bytes(skeleton)
    subprocess.run(["cc", "-O2", f"-I{folder}", f"-I{engine}/include", f"-I{EXAMPLE}", ROOT / "bench" / "start.c", "-o",
                    program, engine / "lib" / "libbpf.a", "-lelf", "-lz"], check=True)
    return program


def engine_of(prefix):
    """The prebuilt libbpf that ecc-run of this build folder is linked with."""
    found = re.search(r"(\S+)/lib/libbpf\.a", (prefix / "build.ninja").read_text())
    return pathlib.Path(found.group(1))


def rows(prefix, runs):
    """Rows as of bench/run. The sides take turns, so that a busy machine burdens both."""
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        package, bpf_object = build_package(prefix, work)
        native = [str(build_native(engine_of(prefix), bpf_object, work))]
        cache = work / "cache"
        ours = [str(prefix / "bin" / "ecc-run"), "--cache", str(cache), str(package)]

        def cold():
            shutil.rmtree(cache, ignore_errors=True)
            return milliseconds_to_attached(ours)

        sides = {"warm": lambda: milliseconds_to_attached(ours), "cold": cold}
        for side, measure in sides.items():
            measure()
            times = [(measure(), milliseconds_to_attached(native)) for _ in range(runs)]
            mine, peer = (statistics.median(column) for column in zip(*times))
            yield {"name": f"start to attached, {side} cache", "unit": "ms", "ours": round(mine, 2),
                   "peer": round(peer, 2), "peer_name": PEER, "ratio": round(mine / peer, 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prefix", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--runs", type=int, default=21, help="runs of each side, of which the median counts")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not pathlib.Path("/sys/kernel/tracing/events").exists():
        sys.exit("bench/start.py: tracefs is not mounted, and native programs do not do that: "
                 "mount -t tracefs tracefs /sys/kernel/tracing")
    table = list(rows(options.prefix.resolve(), options.runs))
    if options.json:
        print(json.dumps(table, indent=2))
        return
    for row in table:
        print(f"{row['name']:32} {row['ours']:>8} ms  {row['peer_name']} {row['peer']:>8} ms  {row['ratio']:>6}")


if __name__ == "__main__":
    main()
