extension TextFindings {
    /// A candidate is the same thing as one on another frame if their boxes overlap so much (IoU).
    /// Frames are a second or two apart: of a thing that moves far, only its own frame is known.
    private static let leastOverlap: Float = 0.3

    /// Where a thing is, as far as it was seen: from its own frame to the frames before and after it,
    /// from one to the next, the candidate of the same text that overlaps it most. Candidates below
    /// the threshold count as well, since something is known to be there.
    ///
    /// - Parameter thing: one of `objects`, `all` or `listed`.
    /// - Returns: left, top, right and bottom in pixels, by frame; at least on the thing's own.
    package func boxes(of thing: FoundThing) -> [Int: [Double]] {
        var boxes = [thing.frame: thing.box]
        guard let text = texts.firstIndex(where: { $0.words == thing.text }) else { return boxes }
        let frames = frames.sorted { $0.frame < $1.frame }
        let later = frames.filter { $0.frame > thing.frame }
        let earlier = frames.filter { $0.frame < thing.frame }.reversed()
        for direction in [later, Array(earlier)] {
            var last = DetectionBox(corners: thing.box)
            for findings in direction {
                let overlaps = findings.candidates[text].map { ($0.box, last.iou($0.box)) }
                guard let best = overlaps.max(by: { $0.1 < $1.1 }), best.1 >= Self.leastOverlap
                else { break }
                last = best.0
                boxes[findings.frame] = [last.x0, last.y0, last.x1, last.y1].map { Double($0) }
            }
        }
        return boxes
    }
}

extension DetectionBox {
    /// - Parameter corners: left, top, right and bottom.
    fileprivate init(corners: [Double]) {
        self.init(
            x0: Float(corners[0]),
            y0: Float(corners[1]),
            x1: Float(corners[2]),
            y1: Float(corners[3])
        )
    }
}
