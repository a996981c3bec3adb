/* Manifests of shards, and the notes of their workers, as JSON. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "pipeline/shard.h"

#define MANIFEST_KIND "shards 1"
#define DONE_KIND "done 1"
#define FILE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* --- paths ------------------------------------------------------------------------------------- */

char *qs_shard_path(qs_arena *arena, const char *folder, const char *name)
{
    const size_t length = strlen(folder) + strlen(name) + 2;
    char *path = qs_arena_alloc(arena, length, 1);
    if (path != NULL)
        (void)snprintf(path, length, "%s/%s", folder, name);
    return path;
}

char *qs_shard_folder(qs_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const qs_str folder = slash == NULL   ? qs_str_of(".")
                          : slash == path ? qs_str_of("/")
                                          : qs_str_make(path, (size_t)(slash - path));
    char *copy = qs_arena_alloc(arena, folder.len + 1, 1);
    if (copy != NULL) {
        memcpy(copy, folder.ptr, folder.len);
        copy[folder.len] = '\0';
    }
    return copy;
}

qs_status qs_shard_make_folder(const char *path, qs_error *err)
{
    struct stat about;
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &about) == 0 && S_ISDIR(about.st_mode)))
        return QS_OK;
    const qs_status status = qs_fail(err, QS_EIO, "cannot make the folder: %s", strerror(errno));
    qs_error_set_path(err, path);
    return status;
}

/* --- reading ----------------------------------------------------------------------------------- */

static qs_status read_object(json_t **out, const char *path, const char *kind, qs_error *err)
{
    qs_buf bytes = {0};
    *out = NULL;
    const qs_status status = qs_file_read(&bytes, path, FILE_BYTES_MAX, err);
    if (status == QS_OK)
        *out = json_loadb(bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, NULL);
    qs_buf_free(&bytes);
    if (status != QS_OK)
        return status;
    const char *found = json_string_value(json_object_get(*out, "quotestance"));
    if (found != NULL && strcmp(found, kind) == 0)
        return QS_OK;
    json_decref(*out);
    *out = NULL;
    return qs_fail(err, QS_EINPUT, "is not a file of the kind '%s'", kind);
}

static bool whole(const json_t *object, const char *name, uint64_t *out)
{
    const json_t *value = json_object_get(object, name);
    *out = (uint64_t)json_integer_value(value);
    return json_is_integer(value) && json_integer_value(value) >= 0;
}

/* A text of a file name, a hash: no path, no blank. */
static bool word(const json_t *object, const char *name, char *out, size_t size)
{
    const char *value = json_string_value(json_object_get(object, name));
    const size_t length = value == NULL ? 0 : strlen(value);
    if (length == 0 || length >= size || value[0] == '.' || strchr(value, '/') != NULL)
        return false;
    memcpy(out, value, length + 1);
    return true;
}

static bool hash(const json_t *object, const char *name, char *out, size_t size)
{
    return word(object, name, out, size) && strlen(out) == size - 1 && strspn(out, "0123456789abcdef") == size - 1;
}

static bool read_shard(qs_shard *shard, const json_t *from)
{
    const json_t *before = json_object_get(from, "before");
    return word(from, "file", shard->file, sizeof shard->file) && whole(from, "records", &shard->records) &&
           whole(from, "bytes", &shard->bytes) && hash(from, "sha256", shard->sha256, sizeof shard->sha256) &&
           whole(before, "records", &shard->before.records) && whole(before, "lines", &shard->before.lines) &&
           whole(before, "bytes", &shard->before.bytes);
}

static qs_status read_shards(qs_manifest *m, const json_t *shards, qs_error *err)
{
    uint64_t records = 0;
    const size_t count = json_array_size(shards);
    if (count == 0 || count > QS_SHARDS_MAX)
        return qs_fail(err, QS_EINPUT, "names no shards, or too many");
    const qs_status status = qs_grow(&m->shards, &m->capacity, count, sizeof *m->shards, err);
    if (status != QS_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        if (!read_shard(&m->shards[i], json_array_get(shards, i)) || m->shards[i].before.records != records)
            return qs_fail(err, QS_EINPUT, "its entry for shard %zu is damaged", i);
        records += m->shards[i].records;
    }
    m->count = count;
    return records == m->records ? QS_OK : qs_fail(err, QS_EINPUT, "its shards do not make up its records");
}

