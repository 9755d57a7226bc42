# Shared by the scripts in this folder: what they say, and what they need installed.

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${ECC_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/ecc}

# What a base Debian 12 lacks. LLVM 22 and a current Rust come from Debian's security suite.
build_packages=(
    ca-certificates cmake g++ git make ninja-build pkg-config
    clang-22 libclang-22-dev liblld-22-dev lld-22 llvm-22-dev
    libc++-22-dev-wasm32 libc++abi-22-dev-wasm32 libclang-rt-22-dev-wasm32 wasi-libc
    libarchive-dev libcli11-dev libcurl4-openssl-dev libelf-dev libfmt-dev libkainjow-mustache-dev libsodium-dev libssl-dev
    libtomlplusplus-dev
    libzstd-dev linux-libc-dev nlohmann-json3-dev zlib1g-dev
)
test_packages=(
    apache2-utils bpftool busybox-static containerd docker-registry iproute2 fish libgmock-dev libgtest-dev openssl podman python3
    python3-yaml runc skopeo systemtap-sdt-dev umoci util-linux zsh
)

# For tests with the label "full".
full_test_packages=(cpio libclang-rt-22-dev lz4 qemu-system-x86 xz-utils zstd)

say() { printf '\n==> %s\n' "$*"; }
stop() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -E "$@"
    else
        stop "root is needed for: $*; run this script as root or install sudo"
    fi
}

# The other programs that registries are tested with; cosign takes minutes, once.
build_registry_clients() {
    local name
    say "Building registry clients into $cache/clients, where they are missing"
    for name in crane cosign referrers_server token_server; do
        "$root/tests/registry/clients/build" "$cache" "$name" >/dev/null
    done
}

# install_packages NAME...: installs what is missing, and touches nothing when all is there.
install_packages() {
    local missing=() name
    for name in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} = 0 ] && return
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    as_root apt-get update -qq
    for name in "${missing[@]}"; do
        apt-cache show "$name" >/dev/null 2>&1 ||
            stop "Debian has no package $name here; are the suites bookworm and bookworm-security in the apt sources?"
    done
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The engine's crate needs Rust 1.95: the one on PATH if it is new enough, else Debian's.
install_rust() {
    local minor
    minor=$(cargo --version 2>/dev/null | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p' || :)
    [ "${minor:-0}" -ge 95 ] || install_packages cargo-web rustc-web
}

# The lints of the Rust in this repository.
install_clippy() {
    cargo clippy --version >/dev/null 2>&1 || install_packages rust-web-clippy
}

# oras is built from Go modules and needs Go 1.24: the one on PATH if it is new enough, else Go's own toolchain
# module, which Debian's older Go can fetch.
go_toolchain=v0.0.1-go1.25.7.linux-$(dpkg --print-architecture 2>/dev/null || echo amd64)
install_go() {
    local minor folder
    minor=$(go version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p' || :)
    [ "${minor:-0}" -ge 24 ] && return
    folder=$cache/go-toolchain
    if [ ! -x "$folder/bin/go" ]; then
        install_packages golang-go
        say "Fetching a current Go toolchain into $folder"
        local scratch answer dir
        scratch=$(mktemp -d)
        answer=$(cd "$scratch" && printf 'module scratch\n' >go.mod &&
            GOFLAGS=-mod=mod go mod download -json "golang.org/toolchain@$go_toolchain" 2>&1) || :
        rm -rf "$scratch"
        dir=$(sed -n 's/^[[:space:]]*"Dir": "\(.*\)",*$/\1/p' <<<"$answer")
        [ -n "$dir" ] || stop "Go $go_toolchain could not be fetched; install Go 1.24 or newer. $answer"
        mkdir -p "$cache"
        rm -rf "$folder.new"
        cp -r "$dir" "$folder.new"
        chmod -R u+w "$folder.new"
        chmod +x "$folder.new"/bin/* "$folder.new"/pkg/tool/*/*
        mv "$folder.new" "$folder"
    fi
    export PATH=$folder/bin:$PATH
}

# Rust guests need Rust's standard library for WebAssembly: `rustup target add wasm32-wasip1`. If the Rust on PATH has
# none, Debian's Rust makes one of its sources (a minute, once), and a folder in the cache holds a rustc that finds it;
# the tests look there.
install_rust_wasm() {
    local target=wasm32-wasip1 libraries folder version
    libraries=$(rustc --print target-libdir --target $target 2>/dev/null || :)
    [ -n "$libraries" ] && compgen -G "$libraries/libstd-*.rlib" >/dev/null && return
    install_packages cargo-web rustc-web rust-web-src
    folder=$cache/rust-wasm
    version=$(/usr/bin/rustc --version)
    [ "$(cat "$folder/version" 2>/dev/null)" = "$version" ] || build_rust_wasm $target "$folder" "$version"
}

# build_rust_wasm TARGET FOLDER VERSION: FOLDER/bin with rustc, cargo and a linker.
build_rust_wasm() {
    local target=$1 folder=$2 scratch host wasi=/usr/lib/wasm32-wasi
    say "Building Rust's standard library for $target into $folder"
    scratch=$(mktemp -d)
    mkdir "$scratch/src"
    printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n' >"$scratch/Cargo.toml"
    echo 'fn main() {}' >"$scratch/src/main.rs"
    (cd "$scratch" && env PATH=/usr/bin:/bin RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_WASIP1_LINKER=wasm-ld-22 \
        RUSTFLAGS="-C embed-bitcode=yes -C link-self-contained=no -C link-arg=$wasi/crt1-command.o -L native=$wasi" \
        cargo build -Zbuild-std=std,panic_abort --release --target $target >log 2>&1) || {
        tail -n 30 "$scratch/log" >&2
        stop "Rust's standard library for $target could not be built; with rustup: rustup target add $target"
    }
    rm -rf "$folder"
    host=$folder/sysroot/lib/rustlib
    mkdir -p "$folder/bin" "$host/$target/lib/self-contained"
    ln -s /usr/lib/rustlib/*-linux-gnu "$host/"
    cp "$scratch/target/$target/release/deps/"*.rlib "$host/$target/lib/"
    cp "$wasi/crt1-command.o" "$wasi/crt1-reactor.o" "$wasi/libc.a" "$host/$target/lib/self-contained/"
    printf '#!/bin/sh\nexec /usr/bin/rustc --sysroot "%s" "$@"\n' "$folder/sysroot" >"$folder/bin/rustc"
    chmod +x "$folder/bin/rustc"
    ln -s /usr/bin/cargo "$folder/bin/cargo"
    ln -s "$(command -v wasm-ld-22)" "$folder/bin/rust-lld"
    echo "$3" >"$folder/version"
    rm -rf "$scratch"
}

# build PRESET: configures and builds, quietly unless something fails.
build() {
    say "Building (preset $1; the first build also builds libbpf and the Wasm engine, about 5 minutes)"
    local log
    log=$(mktemp)
    (cd "$root" && cmake --preset "$1" && cmake --build --preset "$1") >"$log" 2>&1 || {
        tail -n 60 "$log" >&2
        stop "the build failed; the whole log is $log"
    }
    rm -f "$log"
}

# The kernel must be able to run BPF programs, and we must be allowed to.
require_kernel() {
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || stop "loading BPF programs needs root; run this script as root"
    [ -r /sys/kernel/btf/vmlinux ] || stop "this kernel has no /sys/kernel/btf/vmlinux; a kernel built with CONFIG_DEBUG_INFO_BTF is needed"
}
