/* Tests of the quotes layer. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "quotes/lexicon.h"
#include "quotes/write.h"
#include "run.h"

static qs_article *article;
static qs_quotes *quotes;

static void extract(const char *text)
{
    qs_error err = {0};
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_of(text), "t", &err), QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, NULL, &err), QS_OK);
}

static void release(void)
{
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    quotes = NULL;
    article = NULL;
}

/* What the rules rest on: a word that opens a sentence or stands around a verb is no name, title or office. */
START_TEST(function_words_are_no_names)
{
    const uint32_t opening = QS_WORD_CONJ | QS_WORD_PREP | QS_WORD_SUBORD | QS_WORD_ADVERB | QS_WORD_AUX | QS_WORD_THAT;
    const uint32_t function = opening | QS_WORD_DET | QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_FIRST | QS_WORD_IT |
                              QS_WORD_NEG | QS_WORD_MODAL | QS_WORD_DAY | QS_WORD_RELATIVE | QS_WORD_ACCORDING;
    const uint32_t name = QS_WORD_GIVEN_M | QS_WORD_GIVEN_F | QS_WORD_TITLE | QS_WORD_ROLE | QS_WORD_HONORIFIC;
    for (size_t k = 0; k < qs_lexicon_count; k++)
        for (uint32_t slot = 0; slot <= qs_lexicons[k].mask; slot++) {
            if (qs_lexicons[k].slots[slot] == 0)
                continue;
            const qs_word_entry *word = &qs_lexicons[k].words[qs_lexicons[k].slots[slot] - 1];
            ck_assert_msg((word->kinds & function) == 0 || (word->kinds & name) == 0, "%s: %s", qs_lexicons[k].language, word->form);
            ck_assert_msg((word->kinds & QS_WORD_SUBORD) == 0 || (word->kinds & QS_WORD_PARTICLE) == 0, "%s", word->form);
            ck_assert_msg((word->kinds & (QS_WORD_CONJ | QS_WORD_ADVERB)) == 0 ||
                              (word->kinds & (QS_WORD_HE | QS_WORD_SHE | QS_WORD_DET)) == 0, "%s", word->form);
        }
}
END_TEST

START_TEST(paragraphs_go_on)
{
    extract("Minister Ada Ode spoke.\n\n\"The dam is safe.\n\n\"It always was,\" Ode said.\n");
    ck_assert_uint_eq(qs_quotes_count(quotes), 2);
    const qs_quote *first = qs_quotes_at(quotes, 0);
    const qs_quote *second = qs_quotes_at(quotes, 1);
    ck_assert_uint_eq(first->group, second->group);
    ck_assert_uint_eq(second->continues, first->id);
    ck_assert(qs_str_equal(first->speaker.canonical, qs_str_of("Ada Ode")));
    ck_assert(qs_str_equal(first->content, qs_str_of("The dam is safe.")));
    ck_assert((first->flags & QS_FLAG_CONTINUED) != 0);
    release();
}
END_TEST

/* Words of attribution inside the marks are part of the quote's text but not of what is said. */
START_TEST(speakers_inside_marks_say_nothing)
{
    extract("« Le pont, a précisé Léa Roche, est sûr pour les enfants. » La ville est dans une situation qui dure.");
    ck_assert_uint_eq(qs_quotes_count(quotes), 1);
    const qs_quote *q = qs_quotes_at(quotes, 0);
    ck_assert(qs_str_equal(q->content, qs_str_of(" Le pont est sûr pour les enfants. ")));
    ck_assert_uint_eq(q->text.len, q->span.end - q->span.start);
    release();
    extract("«Мы уходим, — сказал Иван Орлов. — Мы вернёмся завтра». Он не был на переговорах, но это всё.");
    ck_assert_uint_eq(qs_quotes_count(quotes), 1);
    ck_assert(qs_str_equal(qs_quotes_at(quotes, 0)->content, qs_str_of("Мы уходим. — Мы вернёмся завтра")));
    release();
}
END_TEST

START_TEST(title_and_text_count_apart)
{
    qs_error err = {0};
    ck_assert_int_eq(qs_article_parse_fields(&article, qs_str_of("Ode: Dam 'quite safe'"),
                                             qs_str_of("Ada Ode said \"the dam will hold for years\"."), NULL, &err),
                     QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, NULL, &err), QS_OK);
    ck_assert_uint_eq(qs_quotes_count(quotes), 2);
    ck_assert_str_eq(qs_article_field_name(article, qs_quotes_at(quotes, 0)->field), "title");
    ck_assert_uint_eq(qs_quotes_at(quotes, 0)->span.start, 5);
    ck_assert_uint_eq(qs_quotes_at(quotes, 1)->span.start, 13);
    release();
}
END_TEST

START_TEST(code_points_are_counted)
{
    extract("\xc3\x89lodie Dup\xc3\xa9r\xc3\xa9 said \xe2\x80\x9cthe caf\xc3\xa9 is closed now\xe2\x80\x9d.");
    ck_assert_uint_eq(qs_quotes_count(quotes), 1);
    const qs_quote *q = qs_quotes_at(quotes, 0);
    ck_assert_uint_eq(q->span.char_start, 19);
    ck_assert_uint_eq(q->span.start, 22);
    ck_assert_uint_eq(q->span.char_end, 43);
    release();
}
END_TEST

