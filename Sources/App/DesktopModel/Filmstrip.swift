import Imaging
import Media
import Observation

/// The thumbnails of the timeline: cells side by side, each as wide as a thumbnail, each with the
/// frame of its time.
@MainActor
@Observable
package final class Filmstrip {
    package struct Cell {
        /// What it covers, in seconds.
        package let range: Range<Double>
        /// Nil until there is one.
        package let image: ScreenImage?
        /// Whether the image is that of its time; before, one from near by stands in for it.
        package let isLoaded: Bool
    }

    /// Changes when thumbnails have been loaded, so that they are drawn.
    package private(set) var changeCount = 0

    /// Rows of a thumbnail, in pixels.
    package static let height = 44
    /// More than any screen shows.
    private static let mostCells = 1000
    /// Bytes of thumbnails that are kept.
    private static let mostBytes = 32 << 20
    /// Seconds of video that ffmpeg decodes in the time that it takes to start.
    private static let startCost = 1.0

    /// The cells of one zoom: number `n` covers `n * step` to `(n + 1) * step`.
    private struct Grid: Equatable {
        /// In milliseconds.
        var step = 1000

        var seconds: Double { Double(step) / 1000 }
        func range(_ number: Int) -> Range<Double> {
            Double(number) * seconds..<Double(number + 1) * seconds
        }
        func middle(_ number: Int) -> Double { (Double(number) + 0.5) * seconds }
    }

    /// A loaded thumbnail.
    private struct Thumbnail {
        /// The time of its frame in seconds.
        let time: Double
        /// Nil where there is no frame.
        let image: ScreenImage?
        /// The length of the cell for which it was loaded.
        let reach: Double
    }

    @ObservationIgnored private var loader: Thumbnails?
    @ObservationIgnored private var canSeek = true
    @ObservationIgnored private var length = 1.0
    /// Ordered by time.
    @ObservationIgnored private var thumbnails: [Thumbnail] = []
    @ObservationIgnored private var grid = Grid()
    /// Numbers of the visible cells, and of those among them that are not loaded.
    @ObservationIgnored private var visible = 0..<0
    @ObservationIgnored private var missing: [Int] = []
    /// The times that the running job is still to bring, in order.
    @ObservationIgnored private var pending: [Double] = []
    @ObservationIgnored private var fetching: Task<Void, Never>?
    /// Distances from a time to the keyframe before it, in seconds.
    @ObservationIgnored private var distances: (sum: Double, count: Double) = (0, 0)

    package init() {}

    /// Begins anew with a video; nil for none.
    package func show(_ source: MediaSource?) {
        stop()
        loader = source.map { Thumbnails(of: $0, height: Self.height) }
        canSeek = source?.canSeek ?? true
        thumbnails = []
        missing = []
        visible = 0..<0
        distances = (0, 0)
        changeCount += 1
    }

    /// The cells of a range; what is missing is loaded.
    ///
    /// - Parameters:
    ///   - range: what is visible, in seconds.
    ///   - length: of the whole video, in seconds.
    ///   - width: of the visible range in pixels.
    /// - Returns: the cells side by side, from the first to the last that is visible.
    package func cells(of range: ClosedRange<Double>, length: Double, width: Double) -> [Cell] {
        let span = range.upperBound - range.lowerBound
        guard let loader, width > 0, span > 0 else { return [] }
        self.length = length
        // Rounded down, so that a thumbnail is never narrower than its cell.
        let step = span * Double(loader.width) / width * 1000
        grid = Grid(step: max(10, Int(min(1e9, step))))
        let first = max(0, Int(range.lowerBound / grid.seconds))
        let end = (min(range.upperBound, length) / grid.seconds).rounded(.up)
        visible = first..<max(first + 1, min(first + Self.mostCells, Int(end)))
        missing = visible.filter { loaded($0) == nil }
        fetch()
        return visible.map(cell)
    }

    private func cell(_ number: Int) -> Cell {
        let range = grid.range(number)
        let middle = grid.middle(number)
        guard let own = loaded(number) else {
            let near = nearest(to: middle).flatMap {
                abs($0.time - middle) <= ($0.reach + grid.seconds) / 2 ? $0.image : nil
            }
            return Cell(range: range, image: near, isLoaded: false)
        }
        return Cell(range: range, image: own.image ?? nearest(to: middle)?.image, isLoaded: true)
    }

    // MARK: Loaded thumbnails

    /// The index of the first thumbnail that is not before a time.
    private func index(of time: Double) -> Int {
        var (low, high) = (0, thumbnails.count)
        while low < high {
            let middle = (low + high) / 2
            if thumbnails[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The thumbnail of a cell: the one in it that is nearest to its middle.
    private func loaded(_ number: Int) -> Thumbnail? {
        let range = grid.range(number)
        let middle = grid.middle(number)
        return thumbnails[index(of: range.lowerBound)...].prefix { $0.time < range.upperBound }
            .min { abs($0.time - middle) < abs($1.time - middle) }
    }

    /// The thumbnail with an image that is nearest to a time.
    private func nearest(to time: Double) -> Thumbnail? {
        let index = index(of: time)
        let before = thumbnails[..<index].last { $0.image != nil }
        let after = thumbnails[index...].first { $0.image != nil }
        guard let before, let after else { return before ?? after }
        return time - before.time <= after.time - time ? before : after
    }

    private func keep(_ image: ScreenImage?, at time: Double, reach: Double) {
        let index = index(of: time)
        let thumbnail = Thumbnail(time: time, image: image, reach: reach)
        if index < thumbnails.count, thumbnails[index].time == time {
            thumbnails[index] = thumbnail
        } else {
            thumbnails.insert(thumbnail, at: index)
        }
        let bytes = (loader?.width ?? 1) * Self.height * 4
        if thumbnails.count * bytes > Self.mostBytes { forget() }
        missing.removeAll { grid.range($0).contains(time) }
        changeCount += 1
    }

    /// Keeps only what is visible.
    private func forget() {
        let used = Set(visible.compactMap { loaded($0)?.time })
        thumbnails.removeAll { !used.contains($0.time) }
    }

    // MARK: Loading

    private func stop() {
        fetching?.cancel()
        fetching = nil
        pending = []
    }

    /// Starts loading what is missing; what runs and is no longer wanted ends.
    private func fetch() {
        if fetching != nil {
            // While it scrolls, the next few may still come.
            let isWanted = pending.prefix(4).contains { time in
                missing.contains { grid.range($0).contains(time) }
            }
            guard !isWanted, !pending.isEmpty else { return }
            stop()
        }
        guard !missing.isEmpty, let loader else { return }
        fetching = Task { [weak self] in
            while !Task.isCancelled, let self, !missing.isEmpty { await load(loader) }
            if !Task.isCancelled { self?.fetching = nil }
        }
    }

    /// Whether decoding everything between two cells costs less than a seek for each.
    private var isDense: Bool {
        let distance = distances.count > 0 ? distances.sum / distances.count : 0
        return !canSeek || grid.seconds <= distance + Self.startCost
    }

    private func load(_ loader: Thumbnails) async {
        if isDense {
            await loadRun(loader)
        } else if let number = missing.max(by: { Self.rank($0) < Self.rank($1) }) {
            await loadOne(number, loader)
        }
    }

    /// From coarse to fine, so that an overview appears first.
    private static func rank(_ number: Int) -> Int {
        number == 0 ? 30 : number.trailingZeroBitCount
    }

    /// Loads a cell: a keyframe within it, or else the frame of its middle.
    private func loadOne(_ number: Int, _ loader: Thumbnails) async {
        let (range, reach) = (grid.range(number), grid.seconds)
        let end = min(range.upperBound, max(range.lowerBound + 0.001, length))
        let middle = (range.lowerBound + end) / 2
        pending = [middle]
        if let key = try? await loader.keyframe(before: end) {
            distances.sum += end - key.time
            distances.count += 1
            if key.time >= range.lowerBound {
                return keep(key.image, at: key.time, reach: reach)
            }
            // Where keyframes are rare, decoding all may now be better.
            if isDense { return }
        }
        guard !Task.isCancelled else { return }
        let image = try? await loader.image(at: middle)
        if !Task.isCancelled { keep(image, at: middle, reach: reach) }
    }

    /// Loads all that is missing in one go, as far as it is close together.
    private func loadRun(_ loader: Thumbnails) async {
        guard let first = missing.first else { return }
        var last = first
        // Gaps that are shorter than what a new start costs are decoded as well.
        let gap = distances.count > 0 ? distances.sum / distances.count + Self.startCost : 1
        for number in missing where Double(number - last) * grid.seconds <= gap + grid.seconds {
            last = number
        }
        let (grid, numbers) = (grid, first...last)
        pending = numbers.map(grid.middle)
        let images = loader.images(
            at: grid.middle(first),
            every: grid.step,
            count: numbers.count
        )
        do {
            for try await image in images {
                guard !Task.isCancelled, let time = pending.first else { return }
                pending.removeFirst()
                keep(image, at: time, reach: grid.seconds)
            }
        } catch {}
        guard !Task.isCancelled else { return }
        for time in pending { keep(nil, at: time, reach: grid.seconds) }
        pending = []
    }
}
