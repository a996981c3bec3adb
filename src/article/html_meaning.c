/* What the elements, classes and other attributes of a page tell of the text in them. SPDX-License-Identifier: MIT */
#include <string.h>

#include "article/html_parts.h"

typedef struct meaning {
    const char *name;
    unsigned flags;
    bool is_block;
} meaning;

static const meaning elements[] = {
    {"script", QS_HTML_SKIP, false},   {"style", QS_HTML_SKIP, false},    {"noscript", QS_HTML_SKIP, false},
    {"template", QS_HTML_SKIP, true},  {"svg", QS_HTML_SKIP, false},      {"math", QS_HTML_SKIP, false},
    {"iframe", QS_HTML_SKIP, true},    {"object", QS_HTML_SKIP, true},    {"select", QS_HTML_SKIP, false},
    {"button", QS_HTML_SKIP, false},   {"textarea", QS_HTML_SKIP, false}, {"form", QS_HTML_CLUTTER, true},
    {"nav", QS_HTML_SKIP, true},       {"aside", QS_HTML_CLUTTER, true},  {"footer", QS_HTML_CLUTTER, true},
    {"title", QS_HTML_TITLE, true},    {"article", QS_HTML_ARTICLE, true}, {"main", QS_HTML_ARTICLE, true},
    {"figcaption", QS_HTML_CAPTION, true}, {"caption", QS_HTML_CAPTION, true}, {"time", QS_HTML_DATE, false},
    {"a", QS_HTML_LINK, false},        {"p", QS_HTML_PARAGRAPH, true},    {"blockquote", QS_HTML_PARAGRAPH, true},
    {"li", QS_HTML_PARAGRAPH, true},   {"dd", QS_HTML_PARAGRAPH, true},   {"pre", QS_HTML_PARAGRAPH, true},
    {"h1", QS_HTML_HEADING | QS_HTML_TOP, true}, {"h2", QS_HTML_HEADING, true}, {"h3", QS_HTML_HEADING, true},
    {"h4", QS_HTML_HEADING, true},     {"h5", QS_HTML_HEADING, true},     {"h6", QS_HTML_HEADING, true},
    {"div", 0, true},                  {"section", 0, true},              {"header", 0, true},
    {"figure", 0, true},               {"ul", 0, true},                   {"ol", 0, true},
    {"dl", 0, true},                   {"dt", 0, true},                   {"table", 0, true},
    {"tr", 0, true},                   {"td", 0, true},                   {"th", 0, true},
    {"body", 0, true},                 {"head", 0, true},                 {"html", 0, true},
    {"center", 0, true},               {"address", 0, true},              {"hr", 0, true},
    {"option", QS_HTML_SKIP, false}};

static const meaning words[] = {
    {"nav", QS_HTML_CLUTTER, false},        {"navigation", QS_HTML_CLUTTER, false}, {"menu", QS_HTML_CLUTTER, false},
    {"footer", QS_HTML_CLUTTER, false},     {"sidebar", QS_HTML_CLUTTER, false},    {"related", QS_HTML_CLUTTER, false},
    {"recommended", QS_HTML_CLUTTER, false}, {"share", QS_HTML_CLUTTER, false},     {"sharing", QS_HTML_CLUTTER, false},
    {"social", QS_HTML_CLUTTER, false},     {"comments", QS_HTML_CLUTTER, false},   {"promo", QS_HTML_CLUTTER, false},
    {"advert", QS_HTML_CLUTTER, false},     {"advertisement", QS_HTML_CLUTTER, false}, {"ad", QS_HTML_CLUTTER, false},
    {"ads", QS_HTML_CLUTTER, false},        {"sponsored", QS_HTML_CLUTTER, false},  {"newsletter", QS_HTML_CLUTTER, false},
    {"subscribe", QS_HTML_CLUTTER, false},  {"signup", QS_HTML_CLUTTER, false},     {"cookie", QS_HTML_CLUTTER, false},
    {"cookies", QS_HTML_CLUTTER, false},    {"breadcrumb", QS_HTML_CLUTTER, false}, {"breadcrumbs", QS_HTML_CLUTTER, false},
    {"pagination", QS_HTML_CLUTTER, false}, {"popup", QS_HTML_CLUTTER, false},      {"modal", QS_HTML_CLUTTER, false},
    {"trending", QS_HTML_CLUTTER, false},   {"copyright", QS_HTML_CLUTTER, false},  {"disclaimer", QS_HTML_CLUTTER, false},
    {"tags", QS_HTML_CLUTTER, false},       {"caption", QS_HTML_CAPTION, false},    {"figcaption", QS_HTML_CAPTION, false},
    {"byline", QS_HTML_BYLINE, false},      {"author", QS_HTML_BYLINE, false},      {"authors", QS_HTML_BYLINE, false},
    {"date", QS_HTML_DATE, false},          {"dateline", QS_HTML_DATE, false},      {"timestamp", QS_HTML_DATE, false},
    {"published", QS_HTML_DATE, false},     {"datepublished", QS_HTML_DATE, false}, {"deck", QS_HTML_DECK, false},
    {"dek", QS_HTML_DECK, false},           {"standfirst", QS_HTML_DECK, false},    {"subtitle", QS_HTML_DECK, false},
    {"subheadline", QS_HTML_DECK, false},   {"summary", QS_HTML_DECK, false},       {"articlebody", QS_HTML_ARTICLE, false}};

static const meaning *find_meaning(const meaning *table, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0)
            return &table[i];
    return NULL;
}

unsigned qs_html_flags_of_element(const char *name, bool *is_block)
{
    const meaning *found = find_meaning(elements, sizeof elements / sizeof *elements, name, strlen(name));
    *is_block = found != NULL && found->is_block;
    return found != NULL ? found->flags : 0;
}

/* The meanings of the words of a class, id or itemprop. */
static unsigned flags_of_value(const char *value)
{
    unsigned flags = 0;
    char word[24];
    size_t length = 0;
    for (const char *c = value;; c++) {
        const bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (letter) {
            if (length < sizeof word)
                word[length] = (char)(*c | 0x20);
            length++;
            continue;
        }
        const meaning *found = length > 0 && length < sizeof word
                                   ? find_meaning(words, sizeof words / sizeof *words, word, length)
                                   : NULL;
        flags |= found != NULL ? found->flags : 0;
        length = 0;
        if (*c == '\0')
            return flags;
    }
}

unsigned qs_html_flags_of_attribute(const char *name, const char *value)
{
    if (strcmp(name, "class") == 0 || strcmp(name, "id") == 0 || strcmp(name, "itemprop") == 0 || strcmp(name, "rel") == 0)
        return flags_of_value(value);
    if (strcmp(name, "hidden") == 0 || (strcmp(name, "aria-hidden") == 0 && strcmp(value, "true") == 0))
        return QS_HTML_SKIP;
    if (strcmp(name, "style") == 0 && (strstr(value, "display:none") != NULL || strstr(value, "display: none") != NULL))
        return QS_HTML_SKIP;
    if (strcmp(name, "role") == 0 && (strcmp(value, "navigation") == 0 || strcmp(value, "complementary") == 0 ||
                                      strcmp(value, "contentinfo") == 0))
        return QS_HTML_CLUTTER;
    return 0;
}
