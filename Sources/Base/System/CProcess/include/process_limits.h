#pragma once

#include <stddef.h>

// Tries whether the system gives a process what it needs, where the libraries that need it would
// wait for ever or end it.

/// Opens /dev/null in the place of standard input, output or error that is closed. Otherwise the
/// next file that is opened takes its place, and text goes into it.
void process_limits_fill_streams(void);

/// Opens that many descriptors, and closes them.
///
/// @return 0, or the error number when there are not as many.
int process_limits_try_descriptors(int count);

/// Has that many threads at once, and ends them.
///
/// @return 0, or the error number when there are not as many.
int process_limits_try_threads(int count);

/// Maps so many bytes of address space and, of these, so many of memory, and releases them.
///
/// @return 0, or the error number when there are not as many.
int process_limits_try_memory(size_t address_space, size_t memory);

/// How many cores the process may run on (taskset, cpusets, what a queue allots).
///
/// @return at least 1.
int process_limits_core_count(void);
