/* The files that a list of inputs names. SPDX-License-Identifier: MIT */
#include "pipeline/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static qs_status add_name(qs_walk_level *level, size_t *capacity, const char *folder, const char *name, qs_error *err)
{
    const size_t length = strlen(folder) + strlen(name) + 2;
    const qs_status status = qs_grow(&level->names, capacity, level->count + 1, sizeof *level->names, err);
    if (status != QS_OK)
        return status;
    char *full = qs_arena_alloc(&level->arena, length, 1);
    if (full == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    (void)snprintf(full, length, "%s/%s", folder, name);
    level->names[level->count++] = full;
    return QS_OK;
}

/* Lists a folder as the level below; on failure the level is empty. */
static qs_status enter(qs_walk *walk, const char *path, qs_error *err)
{
    size_t capacity = 0;
    qs_status status = QS_OK;
    if (walk->depth == QS_WALK_DEPTH_MAX)
        return qs_fail(err, QS_ELIMIT, "folders more than %d deep", QS_WALK_DEPTH_MAX);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return qs_fail(err, QS_EIO, "cannot open the folder: %s", strerror(errno));
    qs_walk_level *level = &walk->levels[walk->depth++];
    for (struct dirent *entry = readdir(folder); entry != NULL && status == QS_OK; entry = readdir(folder))
        if (entry->d_name[0] != '.')
            status = add_name(level, &capacity, path, entry->d_name, err);
    closedir(folder);
    if (level->count > 0)
        qsort(level->names, level->count, sizeof *level->names, by_name);
    return status;
}

static void leave(qs_walk *walk)
{
    qs_walk_level *level = &walk->levels[--walk->depth];
    qs_free(level->names);
    qs_arena_free(&level->arena);
    *level = (qs_walk_level){0};
}

qs_status qs_walk_next(qs_walk *walk, const char **path, qs_error *err)
{
    struct stat about;
    for (;;) {
        const char *name = NULL;
        *path = NULL;
        if (walk->depth > 0) {
            qs_walk_level *level = &walk->levels[walk->depth - 1];
            if (level->next == level->count) {
                leave(walk);
                continue;
            }
            name = level->names[level->next++];
        } else if (walk->next < walk->input_count) {
            name = walk->inputs[walk->next++];
        } else {
            return QS_OK;
        }
        if (strcmp(name, "-") == 0 || stat(name, &about) != 0 || !S_ISDIR(about.st_mode)) {
            *path = name;
            return QS_OK;
        }
        const qs_status status = enter(walk, name, err);
        if (status != QS_OK) {
            qs_error_set_path(err, name);
            return status;
        }
    }
}

void qs_walk_free(qs_walk *walk)
{
    while (walk->depth > 0)
        leave(walk);
}
