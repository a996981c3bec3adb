# What `cmake --install` puts where. Components: cli (program, man pages, completion), lib (the shared library), dev (headers,
# archive, CMake package, pkg-config files), python (the module).
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
install(EXPORT quotestanceTargets NAMESPACE quotestance:: DESTINATION "${qs_package_dir}" COMPONENT dev)
if(BUILD_SHARED_LIBS)
    install(TARGETS quotestance_static EXPORT quotestanceStaticTargets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev
        INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
    install(EXPORT quotestanceStaticTargets NAMESPACE quotestance:: DESTINATION "${qs_package_dir}" COMPONENT dev)
endif()
install(DIRECTORY include/quotestance "${PROJECT_BINARY_DIR}/include/quotestance"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dev FILES_MATCHING PATTERN "*.h")

configure_package_config_file(scripts/cmake/quotestanceConfig.cmake.in "${PROJECT_BINARY_DIR}/quotestanceConfig.cmake"
    INSTALL_DESTINATION "${qs_package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/quotestanceConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/quotestanceConfig.cmake" "${PROJECT_BINARY_DIR}/quotestanceConfigVersion.cmake"
    scripts/cmake/QsDependencies.cmake DESTINATION "${qs_package_dir}" COMPONENT dev)

# The prefix is told from where the file lies, so that an installed tree can be moved. quotestance-static names the archive.
file(RELATIVE_PATH QS_PC_PREFIX "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
string(REGEX REPLACE "/$" "" QS_PC_PREFIX "${QS_PC_PREFIX}")
foreach(name quotestance quotestance-static)
    configure_file(scripts/cmake/${name}.pc.in "${PROJECT_BINARY_DIR}/${name}.pc" @ONLY)
    install(FILES "${PROJECT_BINARY_DIR}/${name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT dev)
endforeach()

# Man pages and completion are written by the program itself, from the tables that parse its options.
set(QS_ZSH_FOLDER "share/zsh/site-functions" CACHE STRING "where zsh looks for completion functions, below the prefix")
if(NOT CMAKE_CROSSCOMPILING)
    set(documents "${PROJECT_BINARY_DIR}/documents")
    add_custom_command(OUTPUT "${documents}/done"
        COMMAND "${CMAKE_COMMAND}" "-DPROGRAM=$<TARGET_FILE:quotestance_cli>" "-DOUT=${documents}"
                -P "${PROJECT_SOURCE_DIR}/scripts/cmake/QsDocuments.cmake"
        DEPENDS quotestance_cli "${PROJECT_SOURCE_DIR}/scripts/cmake/QsDocuments.cmake" VERBATIM)
    add_custom_target(documents ALL DEPENDS "${documents}/done")
    install(DIRECTORY "${documents}/man1" DESTINATION "${CMAKE_INSTALL_MANDIR}" COMPONENT cli)
    install(FILES "${documents}/quotestance.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
        RENAME quotestance COMPONENT cli)
    install(FILES "${documents}/quotestance.zsh" DESTINATION "${QS_ZSH_FOLDER}" RENAME _quotestance COMPONENT cli)
    install(FILES "${documents}/quotestance.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d"
        COMPONENT cli)
endif()

# The Python module: where the interpreter looks, such as lib/python3/dist-packages; empty: not installed.
set(QS_PYTHON_FOLDER "" CACHE STRING "where to install the Python module, below the prefix; empty: nowhere")
if(QS_PYTHON_FOLDER)
    install(FILES scripts/python/quotestance.py DESTINATION "${QS_PYTHON_FOLDER}" COMPONENT python)
endif()
