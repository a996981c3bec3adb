/* Reading the model file: container first, then contents, then meaning. Nothing is allocated by a number from
 * the file before that number was held against the file's own length. SPDX-License-Identifier: MIT */
#include <xxhash.h>

#include "base/io.h"
#include "model/bundle.h"
#include "model/bundle_format.h"
#include "model/bundle_heads.h"
#include "model/crc32c.h"

typedef struct kind {
    const char *words;
    uint32_t element_size;
    uint64_t most;
} kind;

static const kind kinds[QS_SECTION_TYPES] = {
#define QS_SECTION_KIND(name, value, words, size, most) [name] = {words, size, most},
    QS_BUNDLE_SECTIONS(QS_SECTION_KIND)
#undef QS_SECTION_KIND
};

/* The file and where each known section lies in it. */
typedef struct bundle {
    qs_str bytes;
    qs_bundle_header header;
    qs_bundle_section known[QS_SECTION_TYPES]; /* type 0: absent */
    qs_bundle_section table[QS_BUNDLE_MAX_SECTIONS];
    size_t table_count;
} bundle;

static qs_status refuse(qs_error *err, uint64_t offset, const char *what)
{
    return qs_fail_at(err, QS_EMODEL, 0, offset, "not a usable model: %s", what);
}

static qs_status check_header(bundle *b, qs_error *err)
{
    qs_bundle_header *header = &b->header;
    static const unsigned char zero[sizeof header->zero] = {0};
    if (b->bytes.len < sizeof *header)
        return refuse(err, b->bytes.len, "the file is shorter than a header");
    memcpy(header, b->bytes.ptr, sizeof *header);
    if (memcmp(header->magic, QS_BUNDLE_MAGIC, sizeof header->magic) != 0)
        return refuse(err, 0, "the first bytes are not those of a model file");
    if (header->major != QS_BUNDLE_MAJOR)
        return qs_fail_at(err, QS_EMODEL, 0, 8,
                          "the model file has format %u, this program reads format %d",
                          header->major, QS_BUNDLE_MAJOR);
    if (header->header_crc != qs_crc32c(header, offsetof(qs_bundle_header, header_crc)))
        return refuse(err, 60, "the header is damaged");
    if (header->file_size != b->bytes.len)
        return refuse(err, 16, "the file was cut short or something was added to it");
    if (header->header_size != sizeof *header || header->table_offset != sizeof *header ||
        header->order != QS_BUNDLE_ORDER || memcmp(header->zero, zero, sizeof zero) != 0)
        return refuse(err, 12, "a field of the header has a wrong value");
    if ((header->flags & 0xffffu) != 0)
        return refuse(err, 28, "it needs a newer program");
    if (header->section_count == 0 || header->section_count > QS_BUNDLE_MAX_SECTIONS)
        return refuse(err, 24, "it has no sections or too many");
    return QS_OK;
}

