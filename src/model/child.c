/* Child processes: fork, a framed and checked answer over a pipe, wait. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "model/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/io.h"

#define CHILDREN_MAX 64
#define FRAME_MAGIC UINT64_C(0x51534348494c4431)

/* Goes before the result. */
typedef struct frame {
    uint64_t magic;
    uint64_t length;
    uint64_t hash;
    qs_error error; /* its status is that of the work */
} frame;

typedef struct child {
    pid_t pid;
    int fd;
    size_t index;
} child;

typedef struct nursery {
    child running[CHILDREN_MAX];
    size_t count;
    size_t failed_index;
    qs_status status;
    qs_error error;
} nursery;

static _Noreturn void child_main(int fd, qs_child_work work, void *context, size_t index, pid_t parent)
{
    const struct rlimit no_core = {0, 0};
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGSEGV, SIGABRT, SIGBUS, SIGFPE};
    frame head = {.magic = FRAME_MAGIC};
    qs_buf result = {0};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        signal(signals[i], SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    setrlimit(RLIMIT_CORE, &no_core);
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
    }
    head.error.status = work(context, index, &result, &head.error);
    if (head.error.status == QS_OK && qs_buf_status(&result, NULL) != QS_OK)
        head.error.status = qs_fail(&head.error, QS_ENOMEM, "the result of the solver does not fit");
    head.length = head.error.status == QS_OK ? result.len : 0;
    head.hash = XXH64(result.ptr, (size_t)head.length, 0);
    const bool sent = qs_io_write_all(fd, &head, sizeof head, NULL) == QS_OK &&
                      qs_io_write_all(fd, result.ptr, (size_t)head.length, NULL) == QS_OK;
    _exit(sent ? 0 : 1);
}

static qs_status start(child *out, qs_child_work work, void *context, size_t index, qs_error *err)
{
    int ends[2];
    const pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0)
        return qs_fail(err, QS_EIO, "cannot make a pipe: %s", strerror(errno));
    const pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        child_main(ends[1], work, context, index, parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return qs_fail(err, QS_ENOMEM, "cannot start a process: %s", strerror(errno));
    }
    *out = (child){.pid = pid, .fd = ends[0], .index = index};
    return QS_OK;
}

/* Waits for the child; its wait status, or 0 if somebody else has collected it. */
static int collect(const child *c)
{
    int how = 0;
    close(c->fd);
    while (waitpid(c->pid, &how, 0) < 0)
        if (errno != EINTR)
            return 0;
    return how;
}

static qs_status death(int how, qs_error *err)
{
    if (!WIFSIGNALED(how))
        return qs_fail(err, QS_ENOMEM, "the solver ended without a result");
    const int number = WTERMSIG(how);
    if (number == SIGINT || number == SIGTERM || number == SIGHUP)
        return qs_fail(err, QS_EINTERRUPTED, "the solver was told to stop by signal %d", number);
    return qs_fail(err, QS_ENOMEM, "the solver died of signal %d, most likely for lack of memory", number);
}

/* Checks the frame of a child that has ended and takes it off the result. */
static qs_status unframe(qs_buf *result, int how, qs_error *err)
{
    frame head;
    if (result->failed)
        return qs_buf_status(result, err);
    if (result->len < sizeof head)
        return death(how, err);
    memcpy(&head, result->ptr, sizeof head);
    if (head.magic != FRAME_MAGIC || head.length != result->len - sizeof head)
        return death(how, err);
    if (head.error.status != QS_OK) {
        if (err != NULL)
            *err = head.error;
        return head.error.status;
    }
    if (XXH64(result->ptr + sizeof head, (size_t)head.length, 0) != head.hash)
        return qs_fail(err, QS_EIO, "the result of the solver was damaged on its way");
    memmove(result->ptr, result->ptr + sizeof head, (size_t)head.length);
    result->len = (size_t)head.length;
    return QS_OK;
}

static void note_failure(nursery *n, size_t index, qs_status status, const qs_error *error)
{
    if (n->status != QS_OK && index > n->failed_index)
        return;
    n->failed_index = index;
    n->status = status;
    n->error = *error;
}

/* Reads what a child has to say; true when it has said all. */
static bool listen_to(const child *c, qs_buf *result)
{
    char piece[1 << 16];
    const ssize_t got = qs_io_read(c->fd, piece, sizeof piece);
    if (got > 0)
        qs_buf_add(result, piece, (size_t)got);
    return got <= 0 || result->failed;
}

static void serve(nursery *n, qs_buf *results)
{
    struct pollfd fds[CHILDREN_MAX];
    for (size_t i = 0; i < n->count; i++)
        fds[i] = (struct pollfd){.fd = n->running[i].fd, .events = POLLIN};
    if (poll(fds, (nfds_t)n->count, -1) < 0)
        return;
    for (size_t i = n->count; i-- > 0;) {
        const child c = n->running[i];
        if (fds[i].revents == 0 || !listen_to(&c, &results[c.index]))
            continue;
        qs_error error = {0};
        const qs_status status = unframe(&results[c.index], collect(&c), &error);
        if (status != QS_OK)
            note_failure(n, c.index, status, &error);
        n->running[i] = n->running[--n->count];
    }
}

qs_status qs_children_run(size_t processes, size_t count, qs_child_work work, void *context,
                          qs_buf *results, qs_error *err)
{
    nursery n = {0};
    size_t next = 0;
    if (processes > CHILDREN_MAX)
        processes = CHILDREN_MAX;
    if (processes == 0)
        processes = 1;
    while (n.count > 0 || (next < count && n.status == QS_OK)) {
        while (n.status == QS_OK && next < count && n.count < processes) {
            qs_error error = {0};
            const qs_status status = start(&n.running[n.count], work, context, next, &error);
            if (status == QS_OK)
                n.count++;
            else
                note_failure(&n, next, status, &error);
            next++;
        }
        if (n.count > 0)
            serve(&n, results);
    }
    if (n.status != QS_OK && err != NULL)
        *err = n.error;
    return n.status;
}
