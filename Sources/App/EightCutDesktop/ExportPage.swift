import ClipExport
import DesktopModel
import GtkKit
import Localization

/// What the export row begins with, and what it goes on with from now on.
final class ExportPage {
    let page = PreferencesPage(title: localized("Export"), icon: "document-save-symbolic")

    init(_ model: AppModel, _ window: Window) {
        let exports = model.export
        let group = PreferencesGroup(
            title: localized("Clips"),
            description: localized("These values count from now on, also after the next start.")
        )
        let name = Entry(name: localized("Default name")) { exports.form.name = $0 }
        let folder = Button(localized("Choose…")) {
            FileChooser.show(.folder, title: localized("Folder for Clips"), over: window) { paths in
                if let path = paths.first { exports.form.folder = path }
            }
        }
        let folderRow = ActionRow(title: localized("Folder")).addingSuffix(folder)
        let readers = [localized("8 seconds")] + ExportProfile.all.map(\.name)
        let preset = DropDown(name: localized("Default reader"), readers) {
            exports.form.preset = $0 == 0 ? "" : ExportProfile.all[$0 - 1].name
        }
        let category = ComboEntry(name: localized("Default category")) {
            exports.form.category = $0
        }
        let short = CheckButton(localized("Allow shorter clips")) { exports.form.allowsShort = $0 }
        group.add(ActionRow(title: localized("Name")).addingSuffix(name))
        group.add(folderRow)
        group.add(ActionRow(title: localized("Made for")).addingSuffix(preset))
        group.add(ActionRow(title: localized("Category")).addingSuffix(category))
        group.add(ActionRow(title: localized("At the end of a video")).addingSuffix(short))
        page.add(group)
        folder.accessibleName = localized("Choose the folder for clips")
        group.bind {
            let form = exports.form
            name.text = form.name
            folderRow.subtitle = form.folder
            preset.selected =
                (ExportProfile.all.firstIndex { $0.name == form.preset }).map { $0 + 1 } ?? 0
            category.setItems(model.library.categories)
            category.text = form.category
            short.isOn = form.allowsShort
        }
    }
}
