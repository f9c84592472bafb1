import DatasetProfiles
import DesktopModel
import GtkKit
import Localization
import Media
import SystemPackage

/// The settings of the next clips, and the button that cuts them.
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
            FileChooser.show(.folder, title: localized("Folder for Clips"), over: window) { files in
                if let path = model.text(of: files) { exports.form.folder = path }
            }
        }
        let profiles = [localized("8 seconds")] + DatasetProfile.ofClips.map(\.name)
        preset = DropDown(name: localized("Target profile"), profiles) {
            exports.form.preset = $0 == 0 ? "" : DatasetProfile.ofClips[$0 - 1].name
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
            folderName.text =
                path.lastComponent.map { displayed($0.string) } ?? localized("Folder…")
            folder.tooltip = displayed(form.folder, limit: Limits.pathBytes)
            preset.selected =
                (DatasetProfile.ofClips.firstIndex { $0.name == form.preset }).map { $0 + 1 } ?? 0
        }
        label.bind { [unowned self] in label.complete(with: model.library.labels) }
        category.bind { [unowned self] in category.setItems(model.library.categories) }
        next.bind { [unowned self] in
            let waiting = exports.orders.count
            var text = exports.nextName.map { localized("Next: %1", displayed($0)) } ?? ""
            if waiting > 1 {
                text += " · " + pluralized("1 waits", "%1 wait", waiting - 1)
            }
            if model.lacksAudio { text += (text.isEmpty ? "" : " · ") + localized("no audio") }
            next.text = text
            name.setWrong(exports.nameProblem != nil)
            name.tooltip = exports.nameProblem ?? localized("Name of the clips")
        }
        export.bind { [unowned self] in
            let obstacle = model.exportObstacle
            export.isSensitive = obstacle == nil
            export.tooltip =
                obstacle
                ?? [localized("Export the clip at the cursor (E)"), model.exportNote]
                .compactMap(\.self).joined(separator: "\n")
            next.tooltip = model.exportNote
        }
        cancel.bind { [unowned self] in cancel.isVisible = exports.isRunning }
    }
}

/// Less common settings of clips.
final class ExportOptions {
    let widget: Widget

    /// What becomes of interlaced frames, in the order of the drop-down.
    private static let deinterlacings: [(choice: Deinterlacing, name: String)] = [
        (.auto, localized("Frames that are marked")), (.on, localized("All frames")),
        (.off, localized("Never")), (.telecine, localized("Undo the pulldown of film")),
    ]

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
            [localized("Whole frame")] + Self.crops.dropFirst()
        ) { exports.form.crop = Self.crops[$0] }
        let center = Scale(name: localized("Crop Position"), 0...1, step: 0.05) {
            exports.form.cropCenter = $0
        }.sizeRequest(width: 120)
        let side = SpinButton(name: localized("Short Side"), 0...8192, step: 32) {
            exports.form.shortSide = Int($0) / 2 * 2
        }
        let short = CheckButton(localized("Shorter clips at the end")) {
            exports.form.allowsShort = $0
        }
        let stream = DropDown(name: localized("Video Stream"), []) { number in
            guard var options = model.playlist.current?.options else { return }
            options.stream = number
            model.playlist.read(options)
        }
        let deinterlacing = DropDown(
            name: localized("Deinterlace"),
            Self.deinterlacings.map(\.name)
        ) {
            guard var options = model.playlist.current?.options else { return }
            options.deinterlacing = Self.deinterlacings[$0].choice
            model.playlist.read(options)
        }
        let streamRow = Form.row(localized("Video stream"), stream)
        let deinterlacingRow = Form.row(localized("Deinterlace"), deinterlacing)
        widget = MenuButton(
            localized("Options"),
            name: localized("Export Options"),
            content: Form.column([
                streamRow, deinterlacingRow,
                Form.row(localized("Clips"), count), Form.row(localized("Seconds apart"), spread),
                Form.row(localized("Crop"), crop), Form.row(localized("Crop position"), center),
                Form.row(localized("Short side (0: keep)"), side), short,
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
        widget.bind {
            let source = model.playlist.current?.source
            let names = source?.videoChoice.descriptions ?? []
            streamRow.isVisible = source?.videoChoice.isAmbiguous ?? false
            stream.items = zip(0..., names).map { displayed("\($0): \($1)", limit: 60) }
            stream.selected = source?.video.number ?? 0
            deinterlacingRow.isVisible = source != nil
            let choice = model.playlist.current?.options.deinterlacing ?? .auto
            deinterlacing.selected = Self.deinterlacings.firstIndex { $0.choice == choice } ?? 0
        }
    }
}
