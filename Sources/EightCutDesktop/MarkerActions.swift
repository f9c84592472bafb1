import ClipLibrary
import DesktopModel
import GtkKit
import Localization
import Pixels
import SystemPackage

/// What can be done with a clip that was cut. Other programs can do the same by these actions.
enum MarkerActions {
    /// The menu of a marker.
    static func menu(for clip: LibraryClip) -> Menu {
        let id = clip.id
        return Menu().section(
            Menu().item(localized("Show Clip"), "win.clip-show('\(id)')")
                .item(localized("Make Masks"), "win.clip-masks('\(id)')")
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
        clipAction("clip-move") { model.cutAgain($0, atCursor: true) }
        clipAction("clip-folder") { clip in
            Desktop.open(FilePath(clip.path).removingLastComponent().string, over: window)
        }
        clipAction("clip-delete") { clip in Task { await model.library.delete(clip) } }
        window.addAction(
            "remove-mark",
            withText: { text in
                if let id = Int(text) { model.marks.remove(id) }
            }
        )
    }
}
