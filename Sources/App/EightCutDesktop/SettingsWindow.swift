import DatasetProfiles
import DesktopModel
import GtkKit
import Localization

/// The settings.
final class SettingsWindow {
    private let window: PreferencesWindow
    private let tools: ToolsPage
    private let export: ExportPage
    private let appearance: AppearancePage

    init(_ model: AppModel, over parent: Window) {
        window = PreferencesWindow(over: parent, title: localized("Settings"))
        tools = ToolsPage(model)
        export = ExportPage(model, parent)
        appearance = AppearancePage(model)
        window.add(tools.page)
        window.add(export.page)
        window.add(appearance.page)
    }

    func present() { window.present() }

    /// The pages by their names.
    func show(_ name: String) {
        let pages = ["tools": tools.page, "export": export.page, "appearance": appearance.page]
        if let page = pages[name] { window.show(page) }
        present()
    }

    func destroy() { window.destroy() }
}

/// What the export row begins with, and what it goes on with from now on.
final class ExportPage {
    let page = PreferencesPage(title: localized("Export"), icon: "document-save-symbolic")

    init(_ model: AppModel, _ window: Window) {
        let exports = model.export
        let group = PreferencesGroup(
            title: localized("Clips"),
            description: localized("Used for the next clips, also after a restart.")
        )
        let name = Entry(name: localized("Default name")) { exports.form.name = $0 }
        let folder = Button(localized("Choose…")) {
            FileChooser.show(.folder, title: localized("Folder for Clips"), over: window) { files in
                if let path = model.text(of: files) { exports.form.folder = path }
            }
        }
        let folderRow = ActionRow(title: localized("Folder")).addingSuffix(folder)
        let profiles = [localized("8 seconds")] + DatasetProfile.ofClips.map(\.name)
        let preset = DropDown(name: localized("Default profile"), profiles) {
            exports.form.preset = $0 == 0 ? "" : DatasetProfile.ofClips[$0 - 1].name
        }
        let category = ComboEntry(name: localized("Default category")) {
            exports.form.category = $0
        }
        let short = CheckButton(localized("Allow shorter clips")) { exports.form.allowsShort = $0 }
        group.add(ActionRow(title: localized("Name")).addingSuffix(name))
        group.add(folderRow)
        group.add(ActionRow(title: localized("Target profile")).addingSuffix(preset))
        group.add(ActionRow(title: localized("Category")).addingSuffix(category))
        group.add(ActionRow(title: localized("At the end of a video")).addingSuffix(short))
        page.add(group)
        folder.accessibleName = localized("Choose the folder for clips")
        group.bind {
            let form = exports.form
            name.text = form.name
            folderRow.subtitle = displayed(form.folder, limit: Limits.pathBytes)
            preset.selected =
                (DatasetProfile.ofClips.firstIndex { $0.name == form.preset }).map { $0 + 1 } ?? 0
            category.setItems(model.library.categories)
            category.text = form.category
            short.isOn = form.allowsShort
        }
    }
}

/// Colours of the window.
final class AppearancePage {
    let page = PreferencesPage(
        title: localized("Appearance"),
        icon: "applications-graphics-symbolic"
    )

    init(_ model: AppModel) {
        let group = PreferencesGroup(title: localized("Colours"))
        let choices: [Appearance] = [.system, .light, .dark]
        let colours = DropDown(
            name: localized("Colours"),
            [localized("System"), localized("Light"), localized("Dark")]
        ) { model.appearance = choices[$0] }
        group.add(ActionRow(title: localized("Colour scheme")).addingSuffix(colours))
        page.add(group)
        colours.bind { [unowned colours] in
            colours.selected = choices.firstIndex(of: model.appearance) ?? 0
        }
    }
}
