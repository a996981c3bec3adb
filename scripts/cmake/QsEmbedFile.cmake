# Run by qs_embed_file. `.incbin` keeps a model of megabytes out of the C compiler's parser.
if(EXISTS "${FILE}")
    file(SIZE "${FILE}" size)
    file(SHA256 "${FILE}" hash)
else()
    set(size 0)
    set(hash "absent")
endif()
if(size EQUAL 0)
    set(body "    \".byte 0\\n\"\n")
else()
    set(body "    \".incbin \\\"${FILE}\\\"\\n\"\n")
endif()
file(WRITE "${OUTPUT}" "/* Made by the build: the bytes of a file (SHA-256 ${hash}). */
#include <stddef.h>
__asm__(
    \".section .rodata\\n\"
    \".balign 64\\n\"
    \".hidden ${NAME}\\n\"
    \".globl ${NAME}\\n\"
    \".type ${NAME}, @object\\n\"
    \"${NAME}:\\n\"
${body}    \".size ${NAME}, .-${NAME}\\n\"
    \".previous\\n\");
extern const size_t ${NAME}_size;
const size_t ${NAME}_size = ${size};
")
