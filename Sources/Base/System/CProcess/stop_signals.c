#define _GNU_SOURCE

#include "stop_signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

// Handlers call only what may be called in a handler: see signal-safety(7).

/// Enough for work that is stopped to be stored, even on a busy machine.
enum { GRACE_SECONDS = 3 };

/// `timeout` sends its signal to us and then to our group: that is one request, not two.
static const int64_t shortest_pause = 50 * 1000000;

static atomic_int first_signal;
static _Atomic(int64_t) time_of_first;
static atomic_int descriptor = -1;

static const char *_Atomic start_message;
static atomic_int start_status;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void take_stop(int number) {
    int before = errno;
    int none = 0;
    if (atomic_compare_exchange_strong(&first_signal, &none, number)) {
        atomic_store(&time_of_first, now());
        uint64_t one = 1;
        if (write(atomic_load(&descriptor), &one, sizeof one) < 0) {
            // Then the alarm ends us.
        }
        alarm(GRACE_SECONDS);
    } else {
        int64_t time = atomic_load(&time_of_first);
        if (time != 0 && now() - time > shortest_pause) _exit(128 + number);
    }
    errno = before;
}

static void take_alarm(int number) {
    (void)number;
    int signal = atomic_load(&first_signal);
    if (signal != 0) _exit(128 + signal);
    const char *message = atomic_load(&start_message);
    if (message == NULL) return;
    if (write(STDERR_FILENO, message, strlen(message)) < 0) {
        // Nobody reads it.
    }
    _exit(atomic_load(&start_status));
}

static void handle(int number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

int stop_signals_handle(void) {
    if (atomic_load(&descriptor) < 0) {
        int new = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (new < 0) return errno;
        atomic_store(&descriptor, new);
    }
    handle(SIGALRM, take_alarm);
    handle(SIGINT, take_stop);
    handle(SIGTERM, take_stop);
    struct sigaction before;
    if (sigaction(SIGHUP, NULL, &before) != 0 || before.sa_handler != SIG_IGN) {
        handle(SIGHUP, take_stop);
    }
    return 0;
}

int stop_signals_descriptor(void) { return atomic_load(&descriptor); }

int stop_signals_first(void) { return atomic_load(&first_signal); }

void start_watch_begin(unsigned seconds, const char *message, int status) {
    atomic_store(&start_status, status);
    atomic_store(&start_message, message);
    handle(SIGALRM, take_alarm);
    // A handler is of no use to somebody who has blocked or will inherit a blocked SIGALRM.
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    alarm(seconds);
}

void start_watch_end(void) {
    atomic_store(&start_message, NULL);
    if (atomic_load(&first_signal) == 0) alarm(0);
}
