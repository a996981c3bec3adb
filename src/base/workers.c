/* Splitting work over threads. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "base/workers.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#define WORKERS_MAX 256

typedef struct shared_work {
    pthread_mutex_t lock;
    size_t next;
    size_t count;
    qs_work work;
    void *context;
    bool stop;
    size_t failed_index;
    qs_status status;
    qs_error error;
} shared_work;

typedef struct worker {
    pthread_t thread;
    shared_work *shared;
    size_t number;
} worker;

static bool take(shared_work *shared, size_t *index)
{
    pthread_mutex_lock(&shared->lock);
    const bool more = !shared->stop && shared->next < shared->count;
    if (more)
        *index = shared->next++;
    pthread_mutex_unlock(&shared->lock);
    return more;
}

static void report(shared_work *shared, size_t index, qs_status status, const qs_error *error)
{
    pthread_mutex_lock(&shared->lock);
    if (!shared->stop || index < shared->failed_index) {
        shared->failed_index = index;
        shared->status = status;
        shared->error = *error;
    }
    shared->stop = true;
    pthread_mutex_unlock(&shared->lock);
}

static void *run(void *argument)
{
    const worker *self = argument;
    size_t index = 0;
    while (take(self->shared, &index)) {
        qs_error error = {0};
        const qs_status status = self->shared->work(self->shared->context, index, self->number, &error);
        if (status != QS_OK)
            report(self->shared, index, status, &error);
    }
    return NULL;
}

qs_status qs_workers_run(size_t jobs, size_t count, qs_work work, void *context, qs_error *err)
{
    shared_work shared = {.count = count, .work = work, .context = context};
    worker workers[WORKERS_MAX];
    size_t started = 0;
    if (jobs > WORKERS_MAX)
        jobs = WORKERS_MAX;
    if (jobs > count)
        jobs = count;
    pthread_mutex_init(&shared.lock, NULL);
    for (size_t i = 1; i < jobs; i++) {
        workers[i] = (worker){.shared = &shared, .number = i};
        if (pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0)
            break; /* fewer threads do the same work */
        started = i;
    }
    worker self = {.shared = &shared, .number = 0};
    (void)run(&self);
    for (size_t i = 1; i <= started; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_mutex_destroy(&shared.lock);
    if (shared.status != QS_OK && err != NULL)
        *err = shared.error;
    return shared.status;
}

size_t qs_workers_default(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    const int count = CPU_COUNT(&set);
    return count < 1 ? 1 : (size_t)count;
}
