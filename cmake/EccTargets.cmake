# How our own libraries and programs are compiled: warnings are errors, includes start at the repository root.

set(ECC_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND ECC_WARNINGS -Wno-restrict) # false alarms on std::string's operator+ (GCC bug 105329)
else()
    list(APPEND ECC_WARNINGS -Wno-error) # GCC's library with another compiler
endif()

function(ecc_configure_target name)
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
    target_compile_options(${name} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${ECC_WARNINGS}>")
    if(ECC_FUZZ)
        target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link,address,undefined
                                               -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    endif()
    if(ECC_SANITIZE)
        # The check of an object's type opens a pipe, and reports what is not so where no descriptor is left for it.
        target_compile_options(${name} PRIVATE -fsanitize=address,undefined -fno-sanitize=vptr
                                               -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
        target_link_options(${name} PRIVATE -fsanitize=address,undefined)
    endif()
endfunction()

# ecc_library(NAME SOURCES... ) makes one of our static libraries.
function(ecc_library name)
    add_library(${name} STATIC ${ARGN})
    ecc_configure_target(${name})
endfunction()

# ecc_program(NAME SOURCES...) makes one of our programs.
function(ecc_program name)
    add_executable(${name} ${ARGN})
    ecc_configure_target(${name})
endfunction()

# ecc_test(NAME SOURCES... LIBRARIES ... [LABELS ...]) makes a GoogleTest program and lists its cases in ctest.
# A test with the label "kernel" needs root and a kernel with BTF; one with "registry" starts registry processes.
# Of programs with the same LOCK one test runs at a time: they make the same events.
# Suites whose name starts with Full are too long for every run: they have the label "full".
function(ecc_test name)
    cmake_parse_arguments(arg "" "TIMEOUT;LOCK" "SOURCES;LIBRARIES;LABELS;DEPENDS" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(NOT arg_LABELS)
        set(arg_LABELS unit)
    endif()
    set(lock "")
    if(arg_LOCK)
        set(lock RESOURCE_LOCK ${arg_LOCK})
    endif()
    ecc_program(${name} ${arg_SOURCES})
    target_compile_options(${name} PRIVATE $<$<CONFIG:Debug>:-O0>) # they are compiled more often than they run
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} GTest::gmock GTest::gtest_main)
    target_compile_definitions(${name} PRIVATE ECC_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                               ECC_BINARY_DIR="${CMAKE_BINARY_DIR}")
    if(arg_DEPENDS)
        add_dependencies(${name} ${arg_DEPENDS})
    endif()
    gtest_discover_tests(${name} TEST_FILTER "-Full*" DISCOVERY_TIMEOUT 60
        PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT} ${lock})
    gtest_discover_tests(${name} TEST_FILTER "Full*" TEST_LIST ${name}_FULL DISCOVERY_TIMEOUT 60
        PROPERTIES LABELS full TIMEOUT 3600)
endfunction()