qs_status qs_manifest_read(qs_manifest *m, const char *path, qs_error *err)
{
    json_t *object = NULL;
    qs_status status = read_object(&object, path, MANIFEST_KIND, err);
    if (status == QS_OK) {
        const char *input = json_string_value(json_object_get(object, "input"));
        const char *format = json_string_value(json_object_get(object, "format"));
        if (input == NULL || format == NULL || !qs_format_from_name(format, &m->format) ||
            !whole(object, "max_record", &m->max_record) || !whole(object, "records", &m->records))
            status = qs_fail(err, QS_EINPUT, "is damaged");
        else if ((m->input = qs_arena_copy(&m->arena, qs_str_of(input)).ptr) == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    if (status == QS_OK)
        status = read_shards(m, json_object_get(object, "shards"), err);
    json_decref(object);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

void qs_manifest_free(qs_manifest *m)
{
    qs_arena_free(&m->arena);
    qs_free(m->shards);
}

qs_status qs_shard_done_read(qs_shard_done *done, const char *path, qs_error *err)
{
    json_t *object = NULL;
    qs_status status = read_object(&object, path, DONE_KIND, err);
    if (status == QS_OK &&
        !(whole(object, "index", &done->index) && whole(object, "records", &done->records) &&
          whole(object, "rejected", &done->rejected) && whole(object, "bytes", &done->bytes) &&
          hash(object, "key", done->key, sizeof done->key) && hash(object, "run", done->run, sizeof done->run) &&
          hash(object, "shard", done->shard, sizeof done->shard) &&
          hash(object, "sha256", done->sha256, sizeof done->sha256) && word(object, "file", done->file, sizeof done->file)))
        status = qs_fail(err, QS_EINPUT, "is damaged");
    json_decref(object);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

/* --- writing ----------------------------------------------------------------------------------- */

static void add_text(qs_buf *out, const char *name, const char *value)
{
    qs_buf_addf(out, ",\"%s\":", name);
    qs_buf_add_json(out, qs_str_of(value));
}

static void add_whole(qs_buf *out, const char *name, uint64_t value)
{
    qs_buf_addf(out, ",\"%s\":%llu", name, (unsigned long long)value);
}

static qs_status write_file(qs_buf *text, const char *path, qs_error *err)
{
    qs_status status = qs_buf_status(text, err);
    if (status == QS_OK)
        status = qs_file_write(path, qs_buf_view(text), err);
    qs_buf_free(text);
    return status;
}

qs_status qs_manifest_write(const qs_manifest *m, const char *path, qs_error *err)
{
    qs_buf out = {0};
    qs_buf_add_text(&out, "{\"quotestance\":\"" MANIFEST_KIND "\"");
    add_text(&out, "input", m->input);
    add_text(&out, "format", qs_format_name(m->format));
    add_whole(&out, "max_record", m->max_record);
    add_whole(&out, "records", m->records);
    qs_buf_add_text(&out, ",\"shards\":[");
    for (size_t i = 0; i < m->count; i++) {
        const qs_shard *shard = &m->shards[i];
        qs_buf_addf(&out, "%s\n{\"index\":%zu", i > 0 ? "," : "", i);
        add_text(&out, "file", shard->file);
        add_whole(&out, "records", shard->records);
        add_whole(&out, "bytes", shard->bytes);
        add_text(&out, "sha256", shard->sha256);
        qs_buf_addf(&out, ",\"before\":{\"records\":%llu", (unsigned long long)shard->before.records);
        add_whole(&out, "lines", shard->before.lines);
        add_whole(&out, "bytes", shard->before.bytes);
        qs_buf_add_text(&out, "}}");
    }
    qs_buf_add_text(&out, "\n]}\n");
    return write_file(&out, path, err);
}

qs_status qs_shard_done_write(const qs_shard_done *done, const char *path, qs_error *err)
{
    qs_buf out = {0};
    qs_buf_add_text(&out, "{\"quotestance\":\"" DONE_KIND "\"");
    add_whole(&out, "index", done->index);
    add_text(&out, "key", done->key);
    add_text(&out, "run", done->run);
    add_text(&out, "shard", done->shard);
    add_whole(&out, "records", done->records);
    add_whole(&out, "rejected", done->rejected);
    add_text(&out, "file", done->file);
    add_whole(&out, "bytes", done->bytes);
    add_text(&out, "sha256", done->sha256);
    qs_buf_add_text(&out, "}\n");
    return write_file(&out, path, err);
}
