import ClipExport
import DatasetProfiles

/// Where the frames and pixels of a cut are in the clip that is cut again: its masks go there.
package struct ClipPlacement: Sendable, Equatable {
    /// For each frame of the cut the clip's frame of the same time.
    let frames: [Int]
    /// For each column of the cut the clip's column.
    let columns: [Int]
    /// For each row of the cut the clip's row.
    let rows: [Int]
    /// Frames at the end that the clip does not have, so that its last one stands for them.
    let held: Int

    private init(frames: [Int], columns: [Int], rows: [Int], held: Int) {
        (self.frames, self.columns, self.rows, self.held) = (frames, columns, rows, held)
    }

    /// A clip that stays as it is, or its first frames.
    ///
    /// - Parameters:
    ///   - clip: what it has.
    ///   - count: how many frames are taken; nil for all.
    init(_ clip: ClipFacts, count: Int? = nil) {
        let count = count ?? clip.frameCount
        frames = (0..<count).map { min($0, clip.frameCount - 1) }
        columns = Array(0..<clip.width)
        rows = Array(0..<clip.height)
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
        guard let columns = plan.geometry.columns(in: geometry),
            let rows = plan.geometry.rows(in: geometry)
        else { return nil }
        (self.columns, self.rows) = (columns, rows)
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
        self.frames = frames
        self.held = held
    }

    /// Some of the frames, stretched to a square: its centres of pixels lie in the nearest ones.
    ///
    /// - Parameters:
    ///   - numbers: of the frames, from 0.
    ///   - side: columns and rows; nil for as many as there are.
    /// - Returns: where they are in the clip.
    func sampled(_ numbers: [Int], side: Int?) -> ClipPlacement {
        func stretched(_ places: [Int]) -> [Int] {
            guard let side else { return places }
            return (0..<side).map { places[(2 * $0 + 1) * places.count / (2 * side)] }
        }
        return ClipPlacement(
            frames: numbers.map { frames[min($0, frames.count - 1)] },
            columns: stretched(columns),
            rows: stretched(rows),
            held: held
        )
    }

    /// Whether the pixels are those of the clip.
    var showsAll: Bool {
        columns.elementsEqual(columns.indices) && rows.elementsEqual(rows.indices)
    }
}
