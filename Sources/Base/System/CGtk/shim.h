// GTK 4 and libadwaita, and as functions what their headers have as macros only.
#pragma once
#include <adwaita.h>
#include <glib-unix.h>

static inline GType cgtk_type_string(void) { return G_TYPE_STRING; }
static inline GType cgtk_type_file_list(void) { return GDK_TYPE_FILE_LIST; }
static inline const GVariantType *cgtk_type_strings(void) { return G_VARIANT_TYPE_STRING_ARRAY; }
static inline gboolean cgtk_is_text_input(GtkWidget *widget) {
    return GTK_IS_EDITABLE(widget) || GTK_IS_TEXT(widget) || GTK_IS_TEXT_VIEW(widget);
}
// Tells a screen reader what has happened, where GTK can do that: since 4.14.
static inline void cgtk_announce(GtkWidget *widget, const char *text) {
#if GTK_CHECK_VERSION(4, 14, 0)
    gtk_accessible_announce(GTK_ACCESSIBLE(widget), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
#else
    (void)widget;
    (void)text;
#endif
}
