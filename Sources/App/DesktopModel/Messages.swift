import Diagnostics
import Localization
import Progress

// What child processes and the layers below report, in the user's language: po/worker-texts.in lists
// the texts that are translated.

/// A text of an error or a warning in the user's language; in English where it is not translated.
package func localized(_ text: MessageText) -> String {
    guard !text.template.isEmpty else { return "" }
    let template = localized(text.template)
    guard !text.values.isEmpty else {
        return template.isExactly(text.template) ? withDetail(template) : template
    }
    return MessageText.fill(template, text.values.map(localized))
}

/// A reason of ffmpeg with a second one in brackets: "Invalid data found (moov atom not found)".
private func withDetail(_ text: String) -> String {
    guard let start = text.firstRange(exactly: " ("), start.lowerBound > text.startIndex,
        let detail = text[start.upperBound...].removing(suffix: ")"), !detail.isEmpty
    else { return text }
    let reason = text[..<start.lowerBound]
    return localized(String(reason)) + " (" + localized(String(detail)) + ")"
}

private func localized(_ value: MessageText.Value) -> String {
    switch value {
    case .message(let text): localized(text)
    // Names are quoted, so that only words of ours are found.
    case .plain(let text): text.isEmpty ? "" : counted(text) ?? localized(text)
    }
}

/// "3 frames" in the user's language; nil for another text.
private func counted(_ text: String) -> String? {
    let words = text.split(exactly: " ")
    guard words.count == 2, let count = Int(String(words[0])) else { return nil }
    switch String(words[1]) {
    case "frame", "frames": return pluralized("1 frame", "%1 frames", count)
    case "mask", "masks": return pluralized("1 mask", "%1 masks", count)
    case "clip", "clips": return pluralized("1 clip", "%1 clips", count)
    default: return nil
    }
}

extension EightCutError {
    /// What could not be done, why, and what to do about it, in the user's language.
    package var localizedWhat: String { localized(texts.what) }
    package var localizedWhy: String { localized(texts.why) }
    package var localizedRemedy: String? {
        (texts.remedy ?? remedy.map { MessageText($0) }).map { localized($0) }
    }
}

extension NoticeModel {
    /// Shows a warning of a child process.
    func warn(_ warning: ProgressEvent.Warning) { say(localized(warning.text)) }
}

/// The counts beside a progress bar.
package enum ProgressText {
    /// "123 of 240 frames · 98 per second · 0:02 left".
    package static func counts(_ progress: ProgressEvent.Progress) -> String {
        let isBytes = progress.unit == "byte"
        var parts = [isBytes ? bytes(progress) : things(progress)]
        if let rate = progress.rate, (0..<1e12).contains(rate) {
            let whole = Int(rate.rounded())
            parts.append(
                localized("%1 per second", isBytes ? ByteCount.text(whole) : String(whole))
            )
        }
        if let left = progress.secondsLeft {
            parts.append(localized("%1 left", ProgressBar.duration(left)))
        }
        return parts.joined(separator: " · ")
    }

    private static func bytes(_ progress: ProgressEvent.Progress) -> String {
        let done = ByteCount.text(progress.done)
        guard let total = progress.total else { return done }
        return localized("%1 of %2", done, ByteCount.text(total))
    }

    private static func things(_ progress: ProgressEvent.Progress) -> String {
        let done = progress.done
        let isSteps = progress.unit == "step"
        guard let total = progress.total else {
            return isSteps
                ? pluralized("1 step", "%1 steps", done) : pluralized("1 frame", "%1 frames", done)
        }
        if isSteps { return pluralized("%2 of 1 step", "%2 of %1 steps", total, String(done)) }
        return progress.totalIsEstimate
            ? pluralized("%2 of about 1 frame", "%2 of about %1 frames", total, String(done))
            : pluralized("%2 of 1 frame", "%2 of %1 frames", total, String(done))
    }
}
