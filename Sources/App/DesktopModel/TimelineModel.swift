import Diagnostics
import Imaging
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
    /// Changes when thumbnails have been loaded, so that they are drawn.
    package private(set) var thumbnailCount = 0

    /// In pixels.
    package static let thumbnailHeight = 44

    @ObservationIgnored private var length = 1.0
    @ObservationIgnored private var source: MediaSource?
    @ObservationIgnored private var thumbnails: [Key: ScreenImage?] = [:]
    @ObservationIgnored private var wanted: [Key] = []
    @ObservationIgnored private var fetching: Task<Void, Never>?
    @ObservationIgnored private var listening: Task<Void, Never>?

    /// A time on a grid whose steps are powers of two, so that small zooms keep the thumbnails.
    private struct Key: Hashable {
        let exponent: Int
        let number: Int
        var seconds: Double { TimelineModel.step(exponent) * Double(number) }
    }

    /// More than any screen shows.
    private static let mostThumbnails = 600
    /// The shortest visible range in seconds.
    private static let shortest = 0.5

    package init() {}

    /// Whether the whole video is visible.
    package var isWhole: Bool { visible.lowerBound <= 0 && visible.upperBound >= length }

    package func show(_ source: MediaSource?) {
        guard source != self.source else { return }
        self.source = source
        thumbnails = [:]
        wanted = []
        peaks = nil
        fetching?.cancel()
        fetching = nil
        listening?.cancel()
        setLength(source?.video.duration ?? 1)
        thumbnailCount += 1
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

    // MARK: Thumbnails

    private nonisolated static func step(_ exponent: Int) -> Double {
        exponent >= 0 ? Double(1 << exponent) : 1 / Double(1 << -exponent)
    }

    /// The loaded thumbnails of the visible range; missing ones are fetched.
    ///
    /// - Parameter width: of the visible range in pixels.
    /// - Returns: for each its start and the length that it covers, in seconds.
    package func thumbnails(width: Double) -> [(start: Double, length: Double, image: ScreenImage)]
    {
        guard let source, width > 0 else { return [] }
        let span = visible.upperBound - visible.lowerBound
        let thumbnailWidth = Double(Thumbnails(of: source).width(forHeight: Self.thumbnailHeight))
        let needed = span * thumbnailWidth / width
        let exponent = max(-4, min(20, Int(log2Ceil(needed))))
        let step = Self.step(exponent)
        let first = Int(visible.lowerBound / step)
        let last = min(first + 400, Int(visible.upperBound / step))
        let keys = (first...max(first, last)).map { Key(exponent: exponent, number: $0) }
        wanted = keys.filter { thumbnails[$0] == nil }
        fetch()
        return keys.compactMap { key in
            guard let image = thumbnails[key] ?? nil else { return nil }
            return (key.seconds, step, image)
        }
    }

    private func log2Ceil(_ value: Double) -> Double {
        var exponent = -4
        while exponent < 20, Self.step(exponent) < value { exponent += 1 }
        return Double(exponent)
    }

    private func fetch() {
        guard fetching == nil, !wanted.isEmpty, let source else { return }
        fetching = Task { [weak self] in
            let loader = Thumbnails(of: source)
            while let key = self?.next(of: source) {
                guard
                    let image = try? await loader.image(
                        near: key.seconds,
                        height: Self.thumbnailHeight
                    )
                else {
                    if Task.isCancelled { return }
                    self?.keep(nil, key, source)
                    continue
                }
                self?.keep(image, key, source)
            }
            if self?.source == source { self?.fetching = nil }
        }
    }

    /// The next thumbnail, from coarse to fine, so that an overview appears first.
    private func next(of source: MediaSource) -> Key? {
        guard source == self.source, !wanted.isEmpty, !Task.isCancelled else { return nil }
        let best = wanted.indices.max { coarseness(wanted[$0]) < coarseness(wanted[$1]) }
        return best.map { wanted.remove(at: $0) }
    }

    private func coarseness(_ key: Key) -> Int {
        key.number == 0 ? 30 : key.number.trailingZeroBitCount
    }

    private func keep(_ image: ScreenImage?, _ key: Key, _ source: MediaSource) {
        guard source == self.source else { return }
        if thumbnails.count >= Self.mostThumbnails { thumbnails = [:] }
        thumbnails[key] = .some(image)
        thumbnailCount += 1
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
