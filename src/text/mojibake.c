/* Text that was decoded with the wrong encoding. SPDX-License-Identifier: MIT */
#include "text/mojibake.h"

#include "text/utf8.h"

/* What Windows-1252 shows for the bytes 80 to 9F; 0 where it has nothing. */
static const uint16_t high[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                  0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
                                  0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                  0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

/* The byte that a character would have been, or 0. */
static unsigned byte_of(uint32_t c)
{
    if (c >= 0x80 && c <= 0xff)
        return (unsigned)c;
    for (unsigned i = 0; i < 32; i++)
        if (high[i] != 0 && high[i] == c)
            return 0x80 + i;
    return 0;
}

/* Bytes in the sequence that this first byte begins. Only those of marks, Latin letters and symbols: with
 * others, ordinary French or Portuguese would be suspected. */
static size_t expected(unsigned first)
{
    if (first == 0xc2 || first == 0xc3)
        return 2;
    if (first == 0xe2)
        return 3;
    return first == 0xf0 ? 4 : 0;
}

bool qs_mojibake_find(qs_str text, size_t *start, size_t *end)
{
    for (size_t at = 0; at < text.len;) {
        uint32_t c = 0;
        if ((unsigned char)text.ptr[at] < 0x80) {
            at++;
            continue;
        }
        size_t next = at + qs_utf8_decode(text, at, &c);
        const size_t first_end = next;
        const size_t length = expected(byte_of(c));
        size_t count = 1;
        while (count < length && next < text.len) {
            const size_t step = qs_utf8_decode(text, next, &c);
            const unsigned byte = byte_of(c);
            if (byte < 0x80 || byte > 0xbf)
                break;
            next += step;
            count++;
        }
        if (length > 0 && count == length) {
            if (start != NULL)
                *start = at;
            if (end != NULL)
                *end = next;
            return true;
        }
        at = first_end;
    }
    return false;
}
