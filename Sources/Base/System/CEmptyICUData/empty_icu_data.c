#include "empty_icu_data.h"

// One for each ICU that a Swift toolchain may bring. The header of the data is all zero: ICU takes it for
// damaged, and answers as it does where a system has no data.
#define EMPTY(version) const struct empty_icu_data icudt##version##_dat = {{0}}

EMPTY(74);
EMPTY(75);
EMPTY(76);
EMPTY(77);
EMPTY(78);
EMPTY(79);
EMPTY(80);
