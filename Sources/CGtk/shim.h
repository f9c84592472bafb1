// GTK 4 and libadwaita, and as functions what their headers have as macros only.
#pragma once
#include <adwaita.h>
#include <glib-unix.h>

static inline GType cgtk_type_boolean(void) { return G_TYPE_BOOLEAN; }
static inline GType cgtk_type_double(void) { return G_TYPE_DOUBLE; }
static inline GType cgtk_type_int(void) { return G_TYPE_INT; }
static inline GType cgtk_type_string(void) { return G_TYPE_STRING; }
static inline GType cgtk_type_uint(void) { return G_TYPE_UINT; }
static inline GType cgtk_type_pointer(void) { return G_TYPE_POINTER; }
static inline GType cgtk_type_object(void) { return G_TYPE_OBJECT; }
static inline GType cgtk_type_file_list(void) { return GDK_TYPE_FILE_LIST; }
static inline GType cgtk_value_type(const GValue *value) { return G_VALUE_TYPE(value); }
static inline gboolean cgtk_is_text_input(GtkWidget *widget) {
    return GTK_IS_EDITABLE(widget) || GTK_IS_TEXT(widget) || GTK_IS_TEXT_VIEW(widget);
}
