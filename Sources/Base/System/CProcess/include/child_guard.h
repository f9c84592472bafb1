#pragma once

#include <sys/types.h>

// A small process beside this one that outlives it for a moment and ends all children, however this
// one ends: a SIGKILL leaves no chance to do it here. Children are found by a variable in their
// environment, which their own children inherit, and by their process group.

/// The variable that every child must have in its environment.
#define CHILD_GUARD_VARIABLE "EIGHTCUT_RUN"

/// Starts the guard, unless it runs. Best called before there are threads, while this process is
/// small: until it ends, the guard keeps the memory of that moment.
///
/// @return 0, or the error number when it cannot be started.
int child_guard_start(void);

/// The value of the variable: that of this process, if it has one, and a random number. So a guard
/// further up finds children of children as well.
const char *_Nonnull child_guard_mark(void);

/// To be called before a child is started. Starts the guard if somebody has killed it.
///
/// @return 0, or the error number when it cannot be started: then start no child.
int child_guard_will_start(void);

/// To be called when a child has been started.
///
/// @param group the process group that it leads; 0 if it leads none, or could not be started.
void child_guard_did_start(pid_t group);

/// To be called when a child that leads a group has ended. Kills what is left of the group, and
/// waits a little until none of it can write any more.
void child_guard_did_end(pid_t group);
