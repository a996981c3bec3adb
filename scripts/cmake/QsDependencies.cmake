# Libraries from the system; also what users of the installed archive need. Debian's libsvm, liblinear and libcsv bring no pkg-config file.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(LibXml2 REQUIRED)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(jansson REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(libmd REQUIRED IMPORTED_TARGET libmd)

# qs_find_plain(NAME header library): an imported target NAME for a library without a description.
function(qs_find_plain name header library)
    if(TARGET ${name}::${name})
        return()
    endif()
    find_path(${name}_INCLUDE_DIR ${header} REQUIRED)
    find_library(${name}_LIBRARY ${library} REQUIRED)
    mark_as_advanced(${name}_INCLUDE_DIR ${name}_LIBRARY)
    add_library(${name}::${name} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(${name}::${name} PROPERTIES
        IMPORTED_LOCATION "${${name}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${${name}_INCLUDE_DIR}")
endfunction()
qs_find_plain(LibSVM libsvm/svm.h svm)
qs_find_plain(LibLinear linear.h linear)
qs_find_plain(LibCSV csv.h csv)
qs_find_plain(LibStemmer libstemmer.h stemmer)
