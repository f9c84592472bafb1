import DesktopModel
import GtkKit
import Localization

/// How clips are cut: what is not needed every day.
final class ExportOptions {
    let widget: Widget

    /// Ratios that are offered.
    private static let crops = ["", "9:16", "4:5", "1:1", "4:3", "16:9"]

    init(_ model: AppModel) {
        let exports = model.export
        let count = SpinButton(name: localized("Clips"), 1...100) { exports.form.count = Int($0) }
        let spread = SpinButton(name: localized("Seconds Apart"), 0.1...600, step: 0.5, digits: 1) {
            exports.form.spread = $0
        }
        let crop = DropDown(
            name: localized("Crop"),
            [localized("Whole picture")] + Self.crops.dropFirst()
        ) { exports.form.crop = Self.crops[$0] }
        let center = Scale(name: localized("Place of the Crop"), 0...1, step: 0.05) {
            exports.form.cropCenter = $0
        }.sizeRequest(width: 120)
        let side = SpinButton(name: localized("Short Side"), 0...8192, step: 32) {
            exports.form.shortSide = Int($0) / 2 * 2
        }
        let short = CheckButton(localized("Shorter clips at the end")) {
            exports.form.allowsShort = $0
        }
        widget = MenuButton(
            localized("Options"),
            name: localized("Export Options"),
            content: Form.column([
                Form.row(localized("Clips"), count), Form.row(localized("Seconds apart"), spread),
                Form.row(localized("Crop"), crop), Form.row(localized("Place of the crop"), center),
                Form.row(localized("Short side (0: as it is)"), side), short,
            ])
        )
        widget.bind {
            let form = exports.form
            count.value = Double(form.count)
            spread.value = form.spread
            spread.isSensitive = form.count > 1
            crop.selected = Self.crops.firstIndex(of: form.crop) ?? 0
            center.value = form.cropCenter
            center.isSensitive = !form.crop.isEmpty
            side.value = Double(form.shortSide)
            short.isOn = form.allowsShort
        }
    }
}
