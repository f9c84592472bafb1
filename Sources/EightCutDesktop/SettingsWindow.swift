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

    func destroy() { window.destroy() }
}
