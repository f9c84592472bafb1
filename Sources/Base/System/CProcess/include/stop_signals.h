#pragma once

// Signals that end a command, handled without a thread: they work where none can be made.

/// Handles SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) from now on. The first
/// of them makes `stop_signals_descriptor` readable; whoever watches it ends the work. If this
/// process still runs three seconds later, or gets another one, it exits at once with
/// 128 + the signal's number.
///
/// @return 0, or the error number when there is no descriptor left.
int stop_signals_handle(void);

/// Readable once a signal has come; -1 before `stop_signals_handle`.
int stop_signals_descriptor(void);

/// The first signal that has come; 0 before.
int stop_signals_first(void);

/// Ends this process with a message and a status unless `start_watch_end` is called in time.
///
/// @param seconds how long the start may take.
/// @param message what to write to standard error. It must stay valid.
/// @param status the exit status.
void start_watch_begin(unsigned seconds, const char *_Nonnull message, int status);

/// Ends what `start_watch_begin` began.
void start_watch_end(void);
