import ClipLibrary
import DesktopModel
import Diagnostics
import GtkKit
import Imaging
import Localization
import SystemPackage

/// What can be done with a clip. The actions can also be activated by other programs.
enum MarkerActions {
    /// The menu of a marker.
    static func menu(for clip: LibraryClip) -> Menu {
        let id = clip.id
        return Menu().section(
            Menu().item(localized("Show Clip"), "win.clip-show('\(id)')")
                .item(localized("Generate Masks"), "win.clip-masks('\(id)')")
        ).section(
            Menu().item(localized("Relabel…"), "win.clip-relabel('\(id)')")
                .item(localized("Cut Again"), "win.clip-again('\(id)')")
                .item(localized("Cut Again at the Cursor"), "win.clip-move('\(id)')")
        ).section(
            Menu().item(localized("Show in Folder"), "win.clip-folder('\(id)')")
                .item(localized("Move to Trash"), "win.clip-delete('\(id)')")
        )
    }

    /// Adds the actions to the window.
    static func add(to window: Window, _ model: AppModel) {
        func clipAction(_ name: String, _ body: @escaping @MainActor (LibraryClip) -> Void) {
            window.addAction(
                name,
                withText: { text in
                    guard let clip = model.library.clips.first(where: { String($0.id) == text })
                    else {
                        return
                    }
                    body(clip)
                }
            )
        }
        clipAction("clip-show") { model.open($0) }
        clipAction("clip-select") { model.select($0) }
        clipAction("clip-masks") { clip in
            model.open(clip)
            model.generateMasks()
        }
        clipAction("clip-relabel") { RelabelDialog.show($0, model, over: window) }
        clipAction("clip-again") { model.cutAgain($0, atCursor: false) }
        clipAction("clip-move") { clip in
            if model.preview.clip == nil { model.cutAgain(clip, atCursor: true) }
        }
        clipAction("clip-folder") { clip in
            model.showFolder(FilePath(clip.path).removingLastComponent(), over: window)
        }
        clipAction("clip-delete") { clip in Task { await model.library.delete(clip) } }
        addMarkActions(to: window, model)
    }

    /// Marks by numbers: `x,y,+`, `x,y,-` or `left,top,right,bottom`, in the clip's pixels.
    private static func addMarkActions(to window: Window, _ model: AppModel) {
        window.addAction(
            "mark-point",
            withText: { text in
                let fields = text.split(exactly: ",")
                guard model.isMarking, fields.count == 3, let x = Double(fields[0]),
                    let y = Double(fields[1]), x.isFinite, y.isFinite
                else { return }
                model.marks.add(
                    .point(x: x, y: y, isPositive: fields[2] != "-"),
                    on: model.preview.frame
                )
            }
        )
        window.addAction(
            "mark-box",
            withText: { text in
                let sides = text.split(exactly: ",").compactMap { Double($0) }
                guard model.isMarking, sides.count == 4, sides.allSatisfy(\.isFinite) else {
                    return
                }
                model.marks.add(
                    .box(left: sides[0], top: sides[1], right: sides[2], bottom: sides[3]),
                    on: model.preview.frame
                )
            }
        )
        window.addAction(
            "remove-mark",
            withText: { text in
                if let id = Int(text) { model.marks.remove(id) }
            }
        )
    }
}

/// Asks for another label and category of a clip.
enum RelabelDialog {
    static func show(_ clip: LibraryClip, _ model: AppModel, over window: Window) {
        let label = Entry(name: localized("Label")) { _ in }
        label.complete(with: model.library.labels)
        label.text = entryText(clip.label)
        let category = ComboEntry(name: localized("Category")) { _ in }
        category.setItems(model.library.categories)
        category.text = entryText(clip.category)
        let shown = (label: label.text, category: category.text)
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
            // What the entries cannot show stays unless it is changed.
            let new = (
                label: label.text == shown.label ? clip.label ?? "" : label.text,
                category: category.text == shown.category ? clip.category ?? "" : category.text
            )
            Task {
                await model.library.relabel(clip, label: new.label, category: new.category)
            }
        }
    }
}
