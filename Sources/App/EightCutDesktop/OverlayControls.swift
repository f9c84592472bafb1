import DesktopModel
import GtkKit
import Localization

/// How the mask lies over the picture.
final class OverlayControls {
    let widget: Box

    init(_ model: AppModel) {
        let overlay = model.overlay
        let isOn = ToggleButton(
            icon: "view-reveal-symbolic",
            name: localized("Show the Mask")
        ) { overlay.style.isOn = $0 }
        let colours = [
            localized("Green"), localized("Red"), localized("Blue"), localized("Yellow"),
            localized("Magenta"),
        ]
        let colour = DropDown(name: localized("Colour of the Mask"), colours) {
            overlay.style.colour = $0
        }
        let opacity = Scale(name: localized("Opacity of the Mask"), 0.1...1, step: 0.05) {
            overlay.style.opacity = $0
        }.sizeRequest(width: 140)
        let outline = CheckButton(localized("Outline")) { overlay.style.hasOutline = $0 }
        let more = MenuButton(
            name: localized("Look of the Mask"),
            content: Box.column(
                Label(localized("Colour")),
                colour,
                Label(localized("Opacity")),
                opacity,
                outline
            ).margins(horizontal: 6, vertical: 6)
        )
        widget = Box.linked(isOn, more)
        isOn.bind { [unowned isOn] in isOn.isOn = overlay.style.isOn }
        colour.bind { [unowned colour] in colour.selected = overlay.style.colour }
        opacity.bind { [unowned opacity] in opacity.value = overlay.style.opacity }
        outline.bind { [unowned outline] in outline.isOn = overlay.style.hasOutline }
    }
}
