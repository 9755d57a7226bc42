"""What it costs to read maps, against libbpf in a native program of the same source (maps.c)."""

import pathlib
import statistics
import subprocess
import tempfile

from native import BENCH, build_native, build_package, row


def nanoseconds(command):
    """By the name of the measurement."""
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return {name: float(value) for value, name in (line.split(maxsplit=1) for line in lines)}


def rows(prefix, runs):
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        package, bpf_object = build_package(prefix, work, BENCH / "maps.bpf.c", BENCH / "maps.c")
        native = [build_native(prefix, work, bpf_object, BENCH / "maps.c")]
        ours = [prefix / "bin" / "ecc-run", "--no-cache", package]
        both = [(nanoseconds(ours), nanoseconds(native)) for _ in range(runs)]
        for case in both[0][0]:
            yield row(case, "ns", *(statistics.median(side[case] for side in column) for column in zip(*both)))
