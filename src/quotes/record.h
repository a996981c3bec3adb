/* Quotes in the making. SPDX-License-Identifier: MIT */
#ifndef QS_QUOTES_RECORD_H
#define QS_QUOTES_RECORD_H

#include "quotes/clause.h"

/** A quote before its speaker is resolved. */
typedef struct qs_record {
    qs_quote_type type;
    size_t paragraph;
    qs_range content;
    size_t first_part; /* its parts are those of the scan with index in [first_part, last_part) ... */
    size_t last_part;  /* ... that are not nested and lie in the content */
    qs_range source;
    qs_range fallback; /* the sentence's subject, where no report was found */
    qs_range inserted; /* words of attribution inside the marks, with their dividers: no part of what is said */
    qs_range addressee;
    qs_range reporter; /* who tells that the source said it: `"Q," Ada said, according to Bo` */
    qs_range cue;
    const char *lemma;
    const char *pattern;
    unsigned flags;
    double confidence;
    size_t speaker_of; /* the record whose source this one shares, or QS_NONE */
    size_t group;
    size_t continues;
    size_t nested_in;
} qs_record;

typedef struct qs_records {
    qs_record *items;
    size_t count;
    size_t capacity;
    size_t *of_part; /* for each part the record it is in, or QS_NONE */
} qs_records;

/** The quotes of one paragraph, appended. QS_ENOMEM. */
QS_NODISCARD qs_status qs_records_of_paragraph(qs_records *records, qs_clause *clause, qs_error *err);

/** Appends a record. QS_ENOMEM. */
QS_NODISCARD qs_status qs_records_add(qs_records *records, const qs_record *record, qs_error *err);

/** The bytes of a phrase, without a possessive ending. */
qs_range qs_phrase_range(const qs_clause *c, qs_phrase p);

/** Appends the marked parts of a paragraph that no report reached, scare quotes among them. QS_ENOMEM. */
QS_NODISCARD qs_status qs_records_of_rest(qs_records *records, const qs_clause *clause, qs_error *err);

/** A record that is one part and has no speaker yet. */
qs_record qs_record_of_part(const qs_scan *scan, size_t part);

/** Chinese and Japanese: sets source and cue from the characters beside the part. False if there are none. */
bool qs_record_find_cjk(const qs_scan *scan, size_t part, qs_record *record);

/** Sorts by place, then gives speakers to quotes without their own: the same paragraph's, the one it goes on
 *  from, the one before; sets groups. */
void qs_records_link(qs_records *records, const qs_scan *scan);

/** Collects the people and bodies that the article names. QS_ENOMEM. */
QS_NODISCARD qs_status qs_scan_names(qs_scan *scan, qs_error *err);

/** Who spoke lately, oldest first; the last `here` of them in this paragraph. */
typedef struct qs_recent {
    size_t entities[8];
    size_t count;
    size_t here;
    size_t paragraph;
} qs_recent;

/** Tokens [first, last) name a person whom the article names in full. */
bool qs_names_person(const qs_scan *scan, size_t first, size_t last);

/** Who `mention` (bytes) names. *entity is QS_NONE if unknown. */
void qs_resolve(const qs_scan *scan, qs_range mention, const qs_recent *recent, qs_speaker *speaker, size_t *entity);

#endif
