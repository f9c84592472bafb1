import CGtk
import DesktopModel
import Diagnostics
import GtkKit
import Localization

/// Clips are searched in a video: its scan, then what is found, beside the frame and the timeline.
final class FindPage {
    let widget: Box
    /// Over the frame.
    let toasts: ToastOverlay
    private let model: AppModel
    private let header = HeaderBar(title: localized("Find Clips"))
    private let pages = Stack()
    private let frame: FindFrame
    private let timeline: FindTimeline
    private let list: FindList
    private let flap: Flap
    private let scan: Button
    private let problem = StatusPage(
        icon: "dialog-error-symbolic",
        title: localized("The Video Cannot Be Used"),
        text: ""
    )

    init(_ model: AppModel, menu: Widget) {
        self.model = model
        frame = FindFrame(model)
        timeline = FindTimeline(model)
        list = FindList(model)
        toasts = ToastOverlay(frame.widget)
        let work = Box.column(
            spacing: 0,
            toasts,
            timeline.widget,
            LimitRow(model).widget,
            FoundInfo(model).widget,
            FoundRow(model).widget
        )
        flap = Flap(side: list.widget, content: work)
        scan = Button(localized("Scan the Video")) { model.finding.scan() }
            .styled("suggested-action", "pill").halign(GTK_ALIGN_CENTER)
        pages.add(Self.waiting, name: "reading")
        pages.add(Self.none, name: "none")
        pages.add(Self.unscanned(scan), name: "unscanned")
        pages.add(ScanProgress(model).page, name: "scanning")
        pages.add(flap, name: "ready")
        pages.add(problem, name: "unusable")
        pages.expanding(vertically: true)
        widget = Box.column(
            spacing: 0,
            header,
            pages,
            Separator(),
            FindStatus(model).widget
        )
        fillHeader(menu)
        bind()
    }

    private static var waiting: StatusPage {
        StatusPage(icon: "view-list-symbolic", title: localized("Reading the Video…"), text: "")
    }

    private static var none: StatusPage {
        StatusPage(
            icon: "folder-videos-symbolic",
            title: localized("No Video"),
            text: localized("Open a video first.")
        )
    }

    private static func unscanned(_ scan: Button) -> StatusPage {
        StatusPage(
            icon: "system-search-symbolic",
            title: localized("This Video Was Not Scanned Yet"),
            text: localized(
                "A scan decodes the video once and measures its frames and audio. After that, clips are found at once, whatever the limits are."
            ),
            child: scan
        )
    }

    private func fillHeader(_ menu: Widget) {
        let model = self.model
        let back = Button(
            icon: "go-previous-symbolic",
            name: localized("Back to the Videos"),
            tooltip: localized("Back to the videos (Escape)")
        ) { model.leaveFinding() }
        let side = Button(icon: "sidebar-show-symbolic", name: localized("List of Clips")) {
            [flap] in flap.isOpen.toggle()
        }
        header.packStart(back)
        header.packStart(side)
        header.packEnd(menu)
        side.bind { [unowned side] in side.isVisible = model.finding.state == .ready }
    }

    /// Stops rendering, before the player is stopped.
    func stop() { frame.stop() }

    func focus() {
        if model.finding.state == .unscanned { scan.focus() } else { frame.widget.focus() }
    }

    private func bind() {
        let finding = model.finding
        widget.bind { [unowned self] in
            switch finding.state {
            case .reading: pages.show("reading")
            case .noVideo: pages.show("none")
            case .unscanned: pages.show("unscanned")
            case .scanning: pages.show("scanning")
            case .ready: pages.show("ready")
            case .unusable(let why):
                problem.text = displayed(why)
                pages.show("unusable")
            }
        }
        var last = ""
        widget.bind { [unowned self] in
            // The focus goes with the page, once.
            let name =
                switch finding.state {
                case .ready: "ready"
                case .unscanned: "unscanned"
                default: ""
                }
            defer { last = name }
            if model.page == .find, name != last { focus() }
        }
        header.bind { [unowned self] in
            header.setTitle(
                finding.item?.name ?? localized("Find Clips"),
                subtitle: finding.leftText
            )
        }
    }
}

/// How far a scan is.
final class ScanProgress {
    let page: StatusPage

    init(_ model: AppModel) {
        let bar = GtkKit.ProgressBar(name: localized("Progress"))
        let cancel = Button(localized("Cancel the Scan")) { model.finding.cancelScan() }
            .styled("pill").halign(GTK_ALIGN_CENTER)
        page = StatusPage(
            icon: "system-search-symbolic",
            title: localized("Scanning the Video…"),
            text: "",
            child: Box.column(spacing: 18, bar, cancel)
        )
        page.bind { [unowned page, unowned bar] in
            guard case .scanning(let progress) = model.finding.state else { return }
            page.text =
                progress.map { ProgressText.counts($0) } ?? localized("starting…")
            bar.show(progress?.part)
        }
    }
}

/// What was done last, and how far the export is.
final class FindStatus {
    let widget: Box

    init(_ model: AppModel) {
        let finding = model.finding
        let message = Label.status().ellipsized()
        let counts = Label().styled("numeric")
        let bar = GtkKit.ProgressBar(name: localized("Progress"))
        widget = Box.row(message.expanding(), counts, bar.valign(GTK_ALIGN_CENTER))
            .styled("statusbar")
        message.bind { [unowned message] in
            _ = finding.messageCount
            message.text = finding.message
            if !finding.message.isEmpty { message.announce(finding.message) }
        }
        widget.bind { [unowned counts, unowned bar] in
            guard let order = model.export.orders.first else {
                (counts.text, bar.isVisible) = ("", false)
                return
            }
            counts.text =
                localized("Cutting %1", order.title) + " · "
                + (order.progress.map { ProgressText.counts($0) } ?? localized("starting…"))
            bar.isVisible = true
            bar.show(order.progress?.part)
        }
    }
}
