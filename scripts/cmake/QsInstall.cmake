# What `cmake --install` puts where. Components: cli (program, man pages, completion), lib (the shared library), dev (headers,
# archive, CMake package, pkg-config file).
include(CMakePackageConfigHelpers)
set(qs_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/quotestance")

# The program finds a shared library beside it wherever the tree is moved. Packages say -DCMAKE_SKIP_INSTALL_RPATH=ON.
if(BUILD_SHARED_LIBS)
    file(RELATIVE_PATH up "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
    set_target_properties(quotestance_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${up}")
endif()

install(TARGETS quotestance_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT cli)
install(TARGETS quotestance EXPORT quotestanceTargets
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT lib NAMELINK_COMPONENT dev
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(DIRECTORY include/quotestance "${PROJECT_BINARY_DIR}/include/quotestance"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dev FILES_MATCHING PATTERN "*.h")
install(EXPORT quotestanceTargets NAMESPACE quotestance:: DESTINATION "${qs_package_dir}" COMPONENT dev)

configure_package_config_file(scripts/cmake/quotestanceConfig.cmake.in "${PROJECT_BINARY_DIR}/quotestanceConfig.cmake"
    INSTALL_DESTINATION "${qs_package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/quotestanceConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/quotestanceConfig.cmake" "${PROJECT_BINARY_DIR}/quotestanceConfigVersion.cmake"
    scripts/cmake/QsDependencies.cmake DESTINATION "${qs_package_dir}" COMPONENT dev)

# The prefix is told from where the file lies, so that an installed tree can be moved.
file(RELATIVE_PATH QS_PC_PREFIX "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" QS_PC_PREFIX "${QS_PC_PREFIX}")
configure_file(scripts/cmake/quotestance.pc.in "${PROJECT_BINARY_DIR}/quotestance.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/quotestance.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT dev)
