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

add_custom_target(resources DEPENDS ${resources_stamp} ${templates_stamp})
# guest/c assembles and installs share/ecc/guest itself.
if(TARGET guest)
    add_dependencies(resources guest)
endif()
install(DIRECTORY ${ECC_RESOURCES} DESTINATION ${CMAKE_INSTALL_DATADIR} PATTERN "guest" EXCLUDE)
