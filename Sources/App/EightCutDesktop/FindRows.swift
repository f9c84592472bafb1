import CGtk
import DesktopModel
import GtkKit
import Localization

/// The signal whose curve is shown, and its limit.
final class LimitRow {
    let widget: Box

    init(_ model: AppModel) {
        let finding = model.finding
        let signals = FindSignal.allCases
        let signal = DropDown(name: localized("Signal"), signals.map(\.name)) {
            finding.choose(signals[$0])
        }
        let limit = Scale(name: localized("Limit"), 0...1, step: 0.05) { value in
            Watch.limit(of: finding) { finding.setLimit(value) }
        }
        limit.expanding()
        let value = Label().styled("numeric")
        let reset = Button(
            icon: "edit-clear-all-symbolic",
            name: localized("Usual Limits"),
            tooltip: localized("Set all limits to what they are at first")
        ) { finding.resetLimits() }
        widget = Box.row(signal, limit, value, reset).styled("bar")
        signal.bind { [unowned signal] in signal.selected = finding.signal.rawValue }
        limit.bind { [unowned limit] in
            limit.setRange(finding.signal.range, step: finding.signal.step)
            limit.value = finding.limit
            limit.tooltip = finding.limitText
            limit.accessibleValue = finding.signal.text(finding.limit)
            limit.accessibleDescription = finding.limitText
        }
        value.bind { [unowned value] in value.text = finding.signal.text(finding.limit) }
    }
}

/// What can be done with the clip that is shown.
final class FoundRow {
    let widget: Box

    init(_ model: AppModel) {
        let finding = model.finding
        let undo = Button(icon: "edit-undo-symbolic", name: localized("Take Back")) {
            finding.takeBack()
        }
        undo.tooltip = localized("Take the last verdict back (U or Backspace)")
        let keep = Button(localized("Keep (A)")) { finding.judge(.keep) }
            .styled("suggested-action")
        let reject = Button(localized("Reject (X)")) { finding.judge(.reject) }
            .styled("destructive-action")
        let next = Button(localized("Next Shot (S)")) { finding.showNextShot() }
        let earlier = Button(
            icon: "go-previous-symbolic",
            name: localized("Earlier Start"),
            tooltip: localized("Begin a frame earlier ([), with Shift half a second")
        ) { finding.moveStart(byFrames: -1) }
        let later = Button(
            icon: "go-next-symbolic",
            name: localized("Later Start"),
            tooltip: localized("Begin a frame later (]), with Shift half a second")
        ) { finding.moveStart(byFrames: 1) }
        let export = Button(localized("Export")) { model.exportKept() }
        widget = Box.row(
            undo,
            keep.expanding(),
            reject.expanding(),
            next,
            Box.linked(earlier, later),
            export
        ).styled("bar")
        undo.bind { [unowned undo] in undo.isSensitive = finding.canTakeBack }
        for button in [keep, reject, next, earlier, later] {
            button.bind { [unowned button] in button.isSensitive = finding.queue.current != nil }
        }
        export.bind { [unowned export] in
            let count = finding.kept.count
            export.label =
                count == 0 ? localized("Export (E)") : localized("Export %1 (E)", "\(count)")
            export.isSensitive = count > 0
            export.setStyle("suggested-action", count > 0 && finding.queue.waiting == 0)
            let text = localized(
                "Cut the clips that were kept, with the name and label of the export row"
            )
            export.tooltip = model.export.problem ?? text
        }
    }
}

/// What is known of the clip that is shown, and how it plays.
final class FoundInfo {
    let widget: Box

    init(_ model: AppModel) {
        let finding = model.finding
        let clip = Label().ellipsized(minChars: 10).styled("numeric", "heading")
        let verdict = Label().styled("tag")
        let details = Label().ellipsized().styled("dim-label")
        let play = Button(icon: "media-playback-start-symbolic", name: localized("Play")) {
            finding.preview?.togglePlaying()
        }
        let mute = ToggleButton(icon: "audio-volume-high-symbolic", name: localized("Mute")) {
            model.preview.isMuted = $0
        }
        widget = Box.row(
            clip,
            verdict.valign(GTK_ALIGN_CENTER),
            details.expanding(),
            play,
            mute
        ).styled("bar")
        clip.bind { [unowned clip] in
            clip.text = finding.clipText
            clip.tooltip = finding.startText
        }
        verdict.bind { [unowned verdict] in
            let text = finding.queue.current.flatMap { finding.verdictText($0) }
            verdict.text = text ?? ""
            verdict.isVisible = text != nil
        }
        details.bind { [unowned details] in
            details.text = finding.queue.current.map { finding.detailText($0) } ?? ""
        }
        play.bind { [unowned play] in
            let isPaused = finding.preview?.isPaused ?? true
            play.setIcon(
                isPaused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic"
            )
            play.named(
                isPaused ? localized("Play") : localized("Pause"),
                tooltip: isPaused ? localized("Play (Space)") : localized("Pause (Space)")
            )
        }
        mute.bind { [unowned mute] in
            mute.isOn = model.preview.isMuted
            mute.setIcon(
                model.preview.isMuted ? "audio-volume-muted-symbolic" : "audio-volume-high-symbolic"
            )
        }
    }
}
