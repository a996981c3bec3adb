/* Word classes. SPDX-License-Identifier: MIT */
#include "features/classes.h"

#include "base/map.h"
#include "text/normalize.h"
#include "text/token.h"
#include "text/utf8.h"

/* A text that has the class has the group. */
typedef struct class_member {
    uint32_t class;
    uint32_t group;
} class_member;

struct qs_word_classes {
    qs_buf text;
    qs_map names;     /* number: the class */
    qs_map words;     /* with '*' at the end of a beginning */
    uint32_t *class_of; /* by number of the word */
    size_t class_capacity;
    size_t shortest, longest; /* lengths of the beginnings */
    class_member *members;
    size_t member_count, member_capacity;
};

static bool is_name(qs_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return name.len > 0 && name.len <= QS_CLASSES_MAX_NAME;
}

static qs_status add_word(qs_word_classes *c, qs_str word, uint32_t class, qs_normalizer *normal, size_t line,
                          qs_error *err)
{
    const bool beginning = word.len > 1 && word.ptr[word.len - 1] == '*';
    uint32_t number = 0;
    const size_t before = c->words.count;
    qs_status status = qs_normalize(normal, qs_str_slice(word, 0, word.len - beginning), err);
    if (status == QS_OK && beginning) {
        const size_t length = normal->out.len;
        qs_buf_add_char(&normal->out, '*');
        status = qs_buf_status(&normal->out, err);
        c->shortest = c->shortest == 0 || length < c->shortest ? length : c->shortest;
        c->longest = length > c->longest ? length : c->longest;
    }
    if (status == QS_OK)
        status = qs_map_intern(&c->words, qs_buf_view(&normal->out), &number, err);
    if (status == QS_OK)
        status = qs_grow(&c->class_of, &c->class_capacity, c->words.count, sizeof *c->class_of, err);
    if (status == QS_OK && c->words.count == before)
        return qs_fail_at(err, QS_EINPUT, line, QS_NO_OFFSET, "'%.*s' has a class already, %.*s",
                          word.len > 80 ? 80 : (int)word.len, word.ptr,
                          (int)c->names.keys[c->class_of[number]].len, c->names.keys[c->class_of[number]].ptr);
    if (status == QS_OK)
        c->class_of[number] = class;
    return status;
}

static qs_status add_member(qs_word_classes *c, qs_str name, uint32_t group, size_t line, qs_error *err)
{
    uint32_t class = 0;
    if (!qs_map_find(&c->names, name, &class) || class == group)
        return qs_fail_at(err, QS_EINPUT, line, QS_NO_OFFSET, "'%.*s' is no class of a line above",
                          name.len > 80 ? 80 : (int)name.len, name.ptr);
    const qs_status status = qs_grow(&c->members, &c->member_capacity, c->member_count + 1, sizeof *c->members, err);
    if (status == QS_OK)
        c->members[c->member_count++] = (class_member){class, group};
    return status;
}

static qs_status add_line(qs_word_classes *c, qs_str line, size_t number, qs_normalizer *normal, qs_error *err)
{
    const bool group = line.ptr[0] == '=';
    const char *tab = memchr(line.ptr, '\t', line.len);
    const size_t name_end = tab == NULL ? 0 : (size_t)(tab - line.ptr);
    const qs_str name = qs_str_slice(line, group && name_end > 0, name_end);
    uint32_t class = 0;
    if (!is_name(name))
        return qs_fail_at(err, QS_EINPUT, number, QS_NO_OFFSET,
                          "need a class name of A-Z, 0-9 and _, a tab, and words");
    qs_status status = qs_map_intern(&c->names, name, &class, err);
    size_t at = name_end + 1;
    while (status == QS_OK && at < line.len) {
        size_t end = at;
        while (end < line.len && line.ptr[end] != ' ')
            end++;
        if (end > at)
            status = group ? add_member(c, qs_str_slice(line, at, end), class, number, err)
                           : add_word(c, qs_str_slice(line, at, end), class, normal, number, err);
        at = end + 1;
    }
    return status;
}

static qs_status read_lines(qs_word_classes *c, qs_error *err)
{
    const qs_str text = qs_buf_view(&c->text);
    qs_normalizer normal = {0};
    qs_status status = QS_OK;
    size_t number = 0;
    for (size_t at = 0; at < text.len && status == QS_OK;) {
        const char *newline = memchr(text.ptr + at, '\n', text.len - at);
        const size_t end = newline == NULL ? text.len : (size_t)(newline - text.ptr);
        const qs_str line = qs_str_slice(text, at, end > at && text.ptr[end - 1] == '\r' ? end - 1 : end);
        number++;
        if (line.len > 0 && line.ptr[0] != '#')
            status = add_line(c, line, number, &normal, err);
        at = end + 1;
    }
    qs_normalizer_free(&normal);
    return status;
}

