import DesktopModel
import GtkKit
import Localization

/// The list of marks, for work without a pointer.
final class MarkControls {
    let widget: MenuButton
    private let model: AppModel
    private let rows = Box.column(spacing: 2)
    private var shown: [Widget] = []

    init(_ model: AppModel) {
        self.model = model
        let onIt = Button(localized("Add a Point on the Object")) {
            model.marks.addInTheMiddle(on: model.preview.frame, isPositive: true)
        }
        let besideIt = Button(localized("Add a Point beside It")) {
            model.marks.addInTheMiddle(on: model.preview.frame, isPositive: false)
        }
        let removeAll = Button(localized("Remove All Marks")) { model.marks.removeAll() }
        let help = Label(
            localized(
                "Click the object; right-click what does not belong to it; drag a box around the object. Alt and the arrow keys move the selected mark. Without marks, the object that moves or stands out is found by itself."
            ),
            wraps: true
        ).styled("dim-label", "caption").wrapped(atChars: 60)
        widget = MenuButton(
            localized("Marks"),
            name: localized("Marks"),
            content: Form.column([help, onIt, besideIt, rows, removeAll])
        )
        widget.bind { [unowned self] in
            widget.isVisible = model.masks.form.method == .sam
            widget.isSensitive = model.isMarking
        }
        removeAll.bind { [unowned removeAll] in
            removeAll.isSensitive = !model.marks.shown.isEmpty
        }
        rows.bind { [unowned self] in update() }
    }

    private func update() {
        for row in shown { rows.remove(row) }
        shown = model.marks.shown.map { mark in
            let isProposed = model.marks.isProposed(mark)
            let text =
                isProposed ? localized("%1 (proposed)", Self.text(mark)) : Self.text(mark)
            let go = Button(text) { [model] in
                model.preview.scrub(to: (Double(mark.frame) + 0.001) / model.preview.frameRate)
                model.marks.selectedID = mark.id
            }.styled("flat").expanding()
            let remove = Button(
                icon: "edit-delete-symbolic",
                name: localized("Remove %1", text)
            ) { [model] in model.marks.remove(mark.id) }.styled("flat")
            let row = Box.row(spacing: 2, go, remove)
            rows.append(row)
            return row
        }
    }

    private static func text(_ mark: Mark) -> String {
        switch mark.kind {
        case .point(let x, let y, let isPositive):
            let place = "\(Int(x.rounded())), \(Int(y.rounded()))"
            return isPositive
                ? localized("Point at %1 on frame %2", place, "\(mark.frame)")
                : localized("Not at %1 on frame %2", place, "\(mark.frame)")
        case .box(let left, let top, let right, let bottom):
            let place =
                "\(Int(left.rounded())), \(Int(top.rounded())) – \(Int(right.rounded())), \(Int(bottom.rounded()))"
            return localized("Box %1 on frame %2", place, "\(mark.frame)")
        }
    }
}
