import CGtk
import DesktopModel
import GtkKit
import Localization

/// The clips that were found, the best first, a page of them at a time.
final class FindList {
    let widget: Box
    private let list = ListBox()
    private let model: AppModel
    private var rows: [FindRow] = []
    /// The place of the first row that is shown.
    private var first = 0

    /// More rows at once would take too long while a limit is dragged.
    private static let pageLength = 50

    init(_ model: AppModel) {
        self.model = model
        let summary = Label.status(wraps: true).margins(horizontal: 10, vertical: 8)
        let part = Label().styled("dim-label", "caption").margins(horizontal: 10, vertical: 2)
        list.styled("playlist", "navigation-sidebar")
        list.accessibleName = localized("Clips That Were Found")
        let scrolled = ScrolledWindow(list).expanding(vertically: true)
        widget = Box.column(spacing: 0, summary, part, scrolled).sizeRequest(width: 262)
            .expanding(horizontally: false, vertically: true)
        list.onActivate { [unowned self] place in model.finding.show(first + place) }
        summary.bind { [unowned summary] in
            summary.text = model.finding.summaryText
        }
        part.bind { [unowned part] in
            let count = model.finding.queue.rows.count
            let start = Self.start(model.finding.queue.place)
            part.isVisible = count > Self.pageLength
            part.text = localized(
                "%1 to %2 of %3",
                "\(start + 1)",
                "\(min(count, start + Self.pageLength))",
                "\(count)"
            )
        }
        list.bind { [unowned self] in update() }
    }

    private static func start(_ place: Int?) -> Int { (place ?? 0) / pageLength * pageLength }

    private func update() {
        let finding = model.finding
        let (queue, count) = (finding.queue, finding.answerCount)
        first = Self.start(queue.place)
        let shown = queue.rows.dropFirst(first).prefix(Self.pageLength)
        while rows.count > shown.count {
            if let row = rows.popLast() { list.remove(row.widget) }
        }
        for (place, row) in shown.enumerated() {
            if place == rows.count {
                rows.append(FindRow())
                list.insert(rows[place].widget, at: place)
            }
            rows[place].show(row, finding)
        }
        list.select(queue.place.map { $0 - first })
        if count > 0 { Watch.noteFound() }
    }
}

/// A row of the list.
final class FindRow {
    let widget: ListBoxRow
    private let time = Label().styled("title", "numeric")
    private let details = Label().styled("dim-label", "caption").ellipsized()
    private let verdict = Label().styled("tag")
    private var shown = ""

    init() {
        let texts = Box.column(spacing: 2, time, details).expanding().valign(GTK_ALIGN_CENTER)
        widget = ListBoxRow(
            Box.row(spacing: 8, texts, verdict.valign(GTK_ALIGN_CENTER)),
            name: ""
        )
    }

    func show(_ row: FindQueue.Row, _ finding: ClipFindModel) {
        let text = finding.rowText(row)
        guard text != shown else { return }
        shown = text
        widget.accessibleName = text
        time.text = finding.timeText(row)
        details.text = finding.detailText(row)
        details.tooltip = details.text
        verdict.text = finding.verdictText(row) ?? ""
        verdict.isVisible = row.verdict != nil
    }
}
