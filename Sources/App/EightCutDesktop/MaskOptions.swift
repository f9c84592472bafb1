import Checkpoints
import DesktopModel
import GtkKit
import Localization

/// How masks are made: what is not needed every day.
final class MaskOptions {
    let widget: Widget

    private static let devices = ["auto", "cpu", "cuda"]

    init(_ model: AppModel, _ window: Window) {
        let masks = model.masks
        let checkpoint = Entry(name: localized("Model")) { masks.form.model = $0 }.widthChars(22)
        checkpoint.tooltip = localized("A checkpoint by name, or a folder; empty for the default")
        let choose = Button(
            icon: "folder-open-symbolic",
            name: localized("Choose the Model’s Folder")
        ) {
            FileChooser.show(.folder, title: localized("Model"), over: window) { paths in
                if let path = paths.first { masks.form.model = path }
            }
        }
        let device = DropDown(
            name: localized("Device"),
            [localized("Automatic"), localized("Processor"), localized("GPU (CUDA)")]
        ) { masks.form.device = Self.devices[$0] }
        let invert = CheckButton(localized("Invert: the object is black")) {
            masks.form.isInverted = $0
        }
        let otsu = CheckButton(localized("Threshold by Otsu’s method")) {
            masks.form.threshold = $0 ? nil : 128
        }
        let level = SpinButton(name: localized("Threshold"), 0...255) {
            masks.form.threshold = Int($0)
        }
        let steady = CheckButton(localized("Steady over time")) { isSteady in
            if masks.form.method == .saliency {
                masks.form.smoothness = isSteady ? MaskForm().smoothness : 0
            } else {
                masks.form.isSteady = isSteady
            }
        }
        let modelRow = Form.row(localized("Model"), Box.linked(checkpoint, choose))
        let deviceRow = Form.row(localized("Device"), device)
        let levelRow = Form.row(localized("Level (0 to 255)"), level)
        widget = MenuButton(
            localized("Options"),
            name: localized("Mask Options"),
            content: Form.column([modelRow, deviceRow, otsu, levelRow, steady, invert])
        )
        widget.bind {
            let form = masks.form
            checkpoint.text = form.model
            device.selected = Self.devices.firstIndex(of: form.device) ?? 0
            invert.isOn = form.isInverted
            otsu.isOn = form.threshold == nil
            level.value = Double(form.threshold ?? 128)
            steady.isOn = form.method == .saliency ? form.smoothness > 0 : form.isSteady
            for row in [modelRow, deviceRow] { row.isVisible = form.method.needsTools }
            for row in [otsu, steady] as [Widget] { row.isVisible = form.method != .sam }
            levelRow.isVisible = form.method != .sam && form.threshold != nil
        }
        checkpoint.bind { [unowned checkpoint] in
            let prefix = masks.form.method == .sam ? "sam2" : "depth-anything"
            checkpoint.complete(
                with: model.checkpoints.entries.map(\.id).filter { $0.hasPrefix(prefix) }
            )
        }
    }
}
