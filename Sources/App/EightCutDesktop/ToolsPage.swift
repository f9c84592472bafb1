import Checkpoints
import DesktopModel
import Diagnostics
import GtkKit
import Localization
import Progress

/// The ML tools: what is installed, and the checkpoints.
final class ToolsPage {
    let page = PreferencesPage(title: localized("ML Tools"), icon: "applications-science-symbolic")
    private let model: AppModel
    private let status = Label().styled("heading")
    private let detail = Label(wraps: true).styled("dim-label", "caption")
    private let install: Button
    private let cancel: Button
    private let log = LogView(name: localized("Output of the Installer"))
    private let scrolled: ScrolledWindow
    private var shownLines = 0
    private let checkpoints = PreferencesGroup(
        title: localized("Checkpoints"),
        description: localized(
            "They are kept in the cache that all programs share that use the Hugging Face Hub."
        )
    )
    private var rows: [String: CheckpointRow] = [:]

    init(_ model: AppModel) {
        self.model = model
        let tools = model.tools
        install = Button(localized("Install")) { tools.install() }
        cancel = Button(localized("Cancel Installation")) { tools.cancel() }
        scrolled = ScrolledWindow(log, minHeight: 150)
        let group = PreferencesGroup(
            title: localized("Inference"),
            description: localized(
                "Depth Anything and SAM need ONNX Runtime, which is installed with pip into a separate Python environment."
            )
        )
        let texts = Box.column(spacing: 3, status, detail).expanding()
        group.add(Box.row(spacing: 10, texts, cancel, install).margins(vertical: 6))
        group.add(scrolled.styled("card"))
        page.add(group)
        page.add(checkpoints)
        bind()
    }

    private func bind() {
        let tools = model.tools
        status.bind { [unowned self] in
            status.text = tools.isBusy ? localized("Installing…") : tools.statusText
            detail.text = tools.detailText
            let isThere = tools.status.map { $0.state != .absent } ?? false
            install.label = isThere ? localized("Reinstall") : localized("Install")
            install.isSensitive = !tools.isBusy && tools.status != nil
            cancel.isVisible = tools.isBusy
            install.setStyle("suggested-action", !tools.areInstalled && tools.status != nil)
        }
        log.bind { [unowned self] in
            let (lines, count) = (tools.log, tools.lineCount)
            scrolled.isVisible = count > 0
            if count < shownLines {
                log.clear()
                shownLines = 0
            }
            for line in lines.suffix(count - shownLines) { log.append(line) }
            shownLines = count
            MainLoop.whenIdle { [weak self] in self?.scrolled.scrollToEnd() }
        }
        checkpoints.bind { [unowned self] in
            for entry in model.checkpoints.entries where rows[entry.id] == nil {
                let row = CheckpointRow(entry.id, model)
                rows[entry.id] = row
                checkpoints.add(row.widget)
            }
        }
    }
}

/// A checkpoint of the list.
final class CheckpointRow {
    let widget: ActionRow
    private let button: Button
    private let model: AppModel
    private let name: String

    init(_ name: String, _ model: AppModel) {
        self.name = name
        self.model = model
        widget = ActionRow(title: name)
        button = Button(localized("Download")) { [unowned model] in
            guard let entry = model.checkpoints.entries.first(where: { $0.id == name }) else {
                return
            }
            if model.checkpoints.downloading == name {
                model.checkpoints.cancel()
            } else if case .complete = entry.state {
                Task { await model.checkpoints.remove(entry) }
            } else {
                model.checkpoints.download(entry)
            }
        }
        widget.addingSuffix(button)
        widget.bind { [unowned self] in update() }
    }

    private func update() {
        let checkpoints = model.checkpoints
        guard let entry = checkpoints.entries.first(where: { $0.id == name }) else { return }
        var details = [ByteCount.text(entry.bytes), entry.licence]
        let isLoading = checkpoints.downloading == name
        var (label, meaning) = (localized("Download"), localized("Download %1", name))
        if isLoading {
            (label, meaning) = (localized("Cancel"), localized("Cancel downloading %1", name))
            details.append(checkpoints.progress.map { Progress.ProgressBar.counts($0) } ?? "…")
        } else {
            switch entry.state {
            case .missing: break
            case .incomplete(let done, let total):
                details.append(
                    localized("%1 of %2 downloaded", ByteCount.text(done), ByteCount.text(total))
                )
                (label, meaning) = (localized("Resume"), localized("Resume downloading %1", name))
            case .complete:
                details.append(localized("downloaded"))
                (label, meaning) = (localized("Remove"), localized("Remove %1", name))
            }
        }
        widget.subtitle = details.joined(separator: " · ")
        button.label = label
        button.named(meaning)
        button.isSensitive = isLoading || checkpoints.downloading == nil
    }
}