START_TEST(formats)
{
    qs_buf out = {0};
    extract("\xc3\x89lodie Roy said: \"The caf\xc3\xa9\tis closed now.\"");
    qs_quote_write_tsv(&out, quotes, qs_quotes_at(quotes, 0));
    ck_assert(qs_str_equal(qs_buf_view(&out), qs_str_of("t\t1\tdirect\tbody\ttext\t18\t44\t17\t42\t1\t\xc3\x89lodie Roy\t"
                                                        "\xc3\x89lodie Roy\tsaid\tS V Q\t0.890\t"
                                                        "\"The caf\xc3\xa9 is closed now.\"\n")));
    qs_buf_clear(&out);
    qs_quotes_write_brat(&out, quotes);
    ck_assert(qs_str_equal(qs_buf_view(&out), qs_str_of("T1\tDirect 17 42\t\"The caf\xc3\xa9 is closed now.\"\n"
                                                        "T2\tSpeaker 0 10\t\xc3\x89lodie Roy\nR1\tSaid Arg1:T2 Arg2:T1\n"
                                                        "T3\tCue 11 15\tsaid\nR2\tReports Arg1:T3 Arg2:T1\n")));
    qs_buf_clear(&out);
    qs_quotes_write_citron(&out, quotes);
    ck_assert_ptr_nonnull(strstr(out.ptr, "\"contents\":[{\"text\":\"\\\"The caf"));
    qs_buf_free(&out);
    release();
}
END_TEST

/* Hostile text must cost no more than ten times what the same amount of plain text costs; here only that it ends and
 * that every span selects its text. */
START_TEST(hostile_text_ends)
{
    static const char *const pieces[] = {"\"", "\xe2\x80\x9c", "'", "\"a \xe2\x80\x9c", "said ", "\"x\n\n", "according to Bo "};
    for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
        char *text = malloc(200001);
        size_t length = 0;
        while (length + strlen(pieces[k]) < 200000) {
            memcpy(text + length, pieces[k], strlen(pieces[k]));
            length += strlen(pieces[k]);
        }
        text[length] = '\0';
        extract(text);
        for (size_t i = 0; i < qs_quotes_count(quotes); i++) {
            const qs_quote *q = qs_quotes_at(quotes, i);
            ck_assert(qs_str_equal(q->text, qs_str_slice(qs_str_of(text), q->span.start, q->span.end)));
        }
        release();
        free(text);
    }
}
END_TEST

static qs_status extract_with(const char *text, const qs_extract_options *options, qs_error *err)
{
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_of(text), "t", NULL), QS_OK);
    return qs_quotes_extract(&quotes, article, options, err);
}

/* The language is told from the text unless it is named; a language without word lists is refused. */
START_TEST(the_language_is_told_or_named)
{
    static const char *const known[] = {"en", "de", "fr", "es", "ru", "uk", "it", "pl", "sv", "da"};
    static const char german[] = "\xc2\xbb""Der Hafen bleibt offen\xc2\xab, sagte Ministerin Edda Lorne. Die Gespr\xc3\xa4""che gehen in der n\xc3\xa4""chsten Woche weiter.";
    qs_error err = {0};
    extract(german);
    ck_assert_str_eq(qs_quotes_language(quotes), "de");
    ck_assert(qs_str_equal(qs_quotes_at(quotes, 0)->speaker.canonical, qs_str_of("Edda Lorne")));
    release();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const qs_extract_options options = {.language = known[i]};
        ck_assert_int_eq(extract_with(german, &options, NULL), QS_OK);
        ck_assert_str_eq(qs_quotes_language(quotes), known[i]);
        ck_assert_uint_eq(qs_quotes_count(quotes), 1);
        ck_assert_int_eq(qs_quotes_at(quotes, 0)->speaker.mention.text.ptr != NULL, strcmp(known[i], "de") == 0);
        release();
    }
    const qs_extract_options unknown = {.language = "xx"};
    ck_assert_int_eq(extract_with(german, &unknown, &err), QS_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.message, "language xx"));
    ck_assert_ptr_null(quotes);
    release();
}
END_TEST

/* A surname that two people of the article share names neither. */
START_TEST(namesakes_are_told)
{
    extract("Minister Edda Lorne met union leader Tomas Lorne at the harbour.\n\nBoth left early.\n\n"
            "\"We will talk for as long as it takes,\" Lorne said.\n");
    ck_assert_uint_eq(qs_quotes_count(quotes), 1);
    const qs_quote *q = qs_quotes_at(quotes, 0);
    ck_assert((q->flags & QS_FLAG_AMBIGUOUS) != 0);
    release();
}
END_TEST

