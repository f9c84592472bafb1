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

    /// Shows an option in `--help`.
    package func addOption(_ name: String, description: String) {
        g_application_add_main_option(
            cast(raw),
            name,
            0,
            G_OPTION_FLAG_NONE,
            G_OPTION_ARG_NONE,
            description,
            nil
        )
    }

    /// Adds an action with texts, which also another start of the program can call.
    package func addAction(
        _ name: String,
        withTexts handler: @escaping @MainActor ([String]) -> Void
    ) {
        let type = g_variant_type_new("as")
        defer { g_variant_type_free(type) }
        guard let pointer = g_simple_action_new(name, type) else { return }
        let action = Object(opaque: pointer)
        g_object_unref(UnsafeMutableRawPointer(pointer))
        action.connect("activate") { values in
            guard let list = g_value_get_variant(values.values + 1) else { return nil }
            let texts = (0..<g_variant_n_children(list)).compactMap { place -> String? in
                guard let child = g_variant_get_child_value(list, place) else { return nil }
                defer { g_variant_unref(child) }
                return g_variant_get_string(child, nil).map { String(cString: $0) }
            }
            handler(texts)
            return nil
        }
        g_action_map_add_action(cast(raw), pointer)
    }

    /// Starts an action of the program that runs already, or of this one if none does.
    ///
    /// - Returns: false if the desktop's bus cannot be reached.
    package func activate(_ action: String, _ texts: [String]) -> Bool {
        guard g_application_register(cast(raw), nil, nil) != 0 else { return false }
        let builder = g_variant_builder_new(cgtk_type_strings())
        for text in texts { g_variant_builder_add_value(builder, g_variant_new_string(text)) }
        g_action_group_activate_action(cast(raw), action, g_variant_builder_end(builder))
        g_variant_builder_unref(builder)
        return true
    }

    /// Runs until the last window is closed, with the bytes of the program's own arguments: Swift's
    /// strings would change names that are not UTF-8.
    ///
    /// - Parameter count: how many of the arguments are for GTK; nil for all.
    /// - Returns: the exit status.
    package func run(_ count: Int? = nil) -> Int32 {
        let all = CommandLine.argc
        return g_application_run(
            cast(raw),
            count.map { min(Int32(clamping: $0), all) } ?? all,
            CommandLine.unsafeArgv
        )
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
