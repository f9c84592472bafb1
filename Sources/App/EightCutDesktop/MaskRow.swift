import DesktopModel
import GtkKit
import Localization
import SystemPackage

/// Which masks are made, and of which clip.
final class MaskRow {
    let widget: Box
    private let model: AppModel
    private let method: DropDown
    private let target = Label().styled("dim-label").ellipsized()
    private let generate: Button
    private let cancel: Button
    private let folder: Button
    private let settings: Button
    private let marks: MarkControls

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
            if let path = model.masks.folder { Desktop.open(path.string, over: window) }
        }
        settings = Button(localized("Install…")) {
            window.activate("win.settings")
        }.styled("flat")
        marks = MarkControls(model)
        widget = Box.row(
            method,
            MaskOptions(model, window).widget,
            marks.widget,
            target.expanding(),
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
        generate.bind { [unowned self] in
            let obstacle = model.maskObstacle
            generate.isSensitive = obstacle == nil
            generate.tooltip =
                obstacle ?? localized("Make one mask for every frame of the clip")
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
