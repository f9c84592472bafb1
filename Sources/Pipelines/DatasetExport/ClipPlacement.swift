import ClipExport
import DatasetProfiles

/// Where the frames and pixels of a cut are in the clip that is cut again: its masks go there.
package struct ClipPlacement: Sendable, Equatable {
    /// For each frame of the cut the clip's frame of the same time.
    let frames: [Int]
    /// Frames at the end that the clip does not have, so that its last one stands for them.
    let held: Int
    private let pixels: Pixels
    /// The frames of the cut, and the columns and rows to which they are stretched, where only some
    /// frames are taken; nil for all.
    private var sample: Sample?

    private enum Pixels: Equatable {
        /// For each column and row of the cut the clip's.
        case fixed(columns: [Int], rows: [Int])
        /// The cut shows another part of the clip on each frame.
        case moving(cut: FrameGeometry, clip: FrameGeometry)
    }

    private struct Sample: Equatable {
        let numbers: [Int]
        let side: Int?
    }

    /// A clip that stays as it is, or its first frames.
    ///
    /// - Parameters:
    ///   - clip: what it has.
    ///   - count: how many frames are taken; nil for all.
    init(_ clip: ClipFacts, count: Int? = nil) {
        let count = count ?? clip.frameCount
        frames = (0..<count).map { min($0, clip.frameCount - 1) }
        pixels = .fixed(columns: Array(0..<clip.width), rows: Array(0..<clip.height))
        held = max(0, count - clip.frameCount)
    }

    /// A cut from the clip's first frame on; nil where it shows a part of the source that the clip
    /// does not show.
    ///
    /// - Parameters:
    ///   - plan: the cut, which knows the times of the source as far as the clip goes.
    ///   - clip: what the clip has.
    ///   - geometry: how the clip was cropped and scaled.
    init?(_ plan: CutPlan, of clip: ClipFacts, _ geometry: FrameGeometry) {
        let cut = plan.geometry
        guard let columns = cut.columns(in: geometry), let rows = cut.rows(in: geometry) else {
            return nil
        }
        // Where both move, they move alike.
        if cut.path == nil || geometry.path != nil {
            pixels = .fixed(columns: columns, rows: rows)
        } else {
            pixels = .moving(cut: cut, clip: geometry)
        }
        (frames, held) = Self.frames(of: plan, in: clip)
        guard frames.indices.allSatisfy({ places(at: $0) != nil }) else { return nil }
    }

    /// For each frame of a cut from the clip's first frame on the clip's frame of the same time, and
    /// how many at the end the clip does not have.
    static func frames(of plan: CutPlan, in clip: ClipFacts) -> (frames: [Int], held: Int) {
        let wanted = plan.shown(plan.frameCount, at: plan.frameRate)
        let there = plan.shown(clip.frameCount, at: clip.frameRate)
        // Frame k of the cut and frame k × (b / a) of the clip are shown at the same time.
        let a = Int128(plan.frameRate.numerator) * Int128(clip.frameRate.denominator)
        let b = Int128(clip.frameRate.numerator) * Int128(plan.frameRate.denominator)
        var frames: [Int] = []
        var (last, held) = (0, 0)
        for (number, frame) in wanted.enumerated() {
            while last + 1 < there.count, there[last + 1] <= frame { last += 1 }
            // Where the clip shows that frame several times, the one that is nearest in time.
            var first = last
            while first > 0, there[first - 1] == there[last] { first -= 1 }
            let atThatTime = Int(clamping: Int128(number) * b / a)
            frames.append(min(max(first, atThatTime), last))
            if atThatTime >= clip.frameCount, frame > (there.last ?? 0) { held += 1 }
        }
        return (frames, held)
    }

    private init(_ other: ClipPlacement, _ sample: Sample) {
        frames = sample.numbers.map { other.frames[$0] }
        (held, pixels) = (other.held, other.pixels)
        self.sample = sample
    }

    /// Some of the frames, stretched to a square: its centres of pixels lie in the nearest ones.
    ///
    /// - Parameters:
    ///   - numbers: of the frames, from 0.
    ///   - side: columns and rows; nil for as many as there are.
    /// - Returns: where they are in the clip.
    func sampled(_ numbers: [Int], side: Int?) -> ClipPlacement {
        ClipPlacement(self, Sample(numbers: numbers.map { min($0, frames.count - 1) }, side: side))
    }

    /// For each column and row of a frame of the cut the clip's.
    func pixels(at frame: Int) -> (columns: [Int], rows: [Int]) {
        let places = places(at: sample?.numbers[frame] ?? frame) ?? ([], [])
        guard let side = sample?.side else { return places }
        func stretched(_ places: [Int]) -> [Int] {
            (0..<side).map { places[(2 * $0 + 1) * places.count / (2 * side)] }
        }
        return (stretched(places.columns), stretched(places.rows))
    }

    private func places(at frame: Int) -> (columns: [Int], rows: [Int])? {
        switch pixels {
        case .fixed(let columns, let rows): return (columns, rows)
        case .moving(let cut, let clip):
            let cut = cut.on(frame: frame)
            guard let columns = cut.columns(in: clip), let rows = cut.rows(in: clip) else {
                return nil
            }
            return (columns, rows)
        }
    }

    /// Columns of the frames.
    var width: Int { sample?.side ?? size.width }

    /// Rows of the frames.
    var height: Int { sample?.side ?? size.height }

    private var size: FrameSize {
        switch pixels {
        case .fixed(let columns, let rows): FrameSize(width: columns.count, height: rows.count)
        case .moving(let cut, _): cut.size
        }
    }

    /// Whether the pixels are those of the clip.
    var showsAll: Bool {
        guard case .fixed(let columns, let rows) = pixels, sample?.side == nil else { return false }
        return columns.elementsEqual(columns.indices) && rows.elementsEqual(rows.indices)
    }

    /// All of it, as a text.
    var recipe: String {
        let side = sample?.side.map { " stretched to \($0)" } ?? ""
        switch pixels {
        case .fixed: return "\(frames) \(pixels(at: 0).columns) \(pixels(at: 0).rows)"
        case .moving(let cut, let clip):
            return "\(frames) \(sample?.numbers ?? []) \(cut) in \(clip)\(side)"
        }
    }
}
