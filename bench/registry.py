"""Copying artifacts from a layout into a registry and back, against oras in the same run, with the most memory of each.

The registry is docker-registry on loopback with its files in a temporary folder. One artifact of 1 GiB, and many small
ones: each of those is a process of its own, as in a script. Both are told that the registry has no TLS, both copy the same
bytes, and neither finds any of them there: each has a repository of its own, and docker-registry takes every blob that a
repository has not seen.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from native import ROOT
from native import row as native_row

SMALL_ARTIFACTS = 1000
LARGE_SIZE = 1 << 30
LARGE_TURNS = 5
PIECE = 1 << 20


def row(name, unit, ours, peer):
    return native_row(name, unit, ours, peer) | {"peer_name": "oras"}


class Registry:
    """docker-registry on a port of its own."""

    def __init__(self, folder):
        config = folder / "config.yml"
        config.write_text(
            f"version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {folder / 'data'}}}}}\n"
            "http: {addr: '127.0.0.1:0'}\n"
        )
        self.log = open(folder / "log", "w+")
        self.process = subprocess.Popen(["docker-registry", "serve", str(config)], stdout=self.log, stderr=self.log)
        for _ in range(100):
            found = re.search(r"listening on (127\.0\.0\.1:\d+)", (folder / "log").read_text())
            if found:
                break
            time.sleep(0.1)
        else:
            sys.exit("bench/run registry: docker-registry does not start")
        self.host = found[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def add_blob(layout, pieces):
    """Writes the pieces as a blob and returns its digest and size."""
    hasher, size = hashlib.sha256(), 0
    temporary = layout / "blobs" / "new"
    with open(temporary, "wb") as file:
        for piece in pieces:
            hasher.update(piece)
            size += len(piece)
            file.write(piece)
    temporary.rename(layout / "blobs" / "sha256" / hasher.hexdigest())
    return {"digest": f"sha256:{hasher.hexdigest()}", "size": size}


def make_layout(layout, artifacts):
    """`artifacts` maps tags to the pieces of their only layer."""
    (layout / "blobs" / "sha256").mkdir(parents=True)
    (layout / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    manifests = []
    image = "application/vnd.oci.image.manifest.v1+json"
    config = add_blob(layout, [b"{}"]) | {"mediaType": "application/vnd.oci.empty.v1+json"}
    for tag, pieces in artifacts:
        layer = add_blob(layout, pieces) | {"mediaType": "application/wasm"}
        text = json.dumps({"schemaVersion": 2, "mediaType": image, "artifactType": "application/x-bench",
                           "config": config, "layers": [layer]})
        manifests.append(add_blob(layout, [text.encode()]) |
                         {"mediaType": image, "annotations": {"org.opencontainers.image.ref.name": tag}})
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": manifests}))


def timed(commands):
    """Seconds for all commands, one after the other, and the most megabytes that one of them had."""
    most = 0
    start = time.perf_counter()
    for command in commands:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"bench/run registry: {' '.join(command)} failed")
        most = max(most, usage.ru_maxrss)
    return time.perf_counter() - start, most / 1024


def commands(prefix, oras, work, registry, name, tags, turn):
    """For each side its commands to push and to pull; repositories and folders are of this turn alone."""
    ecc, layout = str(prefix / "bin" / "ecc"), work / name
    ours, theirs = f"{registry.host}/ecc/{name}{turn}", f"{registry.host}/oras/{name}{turn}"
    back = work / f"back{turn}"
    return {
        "ecc": ([[ecc, "cp", "--to-plain-http", f"oci:{layout}:{tag}", f"{ours}:{tag}"] for tag in tags],
                [[ecc, "cp", "--from-plain-http", f"{ours}:{tag}", f"oci:{back / 'ecc'}:{tag}"] for tag in tags]),
        "oras": ([[oras, "cp", "--from-oci-layout", f"{layout}:{tag}", "--to-plain-http", f"{theirs}:{tag}"]
                  for tag in tags],
                 [[oras, "cp", "--from-plain-http", f"{theirs}:{tag}", "--to-oci-layout", f"{back / 'oras'}:{tag}"]
                  for tag in tags]),
    }


def measure(prefix, oras, work, registry, name, tags, turns):
    """The median of some turns: what the disk still writes of one command slows the next one down, so each side is first
    in every other turn."""
    taken = {(side, i): [] for side in ("ecc", "oras") for i in range(2)}
    for turn in range(turns):
        both = commands(prefix, oras, work, registry, name, tags, turn)
        (work / f"back{turn}").mkdir()
        for i in range(2):
            for side in sorted(both, reverse=turn % 2 == 1):
                taken[side, i].append(timed(both[side][i]))
        shutil.rmtree(work / f"back{turn}")
    for i, direction in enumerate(("push", "pull")):
        (ours, our_memory), (peer, peer_memory) = (
            (statistics.median(seconds), max(memory)) for seconds, memory in
            (zip(*taken[side, i]) for side in ("ecc", "oras")))
        yield row(f"{direction} {name}", "s", ours, peer)
        yield row(f"{direction} {name}, memory", "MB", our_memory, peer_memory)


def rows(prefix, small=SMALL_ARTIFACTS, large=LARGE_SIZE):
    cache = os.environ.get("ECC_CACHE_DIR", str(pathlib.Path.home() / ".cache" / "ecc"))
    oras = subprocess.check_output([ROOT / "tests" / "registry" / "oras" / "build", cache], text=True).strip()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        make_layout(work / "large", [("1", (os.urandom(PIECE) for _ in range(large // PIECE)))])
        make_layout(work / "small", ((f"t{i}", [os.urandom(20_000)]) for i in range(small)))
        with Registry(work) as registry:
            yield from measure(prefix, oras, work, registry, "large", ["1"], LARGE_TURNS)
            yield from measure(prefix, oras, work, registry, "small", [f"t{i}" for i in range(small)], 1)
