"""What the benchmarks of running programs share: the same source as a package and as a program of its own."""

import ctypes
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
PEER = "libbpf"
TRACEFS = pathlib.Path("/sys/kernel/tracing")


def row(name, unit, ours, peer, digits=2):
    return {"name": name, "unit": unit, "ours": round(ours, digits), "peer": round(peer, digits), "peer_name": PEER,
            "ratio": round(ours / peer, 3)}


def engine_of(prefix):
    """The prebuilt libbpf that ecc-run of this build folder is linked with."""
    ninja = prefix / "build.ninja"
    if not ninja.exists():
        sys.exit(f"{prefix} is no build folder: native programs are linked with the libbpf that one names")
    return pathlib.Path(re.search(r"(\S+)/lib/libbpf\.a", ninja.read_text()).group(1))


def build_package(prefix, work, bpf_source, source):
    """Returns the package and the object in it."""
    stem = bpf_source.name.removesuffix(".bpf.c")
    package = work / f"{source.stem}.wasm"
    subprocess.run([prefix / "bin" / "ecc", bpf_source, source, "-o", package, "--save-temps"], check=True)
    return package, work / f"{stem}.temps" / f"{stem}.bpf.o"


def build_guest(prefix, work, bpf_source, folder):
    """A package with a user part in Rust or Go, from a copy of its folder."""
    cache = os.environ.get("ECC_CACHE_DIR") or pathlib.Path(
        os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "ecc"
    tools = [f"{cache}/rust-wasm/bin", f"{cache}/go-toolchain/bin", os.environ["PATH"]]
    copy, package = work / folder.name, work / f"{folder.name}.wasm"
    shutil.copytree(folder, copy)
    subprocess.run([prefix / "bin" / "ecc", bpf_source, "--guest", copy, "-o", package], check=True,
                   env={**os.environ, "PATH": ":".join(tools)})
    return package


def build_native(prefix, work, bpf_object, source, *includes):
    stem = bpf_object.name.removesuffix(".bpf.o")
    folder, program = work / "native", work / source.stem
    folder.mkdir(exist_ok=True)
    skeleton = subprocess.run(["bpftool", "gen", "skeleton", bpf_object, "name", f"{stem}_bpf"], check=True,
                              capture_output=True).stdout
    (folder / f"{stem}.skel.h").write_bytes(skeleton)
    engine = engine_of(prefix)
    subprocess.run(["cc", "-O2", f"-I{folder}", f"-I{engine}/include", f"-I{source.parent}",
                    *(f"-I{folder}" for folder in includes), source, "-o", program,
                    engine / "lib" / "libbpf.a", "-lelf", "-lz"], check=True)
    return program


def mount_tracefs():
    """For this process and what it starts, if it is not mounted: native programs do not do that. False if it cannot be."""
    if (TRACEFS / "events").exists():
        return True
    clone_newns, ms_rec, ms_private = 0x20000, 0x4000, 0x40000
    libc = ctypes.CDLL(None)
    return (libc.unshare(clone_newns) == 0 and libc.mount(b"none", b"/sys", None, ms_rec | ms_private, None) == 0
            and libc.mount(b"tracefs", bytes(TRACEFS), b"tracefs", 0, None) == 0)


def refuse_mremap():
    """For the calling process: a host that cannot place pages in the guest's memory copies them."""
    pr_set_seccomp, filter_mode, enomem = 22, 2, 12
    mremap = 25 if platform.machine() == "x86_64" else 216

    class Instruction(ctypes.Structure):
        _fields_ = [("code", ctypes.c_uint16), ("then", ctypes.c_uint8), ("otherwise", ctypes.c_uint8),
                    ("value", ctypes.c_uint32)]

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_uint16), ("code", ctypes.POINTER(Instruction))]

    code = (Instruction * 4)((0x20, 0, 0, 0), (0x15, 0, 1, mremap), (0x06, 0, 0, 0x50000 | enomem),
                             (0x06, 0, 0, 0x7fff0000))
    if ctypes.CDLL(None).prctl(pr_set_seccomp, filter_mode, ctypes.byref(Program(4, code))) != 0:
        raise OSError("seccomp is refused")
