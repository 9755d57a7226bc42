//! Gathers what the C++ side needs from the two dependencies (headers, libbpf.a) in the folder ECC_ENGINE_PREFIX.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn variable(name: &str) -> PathBuf {
    PathBuf::from(env::var_os(name).unwrap_or_else(|| panic!("{name} is not set")))
}

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=ECC_ENGINE_PREFIX");
    let Some(prefix) = env::var_os("ECC_ENGINE_PREFIX").map(PathBuf::from) else {
        return Ok(());
    };
    let libbpf = variable("DEP_BPF_INCLUDE");
    copy_tree(&libbpf, &prefix.join("include"))?;
    copy_tree(&variable("DEP_WASMTIME_C_API_INCLUDE"), &prefix.join("include"))?;
    fs::create_dir_all(prefix.join("lib"))?;
    fs::copy(libbpf.with_file_name("libbpf.a"), prefix.join("lib/libbpf.a"))?;
    Ok(())
}
