import ClipLibrary
import DesktopModel
import GtkKit
import Localization

/// Asks for another label and category of a clip.
enum RelabelDialog {
    static func show(_ clip: LibraryClip, _ model: AppModel, over window: Window) {
        let label = Entry(name: localized("Label")) { _ in }
        label.complete(with: model.library.labels)
        label.text = clip.label ?? ""
        let category = ComboEntry(name: localized("Category")) { _ in }
        category.setItems(model.library.categories)
        category.text = clip.category ?? ""
        MessageDialog.show(
            over: window,
            heading: localized("Relabel"),
            body: model.library.name(of: clip),
            content: Box.column(label, category),
            answers: [
                .plain("cancel", localized("Cancel")),
                .suggested("relabel", localized("Relabel")),
            ]
        ) { answer in
            guard answer == "relabel" else { return }
            Task {
                await model.library.relabel(clip, label: label.text, category: category.text)
            }
        }
    }
}
