import DesktopModel
import GtkKit
import Localization

/// The search for the object, and what becomes of the object that is proposed.
final class FindControls {
    let widget: Box

    init(_ model: AppModel) {
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
        let discard = Button(localized("Discard")) { model.marks.discardProposal() }
        discard.named(
            localized("Discard the Proposal"),
            tooltip: localized("Remove the marks that were proposed (Escape)")
        )
        find.accessibleName = localized("Find the Object")
        widget = Box.row(find, cancel, take, discard)
        widget.bind { [unowned widget] in widget.isVisible = model.masks.form.method == .sam }
        find.bind { [unowned find] in
            let obstacle = model.findObstacle
            find.isVisible = model.finder.run == nil
            find.isSensitive = obstacle == nil
            find.tooltip =
                obstacle ?? localized("Find the object that moves or stands out (F or Ctrl+F)")
        }
        cancel.bind { [unowned cancel] in cancel.isVisible = model.finder.run != nil }
        for button in [take, discard] {
            button.bind { [unowned button] in
                button.isVisible = model.isMarking && model.marks.proposal != nil
            }
        }
    }
}
