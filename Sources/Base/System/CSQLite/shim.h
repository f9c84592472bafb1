#include <sqlite3.h>

/// Sets an option of a connection: `sqlite3_db_config` is variadic, which Swift cannot call.
static inline int eightcut_sqlite_set(sqlite3 *connection, int option, int value) {
    return sqlite3_db_config(connection, option, value, (int *)0);
}

/// Lets names of databases be URIs. It has an effect before the first connection only.
static inline int eightcut_sqlite_allow_uris(void) {
    return sqlite3_config(SQLITE_CONFIG_URI, 1);
}
