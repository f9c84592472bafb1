#ifndef EMPTY_ICU_DATA_H
#define EMPTY_ICU_DATA_H

// Foundation, which GRDB imports, brings ICU and 31 MB of its data: calendars, languages, time zones.
// Nothing here reads them, so a program is linked with none: the linker finds the name of the data here and
// leaves out those of Foundation. `EmptyICUDataTests` shows that nothing asks for them.
struct empty_icu_data {
    _Alignas(16) unsigned char header[64];
};

#endif
