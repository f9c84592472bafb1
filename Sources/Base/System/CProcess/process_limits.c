#define _GNU_SOURCE

#include "process_limits.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

void process_limits_fill_streams(void) {
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
        // The lowest one that is free is the one that is missing.
        if (open("/dev/null", O_RDWR) < 0) return;
    }
}

int process_limits_try_descriptors(int count) {
    int opened[256];
    int number = 0, error = 0;
    if (count > (int)(sizeof opened / sizeof *opened)) count = sizeof opened / sizeof *opened;
    while (number < count && error == 0) {
        int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (next < 0) error = errno;
        else opened[number++] = next;
    }
    while (number > 0) close(opened[--number]);
    return error;
}

static void *wait_for_gate(void *gate) {
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

int process_limits_try_threads(int count) {
    pthread_t threads[128];
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    int number = 0, error = 0;
    if (count > (int)(sizeof threads / sizeof *threads)) count = sizeof threads / sizeof *threads;
    pthread_mutex_lock(&gate);
    while (number < count && error == 0) {
        error = pthread_create(&threads[number], NULL, wait_for_gate, &gate);
        if (error == 0) number++;
    }
    pthread_mutex_unlock(&gate);
    while (number > 0) pthread_join(threads[--number], NULL);
    return error;
}

static int try_mapping(size_t size, int protection) {
    if (size == 0) return 0;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *place = mmap(NULL, size, protection, flags, -1, 0);
    if (place == MAP_FAILED) return errno;
    munmap(place, size);
    return 0;
}

static int is_limited(int resource) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

int process_limits_try_memory(size_t address_space, size_t memory) {
    // Without a limit there is nothing to find out; a system that overcommits nothing may refuse.
    int error = is_limited(RLIMIT_AS) ? try_mapping(address_space, PROT_NONE) : 0;
    if (error != 0 || !is_limited(RLIMIT_DATA)) return error;
    return try_mapping(memory, PROT_READ | PROT_WRITE);
}

int process_limits_core_count(void) {
    int count = 0;
    // The kernel refuses a set that is smaller than its own.
    for (int cores = 1024; cores <= 1 << 20 && count == 0; cores *= 4) {
        cpu_set_t *set = CPU_ALLOC(cores);
        if (set == NULL) break;
        size_t size = CPU_ALLOC_SIZE(cores);
        if (sched_getaffinity(getpid(), size, set) == 0) count = CPU_COUNT_S(size, set);
        CPU_FREE(set);
    }
    if (count == 0) count = (int)sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count;
}
