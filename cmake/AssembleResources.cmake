# Copies the toolchain's parts into OUTPUT: cmake -DOUTPUT=... -DCLANG_HEADERS=... (see Resources.cmake) -P this-file

function(need path package)
    if(NOT EXISTS ${path})
        message(FATAL_ERROR "${path} is missing: install ${package}")
    endif()
endfunction()

need(${CLANG_HEADERS}/stddef.h libclang-common-22-dev)
need(${CXX_HEADERS}/vector libc++-22-dev-wasm32)
need(${CXX_LIBRARIES}/libc++abi.a libc++abi-22-dev-wasm32)
need(${BUILTINS} libclang-rt-22-dev-wasm32)
need(${WASI_HEADERS}/stdio.h wasi-libc)
need(${WASI_LIBRARIES}/crt1-command.o wasi-libc)
need(${KERNEL_HEADERS}/linux/bpf.h linux-libc-dev)
need(${KERNEL_ASM_HEADERS}/types.h linux-libc-dev)

# clang's own headers, without those of other processors.
file(GLOB clang_headers ${CLANG_HEADERS}/*.h)
list(FILTER clang_headers INCLUDE REGEX
     "/(__std|__float|float|inttypes|iso646|limits|std|tgmath|unwind|varargs|wasm_simd128|builtins)[^/]*\\.h$")
file(REMOVE_RECURSE ${OUTPUT}/clang ${OUTPUT}/bpf ${OUTPUT}/uapi ${OUTPUT}/sysroot)
file(COPY ${clang_headers} DESTINATION ${OUTPUT}/clang/include)

# For `#include <bpf/bpf_helpers.h>`: only the headers that BPF programs use, not the loader's.
file(GLOB bpf_headers ${BPF_HEADERS}/bpf_*.h ${BPF_HEADERS}/*.bpf.h)
file(COPY ${bpf_headers} DESTINATION ${OUTPUT}/bpf/include/bpf)

foreach(folder linux asm-generic misc mtd rdma sound video xen)
    if(EXISTS ${KERNEL_HEADERS}/${folder})
        file(COPY ${KERNEL_HEADERS}/${folder} DESTINATION ${OUTPUT}/uapi)
    endif()
endforeach()
file(COPY ${KERNEL_ASM_HEADERS} DESTINATION ${OUTPUT}/uapi)

# The layout of wasi-sdk's sysroot.
set(target wasm32-wasip1)
file(COPY ${WASI_HEADERS}/ DESTINATION ${OUTPUT}/sysroot/include/${target} PATTERN "c++" EXCLUDE)
# __cxx03 is a second libc++ for C++03 alone.
file(COPY ${CXX_HEADERS}/ DESTINATION ${OUTPUT}/sysroot/include/${target}/c++/v1 PATTERN "__cxx03" EXCLUDE)
file(GLOB libraries ${WASI_LIBRARIES}/*.a ${WASI_LIBRARIES}/crt1*.o)
file(GLOB cxx_libraries ${CXX_LIBRARIES}/*.a)
list(FILTER libraries EXCLUDE REGEX "libc\\+\\+")
list(FILTER cxx_libraries EXCLUDE REGEX "experimental")
file(COPY ${libraries} ${cxx_libraries} DESTINATION ${OUTPUT}/sysroot/lib/${target} FOLLOW_SYMLINK_CHAIN)
file(COPY_FILE ${BUILTINS} ${OUTPUT}/sysroot/lib/${target}/libclang_rt.builtins.a ONLY_IF_DIFFERENT)
