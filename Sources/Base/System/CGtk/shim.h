// GTK 4 and libadwaita, and as functions what their headers have as macros only.
#pragma once
#include <adwaita.h>
#include <glib-unix.h>

static inline GType cgtk_type_string(void) { return G_TYPE_STRING; }
static inline GType cgtk_type_file_list(void) { return GDK_TYPE_FILE_LIST; }
static inline gboolean cgtk_is_text_input(GtkWidget *widget) {
    return GTK_IS_EDITABLE(widget) || GTK_IS_TEXT(widget) || GTK_IS_TEXT_VIEW(widget);
}
