import CGtk
import SystemPackage

/// A question or an error in a dialog.
@MainActor
package final class MessageDialog {
    package struct Answer: Sendable {
        let id: String
        let label: String
        let look: AdwResponseAppearance

        package static func plain(_ id: String, _ label: String) -> Answer {
            Answer(id: id, label: label, look: ADW_RESPONSE_DEFAULT)
        }

        package static func suggested(_ id: String, _ label: String) -> Answer {
            Answer(id: id, label: label, look: ADW_RESPONSE_SUGGESTED)
        }

        package static func destructive(_ id: String, _ label: String) -> Answer {
            Answer(id: id, label: label, look: ADW_RESPONSE_DESTRUCTIVE)
        }
    }

    /// Shows a dialog over its parent.
    ///
    /// - Parameters:
    ///   - parent: the window that is blocked.
    ///   - heading: the title.
    ///   - body: the text.
    ///   - content: a widget below the text.
    ///   - answers: from left to right; Escape means the first one.
    ///   - handler: called with the answer's id.
    package static func show(
        over parent: Window,
        heading: String,
        body: String,
        content: Widget? = nil,
        answers: [Answer],
        _ handler: @escaping @MainActor (String) -> Void
    ) {
        guard let widget = adw_message_dialog_new(cast(parent.raw), heading, body) else { return }
        let raw = UnsafeMutableRawPointer(widget)
        for answer in answers {
            adw_message_dialog_add_response(cast(raw), answer.id, answer.label)
            adw_message_dialog_set_response_appearance(cast(raw), answer.id, answer.look)
        }
        if let first = answers.first { adw_message_dialog_set_close_response(cast(raw), first.id) }
        if let last = answers.last, last.look != ADW_RESPONSE_DESTRUCTIVE {
            adw_message_dialog_set_default_response(cast(raw), last.id)
        }
        if let content { adw_message_dialog_set_extra_child(cast(raw), content.widget) }
        let dialog = Object(raw)
        dialog.connect("response") { values in
            if let id = values.string(1) { handler(id) }
            return nil
        }
        gtk_window_present(cast(raw))
    }
}

/// Asks for files or a folder.
@MainActor
package enum FileChooser {
    package enum Kind: Sendable {
        case files, folder
    }

    /// Shows the desktop's own dialog.
    ///
    /// - Parameters:
    ///   - kind: several files, or one folder.
    ///   - title: the title of the dialog.
    ///   - parent: the window that is blocked.
    ///   - handler: called with the files, unless the user cancels.
    package static func show(
        _ kind: Kind,
        title: String,
        over parent: Window,
        _ handler: @escaping @MainActor (GivenFiles) -> Void
    ) {
        let action =
            kind == .files
            ? GTK_FILE_CHOOSER_ACTION_OPEN : GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER
        guard
            let pointer = gtk_file_chooser_native_new(title, cast(parent.raw), action, nil, nil)
        else { return }
        let chooser = Object(UnsafeMutableRawPointer(pointer))
        if kind == .files {
            gtk_file_chooser_set_select_multiple(OpaquePointer(chooser.raw), 1)
            let filter = gtk_file_filter_new()
            gtk_file_filter_set_name(filter, title)
            for type in ["video/*", "image/gif", "application/mxf"] {
                gtk_file_filter_add_mime_type(filter, type)
            }
            gtk_file_chooser_add_filter(OpaquePointer(chooser.raw), filter)
            g_object_unref(filter.map { UnsafeMutableRawPointer($0) })
        }
        // The reference with which it was made holds the chooser until it has answered.
        chooser.connect("response") { [unowned chooser] values in
            if values.int(1) == Int(GTK_RESPONSE_ACCEPT.rawValue) { handler(files(chooser)) }
            MainLoop.whenIdle {
                gtk_native_dialog_destroy(cast(chooser.raw))
                g_object_unref(chooser.raw)
            }
            return nil
        }
        gtk_native_dialog_show(cast(chooser.raw))
    }

    private static func files(_ chooser: Object) -> GivenFiles {
        var given = GivenFiles()
        guard let list = gtk_file_chooser_get_files(OpaquePointer(chooser.raw)) else {
            return given
        }
        defer { g_object_unref(UnsafeMutableRawPointer(list)) }
        for place in 0..<g_list_model_get_n_items(list) {
            guard let file = g_list_model_get_item(list, place) else { continue }
            defer { g_object_unref(file) }
            given.add(OpaquePointer(file))
        }
        return given
    }
}

/// Services of the desktop.
@MainActor
package enum Desktop {
    /// Shows a folder in the file manager. A file would be opened, or run, by whatever program the
    /// desktop has for it, so the caller makes sure that it is a folder.
    package static func openFolder(_ path: FilePath, over parent: Window) {
        guard let file = path.withPlatformString({ g_file_new_for_path($0) }) else { return }
        defer { g_object_unref(UnsafeMutableRawPointer(file)) }
        guard let uri = g_file_get_uri(file) else { return }
        defer { g_free(uri) }
        gtk_show_uri(cast(parent.raw), uri, UInt32(GDK_CURRENT_TIME))
    }

    package static func copy(_ text: String) {
        gdk_clipboard_set_text(gdk_display_get_clipboard(gdk_display_get_default()), text)
    }

    package static func showAbout(
        over parent: Window,
        name: String,
        icon: String,
        version: String,
        comments: String
    ) {
        let window = adw_about_window_new()
        guard let window else { return }
        let about = OpaquePointer(UnsafeMutableRawPointer(window))
        adw_about_window_set_application_name(about, name)
        adw_about_window_set_application_icon(about, icon)
        adw_about_window_set_version(about, version)
        adw_about_window_set_comments(about, comments)
        adw_about_window_set_license_type(about, GTK_LICENSE_APACHE_2_0)
        gtk_window_set_transient_for(
            cast(UnsafeMutableRawPointer(window)),
            cast(parent.raw)
        )
        gtk_window_present(cast(UnsafeMutableRawPointer(window)))
    }
}

/// Shows short messages over a widget.
@MainActor
package final class ToastOverlay: Widget {
    package init(_ child: Widget) {
        super.init(UnsafeMutableRawPointer(adw_toast_overlay_new()))
        adw_toast_overlay_set_child(cast(raw), child.widget)
    }

    package func toast(
        _ text: String,
        button: String? = nil,
        _ action: @escaping @MainActor () -> Void = {}
    ) {
        guard let escaped = g_markup_escape_text(text, -1) else { return }
        defer { g_free(escaped) }
        guard let pointer = adw_toast_new(escaped) else { return }
        if let button {
            adw_toast_set_button_label(pointer, button)
            let toast = Object(opaque: pointer)
            toast.on("button-clicked", action)
        }
        // Toasts with a button are shown first.
        if button != nil { adw_toast_set_priority(pointer, ADW_TOAST_PRIORITY_HIGH) }
        adw_toast_set_timeout(pointer, button == nil ? 3 : 5)
        adw_toast_overlay_add_toast(cast(raw), pointer)
    }
}
