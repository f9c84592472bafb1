import Diagnostics
import Media
import Observation

/// The visible range of a video, with thumbnails and the waveform.
@MainActor
@Observable
package final class TimelineModel {
    /// The visible range in seconds.
    package private(set) var visible = 0.0...1.0
    /// Nil until it is known, or without audio.
    package private(set) var peaks: Waveform?
    package let filmstrip = Filmstrip()

    @ObservationIgnored private var length = 1.0
    @ObservationIgnored private var source: MediaSource?
    @ObservationIgnored private var listening: Task<Void, Never>?

    /// The shortest visible range in seconds.
    private static let shortest = 0.5

    package init() {}

    /// Whether the whole video is visible.
    package var isWhole: Bool { visible.lowerBound <= 0 && visible.upperBound >= length }

    package func show(_ source: MediaSource?) {
        guard source != self.source else { return }
        self.source = source
        filmstrip.show(source)
        peaks = nil
        listening?.cancel()
        setLength(source?.video.duration ?? 1)
        guard let source else { return }
        let take: @Sendable (Waveform) async -> Void = { [weak self] peaks in
            await self?.take(peaks, of: source)
        }
        listening = Task {
            if let peaks = try? await Waveform.read(of: source, take) { await take(peaks) }
        }
    }

    /// Corrects the length to what the player reports, and shows all of it.
    package func setLength(_ seconds: Double) {
        guard seconds > 0, abs(seconds - length) > 0.001 || visible.upperBound > seconds + 0.001
        else {
            return
        }
        length = bounded(seconds, 0.01...Limits.seconds.upperBound)
        visible = 0...length
    }

    private func take(_ peaks: Waveform, of source: MediaSource) {
        if source == self.source { self.peaks = peaks }
    }

    // MARK: Zoom

    /// Zooms around a time that stays where it is.
    ///
    /// - Parameters:
    ///   - factor: more than 1 zooms in.
    ///   - time: in seconds.
    package func zoom(by factor: Double, around time: Double) {
        let span = visible.upperBound - visible.lowerBound
        let wanted = min(length, max(min(length, Self.shortest), span / factor))
        let part = span > 0 ? (time - visible.lowerBound) / span : 0.5
        look(from: time - wanted * part, wanted)
    }

    package func showAll() { visible = 0...length }

    package func pan(by seconds: Double) {
        let span = visible.upperBound - visible.lowerBound
        look(from: visible.lowerBound + seconds, span)
    }

    /// Scrolls to a time unless it is visible.
    func reveal(_ time: Double) {
        guard !visible.contains(time) else { return }
        let span = visible.upperBound - visible.lowerBound
        look(from: time - span / 2, span)
    }

    private func look(from start: Double, _ span: Double) {
        let first = min(max(0, start), max(0, length - span))
        let range = first...(first + span)
        if range != visible { visible = range }
    }

    /// The thumbnails of the visible range.
    ///
    /// - Parameter width: of the visible range in pixels.
    /// - Returns: the cells side by side.
    package func cells(width: Double) -> [Filmstrip.Cell] {
        filmstrip.cells(of: visible, length: length, width: width)
    }
}

/// Formats times.
package enum TimeText {
    /// "1:02:03.456", or "2:03.456" within the first hour.
    package static func exact(_ seconds: Double) -> String {
        let milliseconds = Int((bounded(seconds, Limits.seconds) * 1000).rounded())
        return whole(milliseconds / 1000) + "." + padded(milliseconds % 1000, 3)
    }

    /// "1:02:03", or "2:03" within the first hour.
    package static func whole(_ seconds: Double) -> String {
        whole(Int(bounded(seconds, Limits.seconds)))
    }

    private static func whole(_ seconds: Int) -> String {
        let minutes = padded(seconds / 60 % 60, seconds >= 3600 ? 2 : 1)
        let hours = seconds >= 3600 ? "\(seconds / 3600):" : ""
        return hours + minutes + ":" + padded(seconds % 60, 2)
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
