//! Nothing of its own: the C interfaces of libbpf and Wasmtime in one static library.

extern crate libbpf_sys;
extern crate wasmtime_c_api;
