# Debian packages by CPack, one for each component; scripts/package makes and checks them.
set(soname "${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}")
set(QS_CONTACT "quotestance maintainers <maintainers@quotestance.invalid>" CACHE STRING "maintainer named in packages")
set(packages "${PROJECT_BINARY_DIR}/package")

# The changelog and the licence as Debian wants them, for each package.
file(READ "${PROJECT_SOURCE_DIR}/LICENSE" licence)
string(STRIP "${licence}" licence)
string(REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REPLACE "\n" "\n " licence " ${licence}")
string(REGEX MATCH "Copyright [^\n]*" holder "${licence}")
string(REGEX REPLACE "^Copyright (\\([cC]\\) )?" "" holder "${holder}")
file(CONFIGURE OUTPUT "${packages}/copyright" CONTENT "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: quotestance

Files: *
Copyright: @holder@
License: MIT

License: MIT
@licence@
" @ONLY)
file(CONFIGURE OUTPUT "${packages}/changelog" CONTENT "quotestance (@PROJECT_VERSION@) bookworm; urgency=medium

  * What changed is told in the project's CHANGELOG.

 -- @QS_CONTACT@  Fri, 27 Nov 2026 08:00:00 +0000
" @ONLY)
execute_process(COMMAND gzip -9nf "${packages}/changelog" COMMAND_ERROR_IS_FATAL ANY)

function(qs_package component name section summary description depends)
    string(TOUPPER "${component}" upper)
    set(CPACK_COMPONENT_${upper}_DESCRIPTION "${summary}\n${description}" PARENT_SCOPE)
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME "${name}" PARENT_SCOPE)
    set(CPACK_DEBIAN_${upper}_FILE_NAME "DEB-DEFAULT" PARENT_SCOPE)
    set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION "${section}" PARENT_SCOPE)
    set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${depends}" PARENT_SCOPE)
    install(FILES "${packages}/copyright" "${packages}/changelog.gz"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${name}" COMPONENT ${component})
endfunction()

set(library "libquotestance${soname}")
set(what "quotestance reads news articles, finds who said what, and scores each quote's\nstance toward negotiations and its sentiment.")
qs_package(cli quotestance text "quotes, speakers and stance from news articles"
    "${what}\nThis package holds the program." "${library} (= ${PROJECT_VERSION})")
qs_package(lib ${library} libs "quotes, speakers and stance from news articles (library)"
    "${what}\nThis package holds the shared library." "")
qs_package(dev libquotestance-dev libdevel "quotes, speakers and stance from news articles (development files)"
    "${what}\nThis package holds the headers, the archive and what pkg-config and CMake need."
    "${library} (= ${PROJECT_VERSION}), libcsv-dev, libjansson-dev, liblinear-dev, libmd-dev, libstemmer-dev, libsvm-dev, libutf8proc-dev, libxml2-dev, libxxhash-dev, libzstd-dev, zlib1g-dev")
if(QS_PYTHON_FOLDER)
    qs_package(python python3-quotestance python "quotes, speakers and stance from news articles (Python module)"
        "${what}\nThis package holds the Python module, also for scikit-learn." "python3, ${library} (= ${PROJECT_VERSION})")
    set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
    set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS "python3-sklearn")
endif()

# Symbols are looked up where the library lies until it is installed.
set(CPACK_DEBIAN_CLI_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_LIB_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/src")
# Until 1.0 a package that is linked with the library needs this very minor version.
file(WRITE "${packages}/shlibs" "libquotestance ${soname} ${library} (>= ${PROJECT_VERSION})\n")
file(WRITE "${packages}/triggers" "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIB_PACKAGE_CONTROL_EXTRA "${packages}/shlibs;${packages}/triggers")
set(CPACK_DEBIAN_LIB_PACKAGE_CONTROL_STRICT_PERMISSION TRUE)
set(CPACK_DEBIAN_PACKAGE_SOURCE quotestance)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CONTACT "${QS_CONTACT}")
set(CPACK_PACKAGE_VENDOR quotestance)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
include(CPack)
