/* Long runs: a progress line on a terminal, and signals that end them in good order. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "cli/progress.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FIRST_SECONDS 1.0  /* shorter runs show nothing */
#define UPDATE_SECONDS 0.2

static double now(void)
{
    struct timespec time = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static size_t add_time(char *out, size_t size, double seconds)
{
    const unsigned long whole = seconds > 359999 ? 359999 : (unsigned long)seconds;
    if (whole >= 3600)
        return (size_t)snprintf(out, size, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
    return (size_t)snprintf(out, size, "%lu:%02lu", whole / 60, whole % 60);
}

/* [======    ] 61 %  1.2 M records  3 rejected  48,210/s  21.4 MB/s  0:42 left */
static void compose(char *out, size_t size, const qs_progress *p, double seconds)
{
    char left[32] = "";
    char bar[24] = "";
    const double share = p->bytes_total > 0 ? (double)p->bytes / (double)p->bytes_total : 0;
    if (share > 0 && share <= 1) {
        char dots[11] = "          ";
        for (size_t i = 0; i < 10 && (double)i < share * 10; i++)
            dots[i] = '=';
        (void)snprintf(bar, sizeof bar, "[%s] %2.0f %%  ", dots, share * 100);
        (void)add_time(left, sizeof left, seconds / share - seconds);
    }
    (void)snprintf(out, size, "%s%llu records  %llu rejected  %.0f/s  %.1f MB/s  %s%s", bar,
                   (unsigned long long)p->records, (unsigned long long)p->rejected, (double)p->records / seconds,
                   (double)p->bytes / 1e6 / seconds, left, left[0] != '\0' ? " left" : "");
}

static void report(void *context, const qs_progress *p)
{
    cli_progress *progress = context;
    char line[256];
    struct winsize window = {0};
    const double time = now();
    if (time - progress->start < FIRST_SECONDS || time - progress->shown < UPDATE_SECONDS)
        return;
    compose(line, sizeof line, p, time - progress->start);
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1;
    const int width = known && window.ws_col < sizeof line ? window.ws_col - 1 : known ? (int)sizeof line : 79;
    (void)fprintf(stderr, "\r%.*s\033[K", width, line);
    progress->shown = time;
    progress->visible = true;
}

void cli_progress_start(cli_progress *progress, qs_progress_sink *sink, bool quiet)
{
    *progress = (cli_progress){.start = now()};
    if (quiet || !isatty(STDERR_FILENO))
        return;
    sink->report = report;
    sink->context = progress;
}

void cli_progress_end(cli_progress *progress)
{
    if (progress->visible)
        (void)fprintf(stderr, "\r\033[K");
    progress->visible = false;
}

static volatile int caught;

static void on_signal(int number)
{
    __atomic_store_n(&caught, number, __ATOMIC_RELAXED);
}

const volatile int *cli_catch_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction now_caught = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
        struct sigaction before = {0};
        /* a shell starts what runs in the background with signals ignored: so they stay */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &now_caught, NULL);
    }
    return &caught;
}
