# share/ecc: everything that `ecc` needs at run time besides itself. Assembled in the build folder in the shape of an
# installed prefix, so that `ecc` finds it as ../share/ecc in both. compiler/resources.h lists the parts.

set(ECC_RESOURCES ${CMAKE_BINARY_DIR}/share/ecc)
set(resource_inputs
    CLANG_HEADERS=${LLVM_LIBRARY_DIR}/clang/${LLVM_VERSION_MAJOR}/include
    CXX_HEADERS=${LLVM_INSTALL_PREFIX}/include/wasm32-wasi/c++/v1
    CXX_LIBRARIES=${LLVM_LIBRARY_DIR}/wasm32-wasi
    BUILTINS=${LLVM_LIBRARY_DIR}/clang/${LLVM_VERSION_MAJOR}/lib/wasi/libclang_rt.builtins-wasm32.a
    WASI_HEADERS=/usr/include/wasm32-wasi
    WASI_LIBRARIES=/usr/lib/wasm32-wasi
    BPF_HEADERS=${ECC_ENGINE_PREFIX}/include/bpf
    KERNEL_HEADERS=/usr/include
    KERNEL_ASM_HEADERS=/usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/asm)
list(TRANSFORM resource_inputs PREPEND -D)

set(resources_stamp ${CMAKE_BINARY_DIR}/share/toolchain.stamp)
add_custom_command(
    OUTPUT ${resources_stamp}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${ECC_RESOURCES} ${resource_inputs}
            -P ${CMAKE_SOURCE_DIR}/cmake/AssembleResources.cmake
    COMMAND ${CMAKE_COMMAND} -E touch ${resources_stamp}
    DEPENDS ${CMAKE_SOURCE_DIR}/cmake/AssembleResources.cmake engine ${engine_outputs}
    COMMENT "Headers and libraries for share/ecc"
    VERBATIM)

file(GLOB_RECURSE template_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/templates/*)
set(templates_stamp ${CMAKE_BINARY_DIR}/share/templates.stamp)
add_custom_command(
    OUTPUT ${templates_stamp}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${ECC_RESOURCES}/templates
    COMMAND ${CMAKE_COMMAND} -E copy_directory ${CMAKE_SOURCE_DIR}/templates ${ECC_RESOURCES}/templates
    COMMAND ${CMAKE_COMMAND} -E touch ${templates_stamp}
    DEPENDS ${template_files}
    COMMENT "Templates for share/ecc"
    VERBATIM)

# The libraries of Rust and Go guests, as sources: share/ecc/guest/{rust,go}. guest/c installs that folder.
file(GLOB rust_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/guest/rust/src/*.rs)
file(GLOB go_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/guest/go/*.go)
list(FILTER go_sources EXCLUDE REGEX "_test[.]go$")
set(rust_files ${CMAKE_SOURCE_DIR}/guest/rust/Cargo.toml ${CMAKE_SOURCE_DIR}/guest/rust/README.md)
set(go_files ${CMAKE_SOURCE_DIR}/guest/go/go.mod ${CMAKE_SOURCE_DIR}/guest/go/README.md)
set(rust_library ${ECC_RESOURCES}/guest/rust)
set(go_library ${ECC_RESOURCES}/guest/go)
set(guest_sources_stamp ${CMAKE_BINARY_DIR}/share/guest_sources.stamp)
add_custom_command(
    OUTPUT ${guest_sources_stamp}
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${rust_library} ${go_library}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${rust_library}/src ${go_library}
    COMMAND ${CMAKE_COMMAND} -E copy ${rust_files} ${rust_library}
    COMMAND ${CMAKE_COMMAND} -E copy ${rust_sources} ${rust_library}/src
    COMMAND ${CMAKE_COMMAND} -E copy ${go_files} ${go_sources} ${go_library}
    COMMAND ${CMAKE_COMMAND} -E touch ${guest_sources_stamp}
    DEPENDS ${rust_sources} ${rust_files} ${go_sources} ${go_files}
    COMMENT "Guest libraries for share/ecc"
    VERBATIM)

# The generated program's library with all that it needs of libc, linked once and for all: searching the archives would
# be a quarter of the time of a build.
find_program(ECC_GUEST_CLANG NAMES clang-22 REQUIRED)
find_program(ECC_GUEST_LINKER NAMES wasm-ld-22 REQUIRED)
set(guest_libraries ${ECC_RESOURCES}/guest/lib/libeccui.a ${ECC_RESOURCES}/guest/lib/libbpf.a)
set(sysroot_libraries ${ECC_RESOURCES}/sysroot/lib/wasm32-wasip1)
set(default_program ${ECC_RESOURCES}/guest/lib/default_program.o)
set(default_program_root ${CMAKE_BINARY_DIR}/generated/default_program_root.o)
add_custom_command(
    OUTPUT ${default_program}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/generated
    COMMAND ${ECC_GUEST_CLANG} --target=wasm32-wasip1 -Os -nostdinc -I${CMAKE_SOURCE_DIR}/guest/c/include
            -isystem ${ECC_RESOURCES}/clang/include -isystem ${ECC_RESOURCES}/sysroot/include/wasm32-wasip1
            -c ${CMAKE_SOURCE_DIR}/compiler/default_program/root.c -o ${default_program_root}
    COMMAND ${ECC_GUEST_LINKER} -m wasm32 --relocatable ${sysroot_libraries}/crt1-command.o ${default_program_root}
            ${guest_libraries} ${sysroot_libraries}/libwasi-emulated-signal.a
            ${sysroot_libraries}/libwasi-emulated-process-clocks.a ${sysroot_libraries}/libwasi-emulated-getpid.a
            ${sysroot_libraries}/libwasi-emulated-mman.a ${sysroot_libraries}/libc.a
            ${sysroot_libraries}/libclang_rt.builtins.a -o ${default_program}
    COMMAND chmod 644 ${default_program}
    DEPENDS ${CMAKE_SOURCE_DIR}/compiler/default_program/root.c ${guest_libraries} ${resources_stamp}
    COMMENT "wasm32 default_program.o"
    VERBATIM)

add_custom_target(resources DEPENDS ${resources_stamp} ${templates_stamp} ${guest_sources_stamp}
                                  ${default_program})
# guest/c assembles and installs share/ecc/guest itself.
if(TARGET guest)
    add_dependencies(resources guest)
endif()
install(DIRECTORY ${ECC_RESOURCES} DESTINATION ${CMAKE_INSTALL_DATADIR} PATTERN "guest" EXCLUDE)
