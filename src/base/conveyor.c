/* Reading, working and writing at once, the results in the order of reading. SPDX-License-Identifier: MIT */
#include "base/conveyor.h"

#include <pthread.h>
#include <stdint.h>

#include "base/workers.h"

typedef enum slot_state { SLOT_FREE, SLOT_FILLED, SLOT_AT_WORK, SLOT_DONE } slot_state;

/* Pieces are numbered in the order of reading; piece p lives in slot p % slots. written <= taken <= filled. */
typedef struct conveyor {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const qs_conveyor_stages *stages;
    slot_state *states;
    size_t slots;
    uint64_t filled;  /* pieces read */
    uint64_t taken;   /* pieces given to a worker */
    uint64_t written; /* pieces written */
    bool reading, writing;
    bool at_end;
    bool stop; /* a write failed: nothing more is of use */
    qs_status status;
    qs_error error;
} conveyor;

/* Each step is called with the lock held, releases it for the work, and takes it again. False: it was not due. */

static bool try_write(conveyor *c)
{
    const size_t slot = (size_t)(c->written % c->slots);
    qs_error error = {0};
    if (c->writing || c->written == c->filled || c->states[slot] != SLOT_DONE)
        return false;
    c->writing = true;
    pthread_mutex_unlock(&c->lock);
    const qs_status status = c->stages->write(c->stages->context, slot, &error);
    pthread_mutex_lock(&c->lock);
    c->writing = false;
    c->states[slot] = SLOT_FREE;
    c->written++;
    if (status != QS_OK) {
        c->stop = true;
        c->status = status;
        c->error = error;
    }
    return true;
}

static bool try_work(conveyor *c, size_t worker)
{
    if (c->taken == c->filled)
        return false;
    const size_t slot = (size_t)(c->taken++ % c->slots);
    c->states[slot] = SLOT_AT_WORK;
    pthread_mutex_unlock(&c->lock);
    c->stages->work(c->stages->context, slot, worker);
    pthread_mutex_lock(&c->lock);
    c->states[slot] = SLOT_DONE;
    return true;
}

static bool try_read(conveyor *c)
{
    const size_t slot = (size_t)(c->filled % c->slots);
    bool more = false;
    qs_error error = {0};
    if (c->reading || c->at_end || c->filled - c->written == c->slots)
        return false;
    c->reading = true;
    pthread_mutex_unlock(&c->lock);
    const qs_status status = c->stages->read(c->stages->context, slot, &more, &error);
    pthread_mutex_lock(&c->lock);
    c->reading = false;
    c->at_end = !more || status != QS_OK;
    if (status != QS_OK && c->status == QS_OK) {
        c->status = status;
        c->error = error;
    } else if (more) {
        c->states[slot] = SLOT_FILLED;
        c->filled++;
    }
    return true;
}

static qs_status attend(void *context, size_t index, size_t worker, qs_error *err)
{
    conveyor *c = context;
    (void)index;
    (void)err;
    pthread_mutex_lock(&c->lock);
    while (!c->stop && !(c->at_end && c->written == c->filled)) {
        if (try_write(c) || try_work(c, worker) || try_read(c))
            pthread_cond_broadcast(&c->changed);
        else
            pthread_cond_wait(&c->changed, &c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return QS_OK;
}

qs_status qs_conveyor_run(const qs_conveyor_stages *stages, size_t slots, size_t jobs, qs_error *err)
{
    conveyor c = {.stages = stages, .slots = slots};
    c.states = qs_alloc_zero(slots, sizeof *c.states);
    if (c.states == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    pthread_mutex_init(&c.lock, NULL);
    pthread_cond_init(&c.changed, NULL);
    qs_status status = qs_workers_run(jobs, jobs, attend, &c, err);
    if (status == QS_OK && c.status != QS_OK) {
        status = c.status;
        if (err != NULL)
            *err = c.error;
    }
    pthread_cond_destroy(&c.changed);
    pthread_mutex_destroy(&c.lock);
    qs_free(c.states);
    return status;
}
