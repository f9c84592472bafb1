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
