import DesktopModel
import GtkKit
import Localization

/// The search for the object, and what becomes of the objects that are found.
final class FindControls {
    let widget: Box
    private let model: AppModel
    private let rows = Box.column(spacing: 2)
    private var shown: [Widget] = []

    init(_ model: AppModel) {
        self.model = model
        let find = Button(localized("Find")) { model.findObject() }
        let cancel = Button(localized("Cancel Search")) { model.finder.cancel() }
        cancel.tooltip = localized("Stop searching (Escape)")
        let take = Button(localized("Take")) { model.marks.takeProposal() }.styled(
            "suggested-action"
        )
        take.named(
            localized("Take the Proposal"),
            tooltip: localized("Use the object that was found (Enter)")
        )
        let others = MenuButton(
            localized("Others"),
            name: localized("Other Objects"),
            content: Form.column([rows])
        )
        let discard = Button(localized("Discard")) { model.marks.discardProposal() }
        discard.named(
            localized("Discard the Proposal"),
            tooltip: localized("Remove the marks that were proposed (Escape)")
        )
        find.accessibleName = localized("Find the Object")
        widget = Box.row(find, cancel, take, others, discard)
        widget.bind { [unowned widget] in widget.isVisible = model.masks.form.method == .sam }
        find.bind { [unowned find] in
            let obstacle = model.findObstacle
            find.isVisible = model.finder.run == nil
            find.isSensitive = obstacle == nil
            find.tooltip =
                obstacle ?? localized("Find the object (F or Ctrl+F)") + "\n"
                + model.objectSearch.text
        }
        cancel.bind { [unowned cancel] in cancel.isVisible = model.finder.run != nil }
        for button in [take, discard] {
            button.bind { [unowned button] in
                button.isVisible = model.isMarking && model.marks.proposal != nil
            }
        }
        others.bind { [unowned others] in
            others.isVisible = model.isMarking && !model.otherObjects.isEmpty
        }
        rows.bind { [unowned self] in update() }
    }

    /// Lists the objects beside the proposal, for work without a keyboard or without sight.
    private func update() {
        for row in shown { rows.remove(row) }
        shown = model.otherObjects.map { number, object in
            let text = localized(
                "%1: %2, score %3, frame %4",
                "\(number)",
                object.query ?? localized("object"),
                object.scoreText,
                "\(object.frame)"
            )
            let row = Button(text) { [model] in model.takeObject(number) }.styled("flat")
            row.tooltip = localized("Take this object instead (%1)", "\(number)")
            rows.append(row)
            return row
        }
    }
}
