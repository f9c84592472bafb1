import Diagnostics
import Imaging
import Media
import Observation

/// What is seen of a video's length: a part of it, with small pictures and the loudness.
@MainActor
@Observable
package final class TimelineModel {
    /// The part that is seen, in seconds.
    package private(set) var visible = 0.0...1.0
    /// How loud the video is; nil until that is known, or without sound.
    package private(set) var peaks: Waveform?
    /// Counts the pictures that have come, so that they are drawn.
    package private(set) var pictureCount = 0

    /// Rows of the pictures.
    package static let pictureHeight = 44

    @ObservationIgnored private var length = 1.0
    @ObservationIgnored private var source: MediaSource?
    @ObservationIgnored private var pictures: [Key: ScreenImage?] = [:]
    @ObservationIgnored private var wanted: [Key] = []
    @ObservationIgnored private var fetching: Task<Void, Never>?
    @ObservationIgnored private var listening: Task<Void, Never>?

    /// A place on a grid whose steps double, so that pictures stay when the scale changes a little.
    private struct Key: Hashable {
        let exponent: Int
        let number: Int
        var seconds: Double { TimelineModel.step(exponent) * Double(number) }
    }

    /// More pictures than any screen shows; older ones are forgotten.
    private static let mostPictures = 600
    /// No closer than this can be looked.
    private static let shortest = 0.5

    package init() {}

    /// Whether the whole length is seen.
    package var isWhole: Bool { visible.lowerBound <= 0 && visible.upperBound >= length }

    /// Shows another video, or none.
    package func show(_ source: MediaSource?) {
        guard source != self.source else { return }
        self.source = source
        pictures = [:]
        wanted = []
        peaks = nil
        fetching?.cancel()
        fetching = nil
        listening?.cancel()
        setLength(source?.video.duration ?? 1)
        pictureCount += 1
        guard let source else { return }
        let take: @Sendable (Waveform) async -> Void = { [weak self] peaks in
            await self?.take(peaks, of: source)
        }
        listening = Task {
            if let peaks = try? await Waveform.read(of: source, take) { await take(peaks) }
        }
    }

    /// Corrects the length when the player knows better, and shows all of it.
    package func setLength(_ seconds: Double) {
        guard seconds > 0, abs(seconds - length) > 0.001 || visible.upperBound > seconds + 0.001
        else {
            return
        }
        length = max(0.01, seconds)
        visible = 0...length
    }

    private func take(_ peaks: Waveform, of source: MediaSource) {
        if source == self.source { self.peaks = peaks }
    }

    // MARK: Looking closer

    /// Looks closer, or at more, around a time that stays where it is.
    ///
    /// - Parameters:
    ///   - factor: more than 1 looks closer.
    ///   - time: in seconds.
    package func zoom(by factor: Double, around time: Double) {
        let span = visible.upperBound - visible.lowerBound
        let wanted = min(length, max(min(length, Self.shortest), span / factor))
        let part = span > 0 ? (time - visible.lowerBound) / span : 0.5
        look(from: time - wanted * part, wanted)
    }

    /// Shows all.
    package func showAll() { visible = 0...length }

    /// Looks at another part.
    package func pan(by seconds: Double) {
        let span = visible.upperBound - visible.lowerBound
        look(from: visible.lowerBound + seconds, span)
    }

    /// Looks so that a time is seen.
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

    // MARK: Pictures

    private nonisolated static func step(_ exponent: Int) -> Double {
        exponent >= 0 ? Double(1 << exponent) : 1 / Double(1 << -exponent)
    }

    /// Pictures for what is seen, those that are there already; the others are fetched.
    ///
    /// - Parameter width: pixels of what is seen.
    /// - Returns: when each begins and how many seconds it stands for.
    package func pictures(width: Double) -> [(start: Double, length: Double, image: ScreenImage)] {
        guard let source, width > 0 else { return [] }
        let span = visible.upperBound - visible.lowerBound
        let pictureWidth = Double(Thumbnails(of: source).width(forHeight: Self.pictureHeight))
        let needed = span * pictureWidth / width
        let exponent = max(-4, min(20, Int(log2Ceil(needed))))
        let step = Self.step(exponent)
        let first = Int(visible.lowerBound / step)
        let last = min(first + 400, Int(visible.upperBound / step))
        let keys = (first...max(first, last)).map { Key(exponent: exponent, number: $0) }
        wanted = keys.filter { pictures[$0] == nil }
        fetch()
        return keys.compactMap { key in
            guard let image = pictures[key] ?? nil else { return nil }
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
            let still = Thumbnails(of: source)
            while let key = self?.next(of: source) {
                guard
                    let image = try? await still.image(
                        near: key.seconds,
                        height: Self.pictureHeight
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

    /// The next picture, from coarse to fine, so that the whole is soon recognised.
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
        if pictures.count >= Self.mostPictures { pictures = [:] }
        pictures[key] = .some(image)
        pictureCount += 1
    }
}
