import CGtk
import DesktopModel
import GtkKit
import Localization
import Progress

/// What goes on, how far it has come and how long it will take.
final class StatusBar {
    let widget: Box
    private let model: AppModel
    private let text = Label().ellipsized()
    private let counts = Label().styled("numeric")
    private let bar = GtkKit.ProgressBar(name: localized("Progress"))

    init(_ model: AppModel) {
        self.model = model
        widget = Box.row(text.expanding(), counts, bar.valign(GTK_ALIGN_CENTER)).styled(
            "statusbar"
        )
        text.accessibleName = localized("Status")
        widget.bind { [unowned self] in update() }
    }

    private func update() {
        if let run = model.masks.run {
            show(
                localized("Making masks of %1", model.library.name(of: run.clip)),
                run.progress
            )
        } else if let order = model.export.orders.first {
            show(localized("Cutting %1", order.title), order.progress)
        } else if let name = model.checkpoints.downloading {
            show(localized("Downloading %1", name), model.checkpoints.progress)
        } else if model.tools.isBusy {
            show(localized("Installing the ML tools"), nil)
        } else {
            (bar.isVisible, counts.text) = (false, "")
            text.text = idleText
        }
    }

    private func show(_ words: String, _ progress: ProgressEvent.Progress?) {
        text.text = words
        counts.text = progress.map { Progress.ProgressBar.counts($0) } ?? localized("begins…")
        bar.isVisible = true
        guard let progress, let total = progress.total, total > 0 else { return bar.show(nil) }
        bar.show(Double(progress.done) / Double(total))
    }

    private var idleText: String {
        if model.isMarking, model.tools.areInstalled, model.missingCheckpoint == nil {
            switch model.marks.workerState {
            case .loading: return localized("SAM is being loaded…")
            case .working: return localized("SAM looks at the picture…")
            case .stopped, .ready:
                return localized("Click on what makes the sound; right-click what does not.")
            }
        }
        if model.preview.clip != nil { return localized("Ready") }
        return model.exportObstacle ?? localized("Ready")
    }
}
