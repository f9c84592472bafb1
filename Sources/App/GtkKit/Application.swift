import CGtk

/// The program as the desktop knows it: one process, whatever is opened.
@MainActor
package final class Application: Object {
    /// Names the application.
    package init(id: String) {
        let flags = G_APPLICATION_HANDLES_OPEN
        super.init(UnsafeMutableRawPointer(adw_application_new(id, flags).unsafelyUnwrapped))
    }

    /// What `--help` says besides the options.
    ///
    /// - Parameters:
    ///   - parameters: what may stand behind the options.
    ///   - summary: what the program is for.
    ///   - description: examples and the like, below the options.
    package func setHelp(parameters: String, summary: String, description: String) {
        g_application_set_option_context_parameter_string(cast(raw), parameters)
        g_application_set_option_context_summary(cast(raw), summary)
        g_application_set_option_context_description(cast(raw), description)
    }

    /// Calls `handler` when it is started without files, or again.
    package func onActivate(_ handler: @escaping @MainActor () -> Void) { on("activate", handler) }

    /// Calls `handler` with the files that it is started with.
    package func onOpen(_ handler: @escaping @MainActor (GivenFiles) -> Void) {
        connect("open") { values in
            guard let list = g_value_get_pointer(values.values + 1) else { return nil }
            let files = list.assumingMemoryBound(to: OpaquePointer?.self)
            var given = GivenFiles()
            for place in 0..<values.int(2) { given.add(files[place]) }
            handler(given)
            return nil
        }
    }

    /// Runs until the last window is closed, with the bytes of the program's own arguments: Swift's
    /// strings would change names that are not UTF-8.
    ///
    /// - Returns: the exit status.
    package func run() -> Int32 {
        g_application_run(cast(raw), CommandLine.argc, CommandLine.unsafeArgv)
    }

    /// Keys that stand for actions of the window.
    package func setKeys(_ action: String, _ keys: String...) {
        var pointers: [UnsafePointer<CChar>?] = keys.map { UnsafePointer(g_strdup($0)) }
        pointers.append(nil)
        gtk_application_set_accels_for_action(cast(raw), action, &pointers)
        for pointer in pointers { g_free(UnsafeMutableRawPointer(mutating: pointer)) }
    }

    /// Ends the program at once.
    package func quit() { g_application_quit(cast(raw)) }

    /// Colours: those of the system, light ones, or dark ones.
    package func setAppearance(dark: Bool?) {
        let scheme =
            switch dark {
            case nil: ADW_COLOR_SCHEME_DEFAULT
            case false: ADW_COLOR_SCHEME_FORCE_LIGHT
            case true: ADW_COLOR_SCHEME_FORCE_DARK
            }
        adw_style_manager_set_color_scheme(adw_style_manager_get_default(), scheme)
    }

    /// Adds style rules of the program's own.
    package func addStyle(_ css: String) {
        let provider = gtk_css_provider_new()
        gtk_css_provider_load_from_data(provider, css, -1)
        gtk_style_context_add_provider_for_display(
            gdk_display_get_default(),
            OpaquePointer(provider),
            UInt32(GTK_STYLE_PROVIDER_PRIORITY_APPLICATION)
        )
        g_object_unref(provider.map { UnsafeMutableRawPointer($0) })
    }
}