qs_status qs_word_classes_parse(qs_word_classes **out, qs_str text, qs_error *err)
{
    *out = NULL;
    if (text.len > QS_CLASSES_MAX_BYTES)
        return qs_fail(err, QS_ELIMIT, "word classes of %zu bytes, at most %zu are read", text.len,
                       QS_CLASSES_MAX_BYTES);
    if (!qs_utf8_valid(text, NULL))
        return qs_fail(err, QS_EINPUT, "word classes that are not UTF-8");
    qs_word_classes *c = qs_alloc_zero(1, sizeof *c);
    if (c == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_buf_add_str(&c->text, text);
    qs_status status = qs_buf_status(&c->text, err);
    if (status == QS_OK)
        status = read_lines(c, err);
    if (status == QS_OK && c->words.count == 0)
        status = qs_fail(err, QS_EINPUT, "no word classes in the list");
    if (status != QS_OK) {
        qs_word_classes_destroy(c);
        return status;
    }
    *out = c;
    return QS_OK;
}

void qs_word_classes_destroy(qs_word_classes *c)
{
    if (c == NULL)
        return;
    qs_buf_free(&c->text);
    qs_map_free(&c->names);
    qs_map_free(&c->words);
    qs_free(c->class_of);
    qs_free(c->members);
    qs_free(c);
}

qs_str qs_word_classes_text(const qs_word_classes *c)
{
    return qs_buf_view(&c->text);
}

/* The class of a word by number; false if it has none. */
static bool find_class(const qs_word_classes *c, qs_str word, uint32_t *class)
{
    char beginning[64];
    uint32_t number = 0;
    bool found = qs_map_find(&c->words, word, &number);
    size_t length = c->longest < sizeof beginning - 1 ? c->longest : sizeof beginning - 2;
    if (length > word.len)
        length = word.len;
    if (!found)
        memcpy(beginning, word.ptr, length);
    for (; !found && length >= c->shortest && length > 0; length--) {
        beginning[length] = '*';
        found = qs_map_find(&c->words, qs_str_make(beginning, length + 1), &number);
    }
    if (found)
        *class = c->class_of[number];
    return found;
}

qs_str qs_word_classes_find(const qs_word_classes *c, qs_str word)
{
    uint32_t class = 0;
    return find_class(c, word, &class) ? c->names.keys[class] : qs_str_make(NULL, 0);
}

qs_status qs_word_classes_rewrite(const qs_word_classes *c, qs_str text, qs_buf *out, qs_error *err)
{
    qs_token token;
    qs_buf_clear(out);
    for (size_t at = 0; qs_token_next(text, at, &token); at = token.end) {
        const qs_str word = qs_str_slice(text, token.start, token.end);
        const qs_str class = token.kind == QS_TOKEN_PUNCT ? qs_str_make(NULL, 0) : qs_word_classes_find(c, word);
        if (token.kind == QS_TOKEN_PUNCT && memchr(".;:!?", word.ptr[0], 5) != NULL)
            qs_buf_add(out, word.ptr, 1);
        else if (class.ptr != NULL)
            qs_buf_add_str(out, class);
        else
            continue;
        qs_buf_add_char(out, ' ');
    }
    return qs_buf_status(out, err);
}

qs_status qs_word_classes_presence(const qs_word_classes *c, qs_str text, qs_buf *out, qs_error *err)
{
    qs_token token;
    uint32_t class = 0;
    bool any = false;
    unsigned char *has = qs_alloc_zero(c->names.count, 1);
    qs_buf_clear(out);
    if (has == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t at = 0; qs_token_next(text, at, &token); at = token.end) {
        any = true;
        if (token.kind != QS_TOKEN_PUNCT && find_class(c, qs_str_slice(text, token.start, token.end), &class))
            has[class] = 1;
    }
    for (size_t i = 0; i < c->member_count; i++)
        has[c->members[i].group] |= has[c->members[i].class];
    for (size_t i = 0; any && i < c->names.count; i++) {
        if (!has[i])
            qs_buf_add_text(out, "no_");
        qs_buf_add_str(out, c->names.keys[i]);
        qs_buf_add_char(out, ' ');
    }
    qs_free(has);
    return qs_buf_status(out, err);
}
