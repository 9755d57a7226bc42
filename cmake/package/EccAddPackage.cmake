# ecc_add_package(NAME
#     SOURCES PROG.bpf.c...       the kernel part
#     [USER FILE...]              the user part in C or C++; without one it is generated
#     [GUEST FOLDER]              the user part in Rust or Go instead
#     [INCLUDES FOLDER...]        where headers of both parts are searched
#     [OPTIONS OPTION...]         more options of ecc, such as -DNAME=VALUE or --arch=x86,arm64
#     [DESTINATION FOLDER]        where it is installed; default: share/<project>
#     [PUSH REF...]               adds the target NAME-push, which stores the package under these references
#     [PUSH_OPTIONS OPTION...]    options of ecc push, such as --format=wasm,container
#     [EXCLUDE_FROM_ALL])         build only when asked, install only if it was built
#
# The target NAME makes NAME.wasm in the current binary folder, again whenever a source or a file that it includes changes;
# its property ECC_PACKAGE is that file. Relative paths are relative to the current source folder.

cmake_policy(PUSH)
cmake_policy(VERSION 3.20...3.25)

function(_ecc_absolute result)
    set(paths "")
    foreach(path IN LISTS ARGN)
        cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
        list(APPEND paths ${path})
    endforeach()
    set(${result} ${paths} PARENT_SCOPE)
endfunction()

function(_ecc_check_arguments name)
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "ecc_add_package(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
    endif()
    if(NOT arg_SOURCES)
        message(FATAL_ERROR "ecc_add_package(${name}): SOURCES names no .bpf.c file")
    endif()
    if(arg_USER AND arg_GUEST)
        message(FATAL_ERROR "ecc_add_package(${name}): USER and GUEST are two user parts; leave one of them out")
    endif()
endfunction()

function(ecc_add_package name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "EXCLUDE_FROM_ALL" "GUEST;DESTINATION"
        "SOURCES;USER;INCLUDES;OPTIONS;PUSH;PUSH_OPTIONS")
    _ecc_check_arguments(${name})
    set(package ${CMAKE_CURRENT_BINARY_DIR}/${name}.wasm)
    _ecc_absolute(files ${arg_SOURCES} ${arg_USER})
    _ecc_absolute(includes ${arg_INCLUDES})
    list(TRANSFORM includes PREPEND -I)
    if(arg_GUEST)
        _ecc_absolute(guest ${arg_GUEST})
        set(guest_options --guest ${guest})
    endif()

    add_custom_command(
        OUTPUT ${package}
        COMMAND ecc::ecc build ${files} ${guest_options} ${includes} ${arg_OPTIONS} -o ${package} -MD -MF ${package}.d
        DEPENDS ${files} ecc::ecc
        DEPFILE ${package}.d
        COMMENT "BPF package ${name}.wasm"
        VERBATIM)
    if(arg_EXCLUDE_FROM_ALL)
        add_custom_target(${name} DEPENDS ${package})
        set(optional OPTIONAL)
    else()
        add_custom_target(${name} ALL DEPENDS ${package})
    endif()
    set_target_properties(${name} PROPERTIES ECC_PACKAGE ${package})

    if(NOT arg_DESTINATION)
        set(arg_DESTINATION share/${PROJECT_NAME})
    endif()
    install(FILES ${package} DESTINATION ${arg_DESTINATION} ${optional})

    if(arg_PUSH)
        set(commands "")
        foreach(reference IN LISTS arg_PUSH)
            list(APPEND commands COMMAND ecc::ecc push ${package} ${reference} ${arg_PUSH_OPTIONS})
        endforeach()
        add_custom_target(${name}-push ${commands} DEPENDS ${package} USES_TERMINAL VERBATIM)
    endif()
endfunction()

cmake_policy(POP)
