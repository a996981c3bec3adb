# qs_embed_file(OUTPUT NAME FILE): a C file OUTPUT in the build folder that holds FILE's bytes as
# `const unsigned char NAME[]` and `const size_t NAME_size`. An absent FILE gives size 0.
function(qs_embed_file output name file)
    set(path "${CMAKE_CURRENT_BINARY_DIR}/${output}")
    set(script "${PROJECT_SOURCE_DIR}/scripts/cmake/QsEmbedFile.cmake")
    set(inputs "${script}")
    if(EXISTS "${file}")
        list(APPEND inputs "${file}")
    endif()
    add_custom_command(OUTPUT "${path}"
        COMMAND "${CMAKE_COMMAND}" "-DFILE=${file}" "-DNAME=${name}" "-DOUTPUT=${path}" -P "${script}"
        DEPENDS ${inputs} VERBATIM)
endfunction()
