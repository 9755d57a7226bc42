# What find_package(ecc) finds in an installed prefix, wherever that is moved.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_DATADIR}/cmake/ecc)
configure_package_config_file(
    ${CMAKE_SOURCE_DIR}/cmake/package/eccConfig.cmake.in ${CMAKE_BINARY_DIR}/eccConfig.cmake
    INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(
    ${CMAKE_BINARY_DIR}/eccConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(EXPORT eccTargets NAMESPACE ecc:: DESTINATION ${package_folder})
install(FILES
    ${CMAKE_BINARY_DIR}/eccConfig.cmake
    ${CMAKE_BINARY_DIR}/eccConfigVersion.cmake
    ${CMAKE_SOURCE_DIR}/cmake/package/EccAddPackage.cmake
    DESTINATION ${package_folder})
