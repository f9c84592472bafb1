import Diagnostics

/// The text of a progress bar.
package enum ProgressBar {
    /// One line of at most `columns - 1` characters.
    package static func line(title: String, progress: ProgressEvent.Progress, columns: Int)
        -> String
    {
        let tail = counts(progress)
        let available = columns - 1 - title.count - tail.count - 6
        guard available >= 8, let part = progress.part else {
            return String("\(title)  \(tail)".prefix(max(0, columns - 1)))
        }
        let width = min(available, 40)
        let filled = Int(Double(width) * part)
        let bar =
            String(repeating: "█", count: filled)
            + String(repeating: "░", count: width - filled)
        return "\(title)  \(bar)  \(tail)"
    }

    /// The counts, the speed and the time left: "123/240  98 fps  0:02 left", or "12 clips/min".
    package static func counts(_ progress: ProgressEvent.Progress) -> String {
        let isBytes = progress.unit == "byte"
        let count = { (value: Int) in isBytes ? ByteCount.text(value) : String(value) }
        let mark = progress.totalIsEstimate ? "~" : ""
        let total = progress.total.map { mark + count($0) } ?? "?"
        var text = "\(count(progress.done))/\(total)"
        if let rate = progress.rate, (0..<1e12).contains(rate) {
            let whole = Int(rate.rounded())
            switch progress.unit {
            case "byte": text += "  \(ByteCount.text(whole))/s"
            case "clip": text += "  \(Int((rate * 60).rounded())) clips/min"
            default: text += "  \(whole) fps"
            }
        }
        if let left = progress.secondsLeft { text += "  \(duration(left)) left" }
        return text
    }

    /// Seconds as `m:ss` or `h:mm:ss`, rounded up.
    package static func duration(_ seconds: Double) -> String {
        guard (0..<360_000).contains(seconds) else { return "?" }
        let whole = Int(seconds.rounded(.up))
        let padded = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        let minutes = whole / 60 % 60
        let rest = padded(whole % 60)
        return whole >= 3600
            ? "\(whole / 3600):\(padded(minutes)):\(rest)" : "\(minutes):\(rest)"
    }
}