static bool all_zero(const char *bytes, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* Shape of one entry, given where the one before ended. */
static const char *entry_flaw(const bundle *b, const qs_bundle_section *entry, uint64_t end)
{
    uint64_t length = 0;
    if (entry->offset < end || entry->offset % QS_BUNDLE_ALIGN != 0 ||
        entry->offset - end >= QS_BUNDLE_ALIGN)
        return "a section out of place";
    if (entry->offset > b->bytes.len || entry->length > b->bytes.len - entry->offset)
        return "a section beyond the end of the file";
    if (!all_zero(b->bytes.ptr + end, entry->offset - end))
        return "bytes between the sections";
    if (entry->align != QS_BUNDLE_ALIGN || entry->element_size == 0 ||
        __builtin_mul_overflow(entry->element_count, (uint64_t)entry->element_size, &length) ||
        length != entry->length)
        return "a section whose length does not fit its elements";
    if (entry->type == 0 || entry->type >= QS_SECTION_TYPES)
        return (entry->flags & QS_BUNDLE_CRITICAL) != 0 ? "a section that this program does not know"
                                                        : NULL;
    if (entry->flags != QS_BUNDLE_CRITICAL || entry->element_size != kinds[entry->type].element_size ||
        entry->element_count > kinds[entry->type].most)
        return "a section with wrong elements or too many";
    return NULL;
}

static qs_status check_table(bundle *b, qs_error *err)
{
    qs_bundle_section table[QS_BUNDLE_MAX_SECTIONS];
    const size_t count = b->header.section_count;
    const size_t size = count * sizeof *table;
    uint64_t end = sizeof b->header + size;
    if (b->bytes.len < end)
        return refuse(err, b->bytes.len, "the table of sections is cut short");
    memcpy(table, b->bytes.ptr + sizeof b->header, size);
    if (b->header.table_crc != qs_crc32c(table, size))
        return refuse(err, sizeof b->header, "the table of sections is damaged");
    for (size_t i = 0; i < count; i++) {
        const uint64_t where = sizeof b->header + i * sizeof *table;
        if (i > 0 && table[i].type <= table[i - 1].type)
            return refuse(err, where, "sections that are not in ascending order");
        const char *flaw = entry_flaw(b, &table[i], end);
        if (flaw != NULL)
            return refuse(err, where, flaw);
        if (table[i].type < QS_SECTION_TYPES)
            b->known[table[i].type] = table[i];
        end = table[i].offset + table[i].length;
    }
    if (end != b->bytes.len)
        return refuse(err, end, "bytes after the last section");
    b->table_count = count;
    memcpy(b->table, table, size);
    return QS_OK;
}

/* What each section holds is what was written. */
static qs_status check_hashes(const bundle *b, qs_error *err)
{
    for (size_t i = 0; i < b->table_count; i++) {
        const qs_bundle_section *entry = &b->table[i];
        if (XXH64(b->bytes.ptr + entry->offset, (size_t)entry->length, 0) != entry->hash)
            return qs_fail_at(err, QS_EMODEL, 0, entry->offset,
                              "not a usable model: section %u (%s) is damaged", entry->type,
                              entry->type < QS_SECTION_TYPES ? kinds[entry->type].words : "unknown");
    }
    return QS_OK;
}

static bool has(const bundle *b, qs_section_type type)
{
    return b->known[type].type != 0;
}

static qs_str payload_of(const bundle *b, qs_section_type type)
{
    const qs_bundle_section *section = &b->known[type];
    return qs_str_make(b->bytes.ptr + section->offset, (size_t)section->length);
}

/* Where a section that must have `count` elements lies; `*out` is a pointer to elements. */
static qs_status find_section(const bundle *b, qs_section_type type, uint64_t count, void *out, qs_error *err)
{
    const qs_bundle_section *section = &b->known[type];
    if (!has(b, type) || section->element_count != count)
        return qs_fail_at(err, QS_EMODEL, 0, section->offset,
                          "not a usable model: section %d (%s) has %llu elements, %llu expected",
                          (int)type, kinds[type].words, (unsigned long long)section->element_count,
                          (unsigned long long)count);
    const char *start = b->bytes.ptr + section->offset; /* aligned: the bytes and all sections are */
    memcpy(out, &start, sizeof start);
    return QS_OK;
}

static qs_status read_spec(const bundle *b, qs_model *model, qs_error *err)
{
    uint32_t words[QS_FEATURE_SPEC_WORDS];
    const qs_bundle_section *section = &b->known[QS_SECTION_SPEC];
    if (section->element_count != QS_FEATURE_SPEC_WORDS)
        return refuse(err, section->offset, "no feature specification");
    memcpy(words, b->bytes.ptr + section->offset, sizeof words);
    return qs_feature_spec_from_words(&model->spec, words, err);
}

static qs_status read_classes(const bundle *b, qs_model *model, qs_error *err)
{
    const qs_bundle_section *section = &b->known[QS_SECTION_CLASSES];
    qs_error why = {0};
    if (!has(b, QS_SECTION_CLASSES))
        return QS_OK;
    const qs_status status = qs_word_classes_parse(&model->classes, payload_of(b, QS_SECTION_CLASSES), &why);
    model->spec.classes = model->classes;
    if (status == QS_ENOMEM)
        return qs_fail(err, QS_ENOMEM, "the word classes of the model");
    return status == QS_OK ? QS_OK : refuse(err, section->offset, "word classes that cannot be read");
}

/* key NUL value NUL, again and again. */
static qs_status read_metas(const bundle *b, qs_model *model, qs_error *err)
{
    const qs_str text = payload_of(b, QS_SECTION_META);
    const uint64_t offset = b->known[QS_SECTION_META].offset;
    size_t ends = 0;
    if (!has(b, QS_SECTION_META) || (text.len > 0 && text.ptr[text.len - 1] != '\0'))
        return refuse(err, offset, "provenance that is missing or not ended");
    for (size_t i = 0; i < text.len; i++)
        ends += text.ptr[i] == '\0';
    if (ends % 2 != 0)
        return refuse(err, offset, "a provenance key without a value");
    model->metas = qs_arena_alloc(&model->arena, ends / 2, sizeof *model->metas);
    if (model->metas == NULL)
        return qs_fail(err, QS_ENOMEM, "provenance");
    for (const char *at = text.ptr, *end = text.ptr + text.len; at < end;) {
        const qs_str key = qs_str_of(at);
        const qs_str value = qs_str_of(at + key.len + 1);
        qs_meta *meta = &model->metas[model->meta_count++];
        meta->key = qs_arena_copy(&model->arena, key);
        meta->value = qs_arena_copy(&model->arena, value);
        if (meta->key.ptr == NULL || meta->value.ptr == NULL)
            return qs_fail(err, QS_ENOMEM, "provenance");
        at = value.ptr + value.len + 1;
    }
    return QS_OK;
}

static qs_status read_vocabulary(const bundle *b, qs_model *model, qs_error *err)
{
    const uint64_t count = b->known[QS_SECTION_HASHES].element_count;
    model->feature_count = (size_t)count;
    qs_status status = find_section(b, QS_SECTION_HASHES, count, &model->feature_hashes, err);
    if (status == QS_OK && has(b, QS_SECTION_IDF))
        status = find_section(b, QS_SECTION_IDF, count, &model->idf, err);
    if (has(b, QS_SECTION_NGRAMS) != has(b, QS_SECTION_NGRAM_STARTS))
        return refuse(err, QS_NO_OFFSET, "n-grams without offsets, or the other way round");
    if (status != QS_OK || !has(b, QS_SECTION_NGRAMS))
        return status;
    const uint64_t length = b->known[QS_SECTION_NGRAMS].element_count;
    status = find_section(b, QS_SECTION_NGRAM_STARTS, count + 1, &model->ngram_starts, err);
    if (status == QS_OK)
        status = find_section(b, QS_SECTION_NGRAMS, length, &model->ngrams, err);
    if (status == QS_OK && model->ngram_starts[count] != length)
        return refuse(err, b->known[QS_SECTION_NGRAM_STARTS].offset, "n-gram offsets beyond the n-grams");
    return status;
}

static qs_status read_support(const bundle *b, qs_model *model, qs_error *err)
{
    const uint64_t rows = model->support_count;
    if (rows == 0)
        return has(b, QS_SECTION_SUPPORT_STARTS) || has(b, QS_SECTION_SUPPORT_INDICES) ||
                       has(b, QS_SECTION_SUPPORT_VALUES)
                   ? refuse(err, QS_NO_OFFSET, "support vectors that no head uses")
                   : QS_OK;
    const uint64_t nonzeros = b->known[QS_SECTION_SUPPORT_INDICES].element_count;
    qs_status status = find_section(b, QS_SECTION_SUPPORT_STARTS, rows + 1, &model->support_starts, err);
    if (status == QS_OK && model->support_starts[rows] != nonzeros)
        return refuse(err, b->known[QS_SECTION_SUPPORT_STARTS].offset,
                      "support vector offsets beyond the vectors");
    if (status == QS_OK)
        status = find_section(b, QS_SECTION_SUPPORT_INDICES, nonzeros, &model->support_indices, err);
    if (status == QS_OK)
        status = find_section(b, QS_SECTION_SUPPORT_VALUES, nonzeros, &model->support_values, err);
    return status;
}

static qs_status read_weights(const bundle *b, qs_model *model, qs_error *err)
{
    if (!has(b, QS_SECTION_WEIGHTS))
        return QS_OK;
    /* no overflow: at most 2^28 features, and each output has a bias in this very file of at most 2^32 bytes of heads */
    const uint64_t cells = (uint64_t)model->feature_count * model->output_count;
    return find_section(b, QS_SECTION_WEIGHTS, cells, &model->weights, err);
}

/* Offsets are checked against the lengths of what they point into before the shared rules walk them. */
static qs_status read_contents(const bundle *b, qs_model *model, qs_error *err)
{
    qs_status status = read_spec(b, model, err);
    if (status == QS_OK)
        status = read_classes(b, model, err);
    if (status == QS_OK)
        status = read_metas(b, model, err);
    if (status == QS_OK)
        status = qs_bundle_read_heads(model, payload_of(b, QS_SECTION_HEADS),
                                      b->known[QS_SECTION_HEADS].offset, err);
    if (status == QS_OK)
        status = read_vocabulary(b, model, err);
    if (status == QS_OK)
        status = read_weights(b, model, err);
    if (status == QS_OK)
        status = read_support(b, model, err);
    return status;
}

uint64_t qs_model_fingerprint(qs_str bytes)
{
    const size_t head = sizeof(qs_bundle_header) + QS_BUNDLE_MAX_SECTIONS * sizeof(qs_bundle_section);
    return XXH64(bytes.ptr, bytes.len < head ? bytes.len : head, 1) | 1;
}

/* Reads a model whose large arrays stay where they are in `bytes`. */
static qs_status read_in_place(qs_model **out, qs_str bytes, bool trusted, qs_error *err)
{
    bundle b = {.bytes = bytes};
    qs_model *model = NULL;

    *out = NULL;
    qs_status status = check_header(&b, err);
    if (status == QS_OK)
        status = check_table(&b, err);
    if (status == QS_OK && !trusted)
        status = check_hashes(&b, err);
    if (status == QS_OK)
        status = qs_model_create(&model, err);
    if (status == QS_OK) {
        model->borrowed = true;
        status = read_contents(&b, model, err);
    }
    if (status == QS_OK && !trusted) {
        const char *flaw = qs_model_flaw(model);
        if (flaw != NULL)
            status = refuse(err, QS_NO_OFFSET, flaw);
    }
    if (status != QS_OK) {
        qs_model_destroy(model);
        return status;
    }
    model->fingerprint = qs_model_fingerprint(bytes);
    *out = model;
    return QS_OK;
}

qs_status qs_model_read(qs_model **out, qs_str bytes, qs_error *err)
{
    char *copy = qs_alloc(bytes.len, 1);
    *out = NULL;
    if (copy == NULL)
        return qs_fail(err, QS_ENOMEM, "a model");
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    const qs_status status = read_in_place(out, qs_str_make(copy, bytes.len), false, err);
    if (status == QS_OK)
        (*out)->backing = copy;
    else
        qs_free(copy);
    return status;
}

qs_status qs_model_read_trusted(qs_model **out, qs_str bytes, qs_error *err)
{
    return read_in_place(out, bytes, true, err);
}

qs_status qs_model_load(qs_model **out, const char *path, uint64_t max_bytes,
                        qs_error *err)
{
    qs_buf bytes = {0};
    *out = NULL;
    if (max_bytes == 0)
        max_bytes = QS_MODEL_MAX_FILE;
    qs_status status = qs_file_read(&bytes, path, (size_t)max_bytes, err);
    if (status == QS_OK)
        status = read_in_place(out, qs_buf_view(&bytes), false, err);
    if (status == QS_OK)
        (*out)->backing = bytes.ptr; /* the model owns it now */
    else
        qs_buf_free(&bytes);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}
