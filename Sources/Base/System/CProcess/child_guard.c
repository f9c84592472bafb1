#define _GNU_SOURCE

#include "child_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The guard may be forked while there are threads, so it calls nothing that allocates or locks.

enum message_kind { WILL_START = 1, DID_START, DID_END, WILL_EXIT };

struct message {
    int32_t kind;
    int32_t group;
};

enum { LARGEST_GROUP_COUNT = 1024, RANDOM_LENGTH = 32, LONGEST_MARK = 512 };

struct groups {
    pid_t ids[LARGEST_GROUP_COUNT];
    int count;
};

// More children at once than fit are still found by their environment.
static void add_group(struct groups *groups, pid_t id) {
    if (id > 1 && groups->count < LARGEST_GROUP_COUNT) groups->ids[groups->count++] = id;
}

static void remove_group(struct groups *groups, pid_t id) {
    for (int index = 0; index < groups->count; index++) {
        if (groups->ids[index] != id) continue;
        groups->ids[index] = groups->ids[--groups->count];
        return;
    }
}

static void pause_for(long milliseconds) {
    struct timespec time = {.tv_sec = 0, .tv_nsec = milliseconds * 1000000};
    nanosleep(&time, NULL);
}

// MARK: - Looking through /proc

struct directory_entry {
    uint64_t inode;
    int64_t offset;
    uint16_t length;
    uint8_t type;
    char name[];
};

