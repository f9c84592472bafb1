import ClipLibrary
import DesktopModel
import Diagnostics
import GtkKit
import Localization
import SystemPackage

/// The window: the playlist beside the preview, and below it the timeline and the rows.
final class MainWindow {
    let model: AppModel
    private let application: Application
    private let window: Window
    private let header = HeaderBar(title: "8-cut")
    private let flap: Flap
    private let playlist: PlaylistView
    private let preview: PreviewView
    private let timeline: TimelineView
    private let transport: TransportBar
    private let export: ExportRow
    private let masks: MaskRow
    private let status: StatusBar
    private let review: ReviewPage
    private let find: FindPage
    private let pages = Stack()
    private let notices: NoticePresenter
    private let toasts: ToastOverlay
    private var settings: SettingsWindow?
    private var isClosing = false

    init(_ application: Application, _ model: AppModel) {
        self.application = application
        self.model = model
        let size = model.windowSize
        window = Window(
            application,
            title: "8-cut",
            width: Int32(clamping: size.width),
            height: Int32(clamping: size.height)
        )
        playlist = PlaylistView(model)
        preview = PreviewView(model, window)
        timeline = TimelineView(model)
        transport = TransportBar(model)
        export = ExportRow(model, window)
        masks = MaskRow(model, window)
        status = StatusBar(model)
        // Over the preview, so that toasts do not cover the rows below.
        toasts = ToastOverlay(preview.widget)
        review = ReviewPage(model, menu: Self.menu())
        find = FindPage(model, menu: Self.menu())
        notices = NoticePresenter(model.notices, window) { [toasts, review, find] in
            switch model.page {
            case .work: toasts
            case .review: review.toasts
            case .find: find.toasts
            }
        }
        let work = Box.column(
            spacing: 0,
            toasts,
            timeline.widget,
            transport.widget,
            Separator(),
            export.widget,
            Separator(),
            masks.widget,
            Separator(),
            status.widget
        )
        flap = Flap(side: playlist.widget, content: work)
        fillHeader()
        pages.add(Box.column(spacing: 0, header, flap.expanding(vertically: true)), name: "work")
        pages.add(review.widget, name: "review")
        pages.add(find.widget, name: "find")
        window.setContent(pages)
        addActions()
        addKeys()
        window.addingController(
            DropTarget { [model] files in Task { await model.open(files) } }
        )
        window.onClose { [unowned self] in close() }
        bindWindow()
    }

    func present() {
        window.present()
        // Otherwise the first button of the header would have the focus.
        window.clearFocus()
    }

    private func fillHeader() {
        let open = Button(localized("Open…")) { [unowned self] in chooseVideos() }
        open.tooltip = localized("Open videos (Ctrl+O)")
        let side = Button(icon: "sidebar-show-symbolic", name: localized("Playlist")) {
            [flap] in flap.isOpen.toggle()
        }
        header.packStart(side)
        header.packStart(open)
        let review = Button(localized("Review")) { [model] in model.startReview() }
        review.tooltip = localized("Judge the masks of clips (Ctrl+R)")
        review.bind { [model, unowned review] in
            review.setStyle("suggested-action", model.review.fixed != nil)
        }
        header.packStart(review)
        let find = Button(localized("Find Clips")) { [model] in model.startFinding() }
        find.tooltip = localized("Find clips worth keeping in the video (Ctrl+Shift+F)")
        header.packStart(find)
        header.packEnd(Self.menu())
        let settings = Button(localized("Settings…")) { [unowned self] in showSettings() }
        settings.tooltip = localized("Settings (Ctrl+,)")
        header.packEnd(settings)
    }

    private static func menu() -> Widget {
        Menu().section(
            Menu().item(localized("Undo"), "win.undo").item(localized("Redo"), "win.redo")
        ).section(
            Menu().item(localized("Review Masks"), "win.review")
                .item(localized("Find Clips"), "win.find-clips")
                .item(localized("Open Clips’ Folder"), "win.open-folder")
                .item(localized("Full Screen"), "win.full-screen")
        ).section(
            Menu().item(localized("Keyboard Shortcuts"), "win.shortcuts")
                .item(localized("About 8-cut"), "win.about")
        ).button(icon: "open-menu-symbolic", name: localized("Menu"))
    }

    private func bindWindow() {
        window.bind { [unowned self] in
            switch model.page {
            case .work:
                pages.show("work")
                window.clearFocus()
            case .review:
                pages.show("review")
                review.focus()
            case .find:
                pages.show("find")
                find.focus()
            }
        }
        window.bind { [unowned self] in
            let item = model.playlist.current
            let clip = model.preview.clip
            let name = clip.map { model.library.name(of: $0) } ?? item?.name
            header.setTitle(
                name ?? "8-cut",
                subtitle: name == nil
                    ? ""
                    : clip != nil
                        ? localized("Clip")
                        : displayed(item?.path.removingLastComponent().string ?? "")
            )
            window.title = name.map { $0 + " — 8-cut" } ?? "8-cut"
        }
        window.bind { [unowned self] in
            switch model.appearance {
            case .system: application.setAppearance(dark: nil)
            case .light: application.setAppearance(dark: false)
            case .dark: application.setAppearance(dark: true)
            }
        }
    }

