/// In <stdio.h> for _GNU_SOURCE only, which Swift does not set.
int renameat2(
    int old_folder, const char *old_name, int new_folder, const char *new_name, unsigned int flags
);

/// Two names change places.
#define EIGHTCUT_RENAME_EXCHANGE 2u
