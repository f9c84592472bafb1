// The two functions by which libdispatch lets another event loop run its main queue.
#pragma once

int _dispatch_get_main_queue_handle_4CF(void);
void _dispatch_main_queue_callback_4CF(void *message);
