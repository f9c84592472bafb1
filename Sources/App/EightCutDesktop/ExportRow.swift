import ClipExport
import DesktopModel
import GtkKit
import Localization
import SystemPackage

/// What the next clips shall be, and the button that cuts them.
final class ExportRow {
    let widget: Box
    private let model: AppModel
    private let name: Entry
    private let label: Entry
    private let category: ComboEntry
    private let folder: Button
    private let folderName = Label().ellipsized(minChars: 6)
    private let preset: DropDown
    private let next = Label().styled("dim-label").ellipsized()
    private let export: Button
    private let cancel: Button

    init(_ model: AppModel, _ window: Window) {
        self.model = model
        let exports = model.export
        name = Entry(name: localized("Name")) { exports.form.name = $0 }.widthChars(8)
        label = Entry(name: localized("Label")) { exports.form.label = $0 }.widthChars(11)
        category = ComboEntry(name: localized("Category")) { exports.form.category = $0 }
        folder = Button(
            icon: "folder-symbolic",
            label: folderName,
            name: localized("Folder for Clips")
        ) {
            FileChooser.show(.folder, title: localized("Folder for Clips"), over: window) { paths in
                if let path = paths.first { exports.form.folder = path }
            }
        }
        let readers = [localized("8 seconds")] + ExportProfile.all.map(\.name)
        preset = DropDown(name: localized("Made for"), readers) {
            exports.form.preset = $0 == 0 ? "" : ExportProfile.all[$0 - 1].name
        }
        export = Button(localized("Export")) { model.exportClip() }.styled("suggested-action")
        cancel = Button(localized("Cancel Export")) { exports.cancel() }
        widget = Box.column(
            Box.row(name, folder, label.expanding(), category),
            Box.row(
                preset,
                ExportOptions(model).widget,
                next.expanding(),
                cancel,
                export
            )
        ).styled("bar")
        bind()
    }

    private func bind() {
        let exports = model.export
        widget.bind { [unowned self] in
            let form = exports.form
            name.text = form.name
            label.text = form.label
            category.text = form.category
            let path = FilePath(form.folder)
            folderName.text = path.lastComponent?.string ?? localized("Folder…")
            folder.tooltip = form.folder
            preset.selected =
                (ExportProfile.all.firstIndex { $0.name == form.preset }).map { $0 + 1 } ?? 0
        }
        label.bind { [unowned self] in label.complete(with: model.library.labels) }
        category.bind { [unowned self] in category.setItems(model.library.categories) }
        next.bind { [unowned self] in
            let waiting = exports.orders.count
            var words = exports.nextName.map { localized("Next: %1", $0) } ?? ""
            if waiting > 1 {
                words += " · " + pluralized("1 waits", "%1 wait", waiting - 1)
            }
            next.text = words
            name.setWrong(exports.nameProblem != nil)
            name.tooltip = exports.nameProblem ?? localized("Name of the clips")
        }
        export.bind { [unowned self] in
            let obstacle = model.exportObstacle
            export.isSensitive = obstacle == nil
            export.tooltip = obstacle ?? localized("Export the clip at the cursor (E)")
        }
        cancel.bind { [unowned self] in cancel.isVisible = exports.isRunning }
    }
}
