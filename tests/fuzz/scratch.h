/* A folder of its own for fuzz targets of what is read by path. SPDX-License-Identifier: MIT */
#ifndef QS_TESTS_FUZZ_SCRATCH_H
#define QS_TESTS_FUZZ_SCRATCH_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char scratch_folder[256];

static void scratch_remove(void)
{
    static const char *const names[] = {"in", "out", "out.partial", "out.journal"};
    char path[300];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", scratch_folder, names[i]);
        unlink(path);
    }
    rmdir(scratch_folder);
}

/* The path of a file in the folder, which is made when it is first needed; in memory where we may write to such a place. */
static const char *scratch_path(char path[300], const char *name)
{
    static const char *const places[] = {"/dev/shm/qs-fuzz-XXXXXX", "/tmp/qs-fuzz-XXXXXX"};
    for (size_t i = 0; i < sizeof places / sizeof *places && scratch_folder[0] == '\0'; i++) {
        snprintf(scratch_folder, sizeof scratch_folder, "%s", places[i]);
        if (mkdtemp(scratch_folder) == NULL) /* /dev/shm may be there and not for us */
            scratch_folder[0] = '\0';
        else
            atexit(scratch_remove);
    }
    if (scratch_folder[0] == '\0') {
        perror("a folder for the fuzz target");
        exit(1);
    }
    snprintf(path, 300, "%s/%s", scratch_folder, name);
    return path;
}

static void scratch_write(const char *path, const void *bytes, size_t size)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || close(fd) != 0)
        exit(1);
}

static void demand(bool true_always)
{
    if (!true_always)
        abort();
}

#endif