    // MARK: Actions

    private func addActions() {
        let model = self.model
        window.addAction("open") { [unowned self] in chooseVideos() }
        window.addAction("settings") { [unowned self] in showSettings() }
        window.addAction("shortcuts") { [unowned self] in Shortcuts.show(over: window) }
        window.addAction("about") { [unowned self] in About.show(over: window) }
        window.addAction("full-screen") { [window] in window.isFullScreen.toggle() }
        window.addAction("undo", isOn: { model.undo.nextUndo != nil }) {
            Task { await model.undo.undo() }
        }
        window.addAction("redo", isOn: { model.undo.nextRedo != nil }) {
            Task { await model.undo.redo() }
        }
        window.addAction("open-folder") { [window] in
            if !model.export.form.folder.isEmpty {
                model.showFolder(FilePath(model.export.form.folder), over: window)
            }
        }
        window.addAction("review") { model.startReview() }
        window.addAction("find-clips") { model.startFinding() }
        window.addAction(
            "review-verdict",
            withText: { text in
                if let verdict = Verdict(rawValue: text) { model.review.judge(verdict) }
            }
        )
        window.addAction("export") { model.exportClip() }
        window.addAction("generate-masks") { model.generateMasks() }
        window.addAction("find", isOn: { model.findObstacle == nil }) { model.findObject() }
        window.addAction("play") { model.preview.togglePlaying() }
        window.addAction("next-marker") { model.selectNextClip() }
        window.addAction("next-file") { model.playlist.showNext() }
        window.addAction("close") { [unowned self] in _ = close() }
        window.addAction(
            "open-file",
            withText: { path in
                Task { await model.playlist.add([FilePath(path)]) }
            }
        )
        window.addAction(
            "seek",
            withText: { text in
                if let seconds = Double(text) { model.preview.scrub(to: seconds) }
            }
        )
        window.addAction(
            "settings-page",
            withText: { [unowned self] page in
                showSettings()
                settings?.show(page)
            }
        )
        MarkerActions.add(to: window, model)
    }

    private func addKeys() {
        application.setKeys("win.open", "<Control>o")
        application.setKeys("win.settings", "<Control>comma")
        application.setKeys("win.find", "<Control>f")
        application.setKeys("win.review", "<Control>r")
        application.setKeys("win.find-clips", "<Control><Shift>f")
        application.setKeys("win.undo", "<Control>z")
        application.setKeys("win.redo", "<Control><Shift>z", "<Control>y")
        application.setKeys("win.shortcuts", "<Control>question")
        application.setKeys("win.full-screen", "F11")
        application.setKeys("win.close", "<Control>q", "<Control>w")
        window.addingController(
            EventControllerKey(isFirst: true) { [unowned self] key, modifiers in
                Shortcuts.handle(key, modifiers, model, window)
            }
        )
    }

    private func chooseVideos() {
        FileChooser.show(.files, title: localized("Videos"), over: window) { [model] files in
            Task { await model.open(files) }
        }
    }

    func showSettings() {
        if settings == nil { settings = SettingsWindow(model, over: window) }
        settings?.present()
    }

    private func stopRendering() {
        preview.stop()
        review.stop()
        find.stop()
    }

    /// Ends without asking, after a signal.
    func endAtOnce() { _ = close(isAsking: false) }

    /// Closes the window when everything has stopped.
    private func close(isAsking: Bool = true) -> Bool {
        guard !isClosing || !isAsking else { return false }
        isClosing = true
        let size = window.size
        if !window.isFullScreen, size.width > 0 { model.windowSize = size }
        Task {
            guard await model.close(isAsking: isAsking, beforeEnd: stopRendering) else {
                isClosing = false
                return
            }
            settings?.destroy()
            window.destroy()
            application.quit()
        }
        return false
    }
}

extension AppModel {
    /// Opens what the user has given.
    func open(_ files: GivenFiles) async {
        await playlist.add(files.paths, addresses: files.addresses)
    }

    /// The path of a folder that the user has chosen; nil after showing why it cannot be used.
    func text(of files: GivenFiles) -> String? {
        notices.text(of: files.paths.first, address: files.addresses.first)
    }

    /// Shows a folder in the file manager.
    func showFolder(_ path: FilePath, over window: Window) {
        Task { if await isFolder(path) { Desktop.openFolder(path, over: window) } }
    }
}

enum About {
    static func show(over window: Window) {
        Desktop.showAbout(
            over: window,
            name: "8-cut",
            icon: DesktopApp.id,
            version: programVersion,
            comments: localized("Cuts 8-second clips and makes masks of the sounding object.")
        )
    }
}
