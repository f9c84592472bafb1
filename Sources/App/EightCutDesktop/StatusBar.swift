import CGtk
import DesktopModel
import GtkKit
import Localization
import Progress

/// The current work, its progress and the remaining time.
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
        if let run = model.finder.run {
            show(searchTitle(model.library.name(of: run.clip)), run.progress)
        } else if let run = model.masks.run {
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
            // A narrow window does not show all of it.
            text.tooltip = model.proposalText
        }
    }

    private func searchTitle(_ clip: String) -> String {
        guard case .label(let label, _) = model.finder.search else {
            return localized("Searching %1 for the object", clip)
        }
        return localized("Searching %1 for “%2”", clip, displayed(label))
    }

    private func show(_ title: String, _ progress: ProgressEvent.Progress?) {
        (text.text, text.tooltip) = (title, nil)
        counts.text = progress.map { ProgressText.counts($0) } ?? localized("starting…")
        bar.isVisible = true
        bar.show(progress?.part)
    }

    private var idleText: String {
        if let text = model.proposalText { return text }
        if model.isMarking, model.tools.areInstalled, model.missingCheckpoint == nil {
            switch model.marks.worker.activity {
            case .loading: return localized("Loading SAM…")
            case .working: return localized("SAM is working…")
            case .stopped, .ready:
                return localized(
                    "Click the sounding object; right-click what does not belong to it."
                )
            }
        }
        if model.preview.clip != nil { return localized("Ready") }
        return model.exportObstacle ?? model.exportNote ?? localized("Ready")
    }
}
