/* Status codes and the error record that every fallible call fills. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_STATUS_H
#define QUOTESTANCE_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define QS_API __attribute__((visibility("default")))
#define QS_NODISCARD __attribute__((warn_unused_result))
#define QS_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define QS_API
#define QS_NODISCARD
#define QS_PRINTF(text, first)
#endif

/** name, value (fixed for ever), process exit code of the command line, words */
#define QS_STATUS_TABLE(X)                                                                         \
    X(QS_OK, 0, 0, "done")                                                                         \
    X(QS_REJECTED, -1, 1, "finished, some records were rejected")                                  \
    X(QS_EUSAGE, -2, 2, "usage")                                                                   \
    X(QS_EMODEL, -3, 3, "model")                                                                   \
    X(QS_EINPUT, -4, 4, "input")                                                                   \
    X(QS_EIO, -5, 5, "input or output failed")                                                     \
    X(QS_ENOMEM, -6, 6, "out of memory")                                                           \
    X(QS_ELIMIT, -7, 6, "a limit was reached")                                                     \
    X(QS_EGATE, -8, 7, "a quality gate was not met")                                               \
    X(QS_EINTERRUPTED, -9, 130, "interrupted")

/** 0 is success, negative values are failures; nothing else is ever returned. */
typedef enum qs_status {
#define QS_STATUS_ENUM(name, value, exit_code, words) name = value,
    QS_STATUS_TABLE(QS_STATUS_ENUM)
#undef QS_STATUS_ENUM
} qs_status;

/** What went wrong and where. The caller owns it; pass NULL where it does not matter. */
typedef struct qs_error {
    qs_status status;  /**< the status that was returned */
    uint64_t line;     /**< line in `path`, from 1; 0 if unknown */
    uint64_t offset;   /**< byte in the file or record, from 0; QS_NO_OFFSET if unknown */
    char path[256];    /**< file the error is about; empty if none */
    char message[256]; /**< one line, lower case, no final dot */
} qs_error;

/** The value of qs_error.offset when no byte can be named. */
#define QS_NO_OFFSET UINT64_MAX

/** The words of a status. [borrowed: static]. Any thread. */
QS_API const char *qs_status_words(qs_status status);

/** The name of a status, such as "QS_EMODEL". [borrowed: static]. Any thread. */
QS_API const char *qs_status_name(qs_status status);

/** The exit code that the command line gives for a status. Any thread. */
QS_API int qs_status_exit_code(qs_status status);

#ifdef __cplusplus
}
#endif

#endif