/// Calls `visit` with the ID of every process, and adds up what it returns.
static int visit_processes(int (*visit)(pid_t, const void *), const void *context) {
    int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return 0;
    char buffer[16384] __attribute__((aligned(8)));
    int sum = 0;
    long count;
    while ((count = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0) {
        for (long place = 0; place < count;) {
            const struct directory_entry *entry = (const void *)(buffer + place);
            place += entry->length;
            long id = 0;
            const char *digit = entry->name;
            while (*digit >= '0' && *digit <= '9' && id < INT32_MAX / 10) {
                id = id * 10 + (*digit++ - '0');
            }
            if (*digit == 0 && id > 1) sum += visit((pid_t)id, context);
        }
    }
    close(folder);
    return sum;
}

static int open_file_of(pid_t process, const char *name) {
    char path[64] = "/proc/";
    char digits[16];
    int count = 0;
    for (int rest = process; rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
    size_t length = strlen(path);
    while (count > 0) path[length++] = digits[--count];
    path[length++] = '/';
    strcpy(path + length, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/// Kills a process that has the mark in its environment.
static int kill_if_marked(pid_t process, const void *mark) {
    if (process == getpid()) return 0;
    int file = open_file_of(process, "environ");
    if (file < 0) return 0;
    char buffer[16384];
    size_t kept = 0;
    int is_marked = 0;
    ssize_t count;
    while (!is_marked && (count = read(file, buffer + kept, sizeof buffer - kept)) > 0) {
        size_t length = kept + (size_t)count;
        is_marked = memmem(buffer, length, mark, RANDOM_LENGTH) != NULL;
        // The mark may lie across the end of the buffer.
        kept = length < RANDOM_LENGTH ? length : RANDOM_LENGTH - 1;
        memmove(buffer, buffer + length - kept, kept);
    }
    close(file);
    return is_marked && kill(process, SIGKILL) == 0;
}

/// Whether a process is of a group and runs. Those that have ended are listed until somebody reaps
/// them, which not every container does.
static int runs_in_group(pid_t process, const void *group) {
    int file = open_file_of(process, "stat");
    if (file < 0) return 0;
    char text[512];
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return 0;
    text[count] = 0;
    // After the name, which may hold anything: state, parent, group.
    const char *end = strrchr(text, ')');
    if (end == NULL || end[1] != ' ' || end[2] == 'Z' || end[2] == 'X') return 0;
    const char *parent = strchr(end + 2, ' ');
    const char *place = parent == NULL ? NULL : strchr(parent + 1, ' ');
    return place != NULL && (pid_t)atol(place + 1) == *(const pid_t *)group;
}

// MARK: - The guard

static char mark[LONGEST_MARK];
/// The last part of `mark`.
static const char *own_mark = mark;

/// Ends all children, and theirs.
static void end_all(const struct groups *groups, int pending_count) {
    // A child that is being started holds the other end of our socket until it runs its program.
    // It is found as soon as it has its new environment; until then we have to look again.
    int clean_rounds = 0;
    const int wanted_rounds = pending_count > 0 ? 10 : 3;
    for (int round = 0; round < 100 && clean_rounds < wanted_rounds; round++) {
        for (int index = 0; index < groups->count; index++) kill(-groups->ids[index], SIGKILL);
        clean_rounds = visit_processes(kill_if_marked, own_mark) > 0 ? 0 : clean_rounds + 1;
        if (clean_rounds < wanted_rounds) pause_for(pending_count > 0 ? 30 : 10);
    }
}

_Noreturn static void guard(int socket) {
    static struct groups groups;
    int pending_count = 0;
    int has_had_children = 0;
    struct message message;
    ssize_t count;
    while ((count = recv(socket, &message, sizeof message, 0)) != 0) {
        if (count < 0 && errno == EINTR) continue;
        if (count != sizeof message) break;
        if (message.kind != WILL_EXIT) has_had_children = 1;
        switch (message.kind) {
        case WILL_START: pending_count++; break;
        case DID_START:
            if (pending_count > 0) pending_count--;
            add_group(&groups, message.group);
            break;
        case DID_END: remove_group(&groups, message.group); break;
        case WILL_EXIT:
            // It waits for us, so we are quick where nothing is left to do: one look.
            if (groups.count > 0 || pending_count > 0) break;
            if (!has_had_children || visit_processes(kill_if_marked, own_mark) == 0) _exit(0);
            break;
        }
    }
    if (has_had_children) end_all(&groups, pending_count);
    _exit(0);
}

/// Closes everything but the socket: nobody's pipe stays open and no lock is held because of us.
static int keep_only(int socket) {
    int moved = fcntl(socket, F_DUPFD, 3);
    if (moved < 0) return socket;
    int empty = open("/dev/null", O_RDWR);
    for (int target = 0; target < 3; target++) {
        if (empty >= 0) dup2(empty, target);
        else close(target);
    }
#ifdef SYS_close_range
    int first = syscall(SYS_close_range, 3U, (unsigned)moved - 1, 0U);
    // An empty range is an error.
    if ((moved == 3 || first == 0)
        && syscall(SYS_close_range, (unsigned)moved + 1, ~0U, 0U) == 0) return moved;
#endif
    struct rlimit limit;
    int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536
        ? (int)limit.rlim_cur : 65536;
    for (int descriptor = 3; descriptor < end; descriptor++) {
        if (descriptor != moved) close(descriptor);
    }
    return moved;
}

/// Replaces the command line in lists of processes, so that nobody who ends `8cut` by name ends its
/// guard as well.
static void rename_process(const char *name) {
    prctl(PR_SET_NAME, name);
    char text[1024];
    int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return;
    text[count] = 0;
    const char *place = strrchr(text, ')');
    // The state behind the name is field 3; 48 and 49 are the bounds of the command line.
    for (int field = 2; place != NULL && field < 48; field++) place = strchr(place + 1, ' ');
    if (place == NULL) return;
    char *rest;
    char *start = (char *)strtoul(place + 1, &rest, 10);
    const char *end = (const char *)strtoul(rest, NULL, 10);
    if (start == NULL || end <= start || (size_t)(end - start) > 1 << 21) return;
    memset(start, 0, (size_t)(end - start));
    size_t space = (size_t)(end - start) - 1;
    memcpy(start, name, strlen(name) < space ? strlen(name) : space);
}

// MARK: - The process that is guarded

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int guard_socket = -1;
static pid_t guard_process = 0;
static struct groups running;

static void make_mark(void) {
    if (mark[0] != 0) return;
    const char *outer = getenv(CHILD_GUARD_VARIABLE);
    size_t length = 0;
    if (outer != NULL && outer[0] != 0 && strlen(outer) + 2 + RANDOM_LENGTH <= LONGEST_MARK) {
        length = strlen(outer);
        memcpy(mark, outer, length);
        mark[length++] = ':';
    }
    unsigned char random[RANDOM_LENGTH / 2];
    if (getrandom(random, sizeof random, 0) != sizeof random) {
        struct timespec now;
        clock_gettime(CLOCK_BOOTTIME, &now);
        int64_t numbers[2] = {now.tv_nsec * 0x9E3779B97F4A7C15, getpid() ^ now.tv_sec << 32};
        memcpy(random, numbers, sizeof random);
    }
    own_mark = mark + length;
    for (size_t index = 0; index < sizeof random; index++) {
        snprintf(mark + length + 2 * index, 3, "%02x", random[index]);
    }
}

static void stop(void);

static int start(void) {
    static int stops_at_exit = 0;
    if (guard_socket >= 0) return 0;
    if (!stops_at_exit) stops_at_exit = atexit(stop) == 0;
    make_mark();
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    // It must not run our handlers, nor be ended by what ends us.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    int error = child < 0 ? errno : 0;
    if (child == 0) {
        // In a session of its own: whoever signals our group does not meet it.
        setsid();
        int socket = keep_only(ends[1]);
        if (chdir("/") != 0) {
            // It only keeps a folder in use.
        }
        rename_process("child-guard");
        guard(socket);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (error != 0) {
        close(ends[0]);
        return error;
    }
    guard_socket = ends[0];
    guard_process = child;
    return 0;
}

/// Sends a message; false when the guard is gone, or does not listen.
static int send_message(enum message_kind kind, pid_t group) {
    struct message message = {kind, group};
    if (guard_socket < 0) return 0;
    ssize_t count;
    do {
        count = send(guard_socket, &message, sizeof message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count == sizeof message) return 1;
    close(guard_socket);
    guard_socket = -1;
    // It has ended, or ends now that nobody is at the other end.
    waitpid(guard_process, NULL, WNOHANG);
    return 0;
}

/// Ends the guard and reaps it. Many containers have nobody who reaps what a process leaves, and a
/// process for each run of `8cut` would stay there as a zombie.
static void stop(void) {
    pthread_mutex_lock(&lock);
    if (guard_socket >= 0 && send_message(WILL_EXIT, 0)) {
        close(guard_socket);
        guard_socket = -1;
        while (waitpid(guard_process, NULL, 0) < 0 && errno == EINTR) {}
    }
    pthread_mutex_unlock(&lock);
}

int child_guard_start(void) {
    pthread_mutex_lock(&lock);
    int error = start();
    pthread_mutex_unlock(&lock);
    return error;
}

const char *child_guard_mark(void) {
    pthread_mutex_lock(&lock);
    make_mark();
    pthread_mutex_unlock(&lock);
    return mark;
}

int child_guard_will_start(void) {
    pthread_mutex_lock(&lock);
    int error = 0;
    if (!send_message(WILL_START, 0)) {
        error = start();
        for (int index = 0; error == 0 && index < running.count; index++) {
            send_message(DID_START, running.ids[index]);
        }
        if (error == 0 && !send_message(WILL_START, 0)) error = EPIPE;
    }
    pthread_mutex_unlock(&lock);
    return error;
}

void child_guard_did_start(pid_t group) {
    pthread_mutex_lock(&lock);
    add_group(&running, group);
    send_message(DID_START, group);
    pthread_mutex_unlock(&lock);
}

void child_guard_did_end(pid_t group) {
    if (group <= 1) return;
    // The leader was reaped a moment ago. Its number is not given to others while one of its group
    // is left, nor before all other numbers have been.
    for (int attempt = 0; attempt < 60; attempt++) {
        if (kill(-group, SIGKILL) != 0 || visit_processes(runs_in_group, &group) == 0) break;
        pause_for(5);
    }
    pthread_mutex_lock(&lock);
    remove_group(&running, group);
    send_message(DID_END, group);
    pthread_mutex_unlock(&lock);
}
