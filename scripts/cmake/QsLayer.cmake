# qs_layer(NAME SOURCES file... [MAY_USE layer...] [EXTERNAL target...])
# One stage of the pipeline as an object library. MAY_USE lists every layer it may include; the same table is
# read by tests/lint/layers.sh. A unit test links only its layer and what that layer may use.
function(qs_layer name)
    cmake_parse_arguments(ARG "" "" "SOURCES;MAY_USE;EXTERNAL" ${ARGN})
    add_library(qs_${name} OBJECT ${ARG_SOURCES})
    target_include_directories(qs_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
    target_link_libraries(qs_${name} PRIVATE qs_flags PUBLIC ${ARG_EXTERNAL})
    set_property(GLOBAL PROPERTY QS_LAYER_${name}_USES "${ARG_MAY_USE}")
    set_property(GLOBAL APPEND PROPERTY QS_LAYERS ${name})
    set_property(GLOBAL APPEND PROPERTY QS_EXTERNALS ${ARG_EXTERNAL})
    string(REPLACE ";" " " uses "${ARG_MAY_USE}")
    set_property(GLOBAL APPEND PROPERTY QS_LAYER_TABLE "${name}: ${uses}")
endfunction()
