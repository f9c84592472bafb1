import Checkpoints
import DesktopModel
import Diagnostics
import GtkKit
import Localization
import SystemPackage

/// The method, the clip, and the button that makes masks.
final class MaskRow {
    let widget: Box
    private let model: AppModel
    private let method: DropDown
    private let target = Label().styled("dim-label").ellipsized()
    private let confidence = Label().styled("dim-label")
    private let generate: Button
    private let cancel: Button
    private let folder: Button
    private let settings: Button
    private let marks: MarkControls
    private let find: FindControls

    /// In the order of the drop-down.
    private static let methods: [MaskMethodChoice] = [.depth, .sam, .saliency]

    init(_ model: AppModel, _ window: Window) {
        self.model = model
        method = DropDown(
            name: localized("Method"),
            [localized("Depth Anything"), localized("SAM"), localized("Saliency (built in)")]
        ) { model.setMethod(Self.methods[$0]) }
        generate = Button(localized("Generate Masks")) { model.generateMasks() }
        cancel = Button(localized("Cancel Masks")) { model.masks.cancel() }
        folder = Button(
            icon: "folder-open-symbolic",
            name: localized("Open the Masks’ Folder")
        ) {
            if let path = model.masks.folder { model.showFolder(path, over: window) }
        }
        settings = Button(localized("Install…")) {
            window.activate("win.settings")
        }.styled("flat")
        marks = MarkControls(model)
        find = FindControls(model)
        widget = Box.row(
            method,
            MaskOptions(model, window).widget,
            marks.widget,
            find.widget,
            target.expanding(),
            confidence,
            settings,
            folder,
            cancel,
            generate
        ).styled("bar")
        bind()
    }

    private func bind() {
        let masks = model.masks
        method.bind { [unowned self] in
            method.selected = Self.methods.firstIndex(of: masks.form.method) ?? 0
        }
        target.bind { [unowned self] in
            let clip = masks.run?.clip ?? masks.target
            target.text = clip.map { localized("of %1", model.library.name(of: $0)) } ?? ""
        }
        confidence.tooltip = localized(
            "How well the masks probably match the object, from 0 to 1"
        )
        confidence.bind { [unowned self] in
            let value = masks.run == nil ? masks.latest?.confidence : nil
            confidence.isVisible = value != nil
            confidence.text =
                value.map { localized("confidence %1", "\(($0 * 100).rounded() / 100)") } ?? ""
        }
        generate.bind { [unowned self] in
            let obstacle = model.maskObstacle
            generate.isSensitive = obstacle == nil
            generate.tooltip = obstacle ?? model.masksText
        }
        cancel.bind { [unowned self] in cancel.isVisible = masks.run != nil }
        folder.bind { [unowned self] in folder.isVisible = masks.folder != nil }
        settings.bind { [unowned self] in
            let needsTools =
                masks.form.method.needsTools && model.tools.status != nil
                && !model.tools.areInstalled
            let needsCheckpoint = model.missingCheckpoint != nil
            settings.isVisible = needsTools || needsCheckpoint
            settings.label = needsCheckpoint ? localized("Download…") : localized("Install…")
            settings.tooltip = model.maskObstacle
        }
    }
}

/// Less common settings of masks.
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
            FileChooser.show(.folder, title: localized("Model"), over: window) { files in
                if let path = model.text(of: files) { masks.form.model = path }
            }
        }
        let device = DropDown(
            name: localized("Device"),
            [localized("Automatic"), localized("CPU"), localized("GPU (CUDA)")]
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
        let steady = CheckButton(localized("Smooth over time")) { masks.form.isSteady = $0 }
        let modelRow = Form.row(localized("Model"), Box.linked(checkpoint, choose))
        let deviceRow = Form.row(localized("Device"), device)
        let levelRow = Form.row(localized("Threshold (0 to 255)"), level)
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
            steady.isOn = form.isSteady
            for row in [modelRow, deviceRow] { row.isVisible = form.method.needsTools }
            for row in [otsu, steady] as [Widget] { row.isVisible = form.method == .depth }
            levelRow.isVisible =
                form.method == .saliency || form.method == .depth && form.threshold != nil
        }
        checkpoint.bind { [unowned checkpoint] in
            let kind = masks.form.method == .sam ? CheckpointKind.segmentation : .depth
            let names = CheckpointCatalogue.names(of: [kind])
            checkpoint.complete(with: model.checkpoints.entries.map(\.id).filter(names.contains))
        }
    }
}
