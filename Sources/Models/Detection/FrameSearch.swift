import Imaging

/// What was found on a frame.
package struct FrameFindings: Sendable, Equatable, Codable {
    /// The frame's number, from 0.
    package let frame: Int
    /// Candidates of any score for each text, best first.
    package let candidates: [[Candidate]]

    package init(frame: Int, candidates: [[Candidate]]) {
        self.frame = frame
        self.candidates = candidates
    }
}

/// A detector that looks for texts, frame by frame.
package struct FrameSearch<Detector: ObjectDetector>: Sendable {
    /// The score from which on a thing is seen clearly enough to look no further. A guess, as long as
    /// nobody has measured it on labelled frames.
    package static var clearScore: Float { 0.6 }

    private let detector: Detector
    private let queries: Detector.Queries
    private let texts: [SearchedText]
    private let kept: Int

    /// - Parameters:
    ///   - texts: what to look for, at least one.
    ///   - detector: looks for them.
    ///   - kept: how many candidates of a text are kept for each frame.
    /// - Throws: what the detector throws.
    package init(_ texts: [SearchedText], _ detector: Detector, keeping kept: Int) async throws {
        self.texts = texts
        self.detector = detector
        self.kept = kept
        queries = try await detector.queries(texts.flatMap(\.groups))
    }

    /// Looks at a frame.
    ///
    /// - Parameter frame: of format `rgb24`.
    /// - Returns: what is on it.
    /// - Throws: what the detector throws.
    package func findings(on frame: VideoFrame) async throws -> FrameFindings {
        let detections = try await detector.detections(in: frame, of: queries)
        var first = 0
        let candidates = texts.map { text in
            defer { first += text.queries.count }
            return CandidateChoice.candidates(
                detections,
                of: first..<first + text.queries.count,
                weights: text.queries.map(\.weight),
                width: frame.width,
                height: frame.height,
                count: kept
            )
        }
        return FrameFindings(frame: frame.index, candidates: candidates)
    }

    /// Whether every text has been seen clearly on one of the frames.
    package func isClear(_ findings: [FrameFindings]) -> Bool {
        texts.indices.allSatisfy { text in
            findings.contains { ($0.candidates[text].first?.score ?? 0) >= Self.clearScore }
        }
    }
}
