import Imaging

/// Finds the black bars at the edges of a video's frames.
enum BlackBars {
    /// What frames leave of the content together; nil if they are too dark to tell.
    static func content(_ frames: [VideoFrame], tuning: SaliencyTuning.Bars) -> ContentArea? {
        let areas = frames.compactMap { content($0, tuning: tuning) }
        guard let first = areas.first else { return nil }
        return areas.dropFirst().reduce(first) { $0.union($1) }
    }

    /// The content in one frame.
    static func content(_ frame: VideoFrame, tuning: SaliencyTuning.Bars) -> ContentArea? {
        frame.withPlane(0) { layout, samples in
            let (width, height) = (layout.width, layout.height)
            func run(_ count: Int, _ isDark: (Int, _ tail: Float) -> Bool) -> (Int, Int) {
                let most = Int(Float(count) * tuning.greatestPart)
                var (before, after) = (0, 0)
                while before < most, isDark(before, tuning.tail) { before += 1 }
                while after < most, isDark(count - 1 - after, tuning.tail) { after += 1 }
                // Bars are alike at both ends, and one of them may have text in it.
                let both = max(before, after)
                while before < both, isDark(before, tuning.textTail) { before += 1 }
                while after < both, isDark(count - 1 - after, tuning.textTail) { after += 1 }
                if before + after < tuning.least { return (0, 0) }
                return (before, after)
            }
            let rows = run(height) { y, tail in
                isDark(samples, y * layout.bytesPerRow, 1, width, tail, tuning)
            }
            let most = Int(Float(height) * tuning.greatestPart)
            // A frame that is dark from both sides does not show where its content ends.
            if most > 0, rows.0 == most, rows.1 == most { return nil }
            let inner = height - rows.0 - rows.1
            let columns = run(width) { x, tail in
                isDark(
                    samples,
                    rows.0 * layout.bytesPerRow + x,
                    layout.bytesPerRow,
                    inner,
                    tail,
                    tuning
                )
            }
            // The edge's own blend belongs to the bar; chroma needs even numbers.
            func inset(_ length: Int) -> Int { length == 0 ? 0 : (length + 3) / 2 * 2 }
            let (left, top) = (inset(columns.0), inset(rows.0))
            let area = ContentArea(
                left: left,
                top: top,
                width: width - left - inset(columns.1),
                height: height - top - inset(rows.1)
            )
            return area.width > 0 && area.height > 0 ? area : nil
        }
    }

    /// Whether a row or column is dark and even, but for a part of it at both ends of its values.
    private static func isDark(
        _ samples: UnsafeBufferPointer<UInt8>,
        _ start: Int,
        _ step: Int,
        _ count: Int,
        _ tail: Float,
        _ tuning: SaliencyTuning.Bars
    ) -> Bool {
        var counts = [Int](repeating: 0, count: 256)
        for place in 0..<count { counts[Int(samples[start + place * step])] += 1 }
        func quantile(_ part: Float) -> Int {
            let rank = Int(part * Float(count - 1))
            var below = 0
            for (value, number) in counts.enumerated() {
                below += number
                if below > rank { return value }
            }
            return 255
        }
        return Float(quantile(0.5)) < tuning.darkest
            && quantile(1 - tail) - quantile(tail) < tuning.range
    }
}

extension ContentArea {
    /// The least area that holds both.
    func union(_ other: ContentArea) -> ContentArea {
        let (left, top) = (min(left, other.left), min(top, other.top))
        let right = max(self.left + width, other.left + other.width)
        let bottom = max(self.top + height, other.top + other.height)
        return ContentArea(left: left, top: top, width: right - left, height: bottom - top)
    }
}
