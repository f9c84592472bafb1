import DesktopModel
import GtkKit
import Localization

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
            [localized("As the system"), localized("Light"), localized("Dark")]
        ) { model.appearance = choices[$0] }
        group.add(ActionRow(title: localized("Colours of the window")).addingSuffix(colours))
        page.add(group)
        colours.bind { [unowned colours] in
            colours.selected = choices.firstIndex(of: model.appearance) ?? 0
        }
    }
}
