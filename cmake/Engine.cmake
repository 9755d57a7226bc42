# Current libbpf and the Wasm engine from the pinned crate in third_party/engine, as the imported targets
# engine::libbpf and engine::wasmtime. Built once into a cache outside the build folder, shared by all of them.
#
# ECC_CACHE_DIR (or the environment variable of that name) moves the cache; the default is $XDG_CACHE_HOME/ecc or
# ~/.cache/ecc.

find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ELF REQUIRED IMPORTED_TARGET libelf)

if(NOT ECC_CACHE_DIR)
    if(DEFINED ENV{ECC_CACHE_DIR})
        set(ECC_CACHE_DIR $ENV{ECC_CACHE_DIR})
    elseif(DEFINED ENV{XDG_CACHE_HOME})
        set(ECC_CACHE_DIR $ENV{XDG_CACHE_HOME}/ecc)
    else()
        set(ECC_CACHE_DIR $ENV{HOME}/.cache/ecc)
    endif()
endif()

set(engine_key "")
foreach(input Cargo.toml Cargo.lock build.rs src/lib.rs)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/third_party/engine/${input})
    file(SHA256 ${CMAKE_SOURCE_DIR}/third_party/engine/${input} input_digest)
    string(APPEND engine_key ${input_digest})
endforeach()
string(SHA256 engine_key "${engine_key}")
string(SUBSTRING ${engine_key} 0 16 engine_key)
set(ECC_ENGINE_PREFIX ${ECC_CACHE_DIR}/engine-${engine_key}-${CMAKE_HOST_SYSTEM_PROCESSOR})

set(engine_outputs ${ECC_ENGINE_PREFIX}/lib/libbpf.a ${ECC_ENGINE_PREFIX}/lib/libecc_engine.a)
add_custom_command(
    OUTPUT ${engine_outputs}
    COMMAND ${CMAKE_SOURCE_DIR}/third_party/build-engine ${ECC_ENGINE_PREFIX}
    COMMENT "libbpf and the Wasm engine"
    USES_TERMINAL)
add_custom_target(engine DEPENDS ${engine_outputs})

# The headers come with the build, so the folder must exist when the imported targets name it.
file(MAKE_DIRECTORY ${ECC_ENGINE_PREFIX}/include)

add_library(engine::libbpf STATIC IMPORTED GLOBAL)
set_target_properties(engine::libbpf PROPERTIES
    IMPORTED_LOCATION ${ECC_ENGINE_PREFIX}/lib/libbpf.a
    INTERFACE_INCLUDE_DIRECTORIES ${ECC_ENGINE_PREFIX}/include
    INTERFACE_LINK_LIBRARIES "PkgConfig::ELF;ZLIB::ZLIB")
add_dependencies(engine::libbpf engine)

find_package(Threads REQUIRED)
add_library(engine::wasmtime STATIC IMPORTED GLOBAL)
set_target_properties(engine::wasmtime PROPERTIES
    IMPORTED_LOCATION ${ECC_ENGINE_PREFIX}/lib/libecc_engine.a
    INTERFACE_INCLUDE_DIRECTORIES ${ECC_ENGINE_PREFIX}/include
    INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS};m")
add_dependencies(engine::wasmtime engine)