/* Lines that end within a quote: one cell of a table, several places of an annotation. */
START_TEST(formats_of_broken_lines)
{
    qs_buf out = {0};
    extract("\"We will talk at the table for as long as it takes to end\nthis, and\tthen we will talk on at the other table as long as\r\n"
            "it takes.\"\n");
    ck_assert_uint_eq(qs_quotes_count(quotes), 1);
    qs_quotes_write_brat(&out, quotes);
    ck_assert(qs_str_equal(qs_buf_view(&out), qs_str_of("T1\tDirect 0 57;58 118;120 130\t\"We will talk at the table for as long as it takes "
                                                        "to end this, and then we will talk on at the other table as long as  it takes.\"\n")));
    qs_buf_clear(&out);
    qs_quotes_write_citron(&out, quotes);
    qs_buf_add_char(&out, '\0');
    ck_assert_ptr_nonnull(strstr(out.ptr, "{\"cue\":null,\"sources\":[],"));
    qs_buf_clear(&out);
    qs_quote_write_tsv(&out, quotes, qs_quotes_at(quotes, 0));
    for (size_t i = 0; i + 1 < out.len; i++)
        ck_assert(out.ptr[i] != '\n' && out.ptr[i] != '\r');
    qs_buf_free(&out);
    release();
}
END_TEST

#ifdef QS_FAULTS
/* Fails each allocation of an extraction in turn. */
static void run_out_of_memory(const char *text, const qs_extract_options *options)
{
    qs_status status = QS_ENOMEM;
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_of(text), "t", NULL), QS_OK);
    for (unsigned long nth = 1; status != QS_OK; nth++) {
        qs_error err = {0};
        qs_fault_plan(QS_FAULT_ALLOC, nth, false);
        status = qs_quotes_extract(&quotes, article, options, &err);
        qs_fault_plan(QS_FAULT_ALLOC, 0, false);
        ck_assert(status == QS_OK ? nth > 20 : status == QS_ENOMEM && quotes == NULL && err.message[0] != '\0');
        ck_assert_uint_lt(nth, 5000);
    }
    ck_assert_uint_gt(qs_quotes_count(quotes), 5);
    release();
}

START_TEST(memory_may_run_out_anywhere)
{
    static const char text[] =
        "Minister calls the offer 'a door left ajar'\n\nHarbour Minister Edda Lorne said that leaving now would be \"a gift to nobody but the "
        "insurers\", and that, according to Tomas Brack, \"nobody 'at all' is here for the coffee\".\n\n\"We will talk,\" Lorne said, \"for as "
        "long as it takes.\n\n\"And then we will talk on,\" she said. Brack told reporters: 'There will be no deal.' He said they would leave "
        "at noon, that the harbour would close and that the ships would wait.\n\n- Will you talk?\n- No, he answered.\n\n"
        "\xe3\x80\x8c\xe6\x88\x91\xe4\xbb\xac\xe4\xbc\x9a\xe8\xb0\x88\xe3\x80\x82\xe3\x80\x8d\xe4\xbb\x96\xe8\xaf\xb4\xe3\x80\x82 \xc2\xab Le pont, a pr\xc3\xa9""cis\xc3\xa9 L\xc3\xa9""a Roche, est s\xc3\xbbr. \xc2\xbb\n";
    static char long_text[40 * sizeof text]; /* so that memory is asked for in every step */
    for (int i = 0; i < 40; i++)
        memcpy(long_text + (size_t)i * (sizeof text - 1), text, sizeof text - 1);
    for (int way = 0; way < 4; way++) {
        const qs_extract_options options = {.all_marks = way % 2 == 1};
        run_out_of_memory(way < 2 ? text : long_text, &options);
    }
    static const char lone[] = "It was the \"so\" one. "; /* parts that no report reached */
    static const char single[] = "'We wait here for all of it.'\n\n'We stay here for it\n\n'and we go home,' she said.\n\n";
    const qs_extract_options options = {.all_marks = true};
    char *at = long_text;
    for (int i = 0; i < 200; i++, at += sizeof lone - 1)
        memcpy(at, lone, sizeof lone);
    run_out_of_memory(long_text, &options);
    at = long_text;
    for (int i = 0; i < 100; i++, at += sizeof single - 1)
        memcpy(at, single, sizeof single);
    run_out_of_memory(long_text, &options);
}
END_TEST
#endif

int main(void)
{
    TCase *tests = tcase_create("quotes");
    tcase_add_test(tests, function_words_are_no_names);
    tcase_add_test(tests, paragraphs_go_on);
    tcase_add_test(tests, speakers_inside_marks_say_nothing);
    tcase_add_test(tests, title_and_text_count_apart);
    tcase_add_test(tests, code_points_are_counted);
    tcase_add_test(tests, formats);
    tcase_add_test(tests, hostile_text_ends);
    tcase_add_test(tests, the_language_is_told_or_named);
    tcase_add_test(tests, namesakes_are_told);
    tcase_add_test(tests, formats_of_broken_lines);
#ifdef QS_FAULTS
    tcase_add_test(tests, memory_may_run_out_anywhere);
#endif
    tcase_set_timeout(tests, 60);
    return run_case("quotes", tests);
}
