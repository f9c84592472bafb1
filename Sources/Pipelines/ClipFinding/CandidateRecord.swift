import FoundationEssentials
import ShotDetection
import VideoScanning

/// Candidates as JSON: one document.
package struct CandidateDocument: Codable, Sendable, Equatable {
    package let v: Int
    /// The best first.
    package let candidates: [CandidateRecord]

    package init(_ candidates: [CandidateRecord]) {
        v = 1
        self.candidates = candidates
    }
}

/// A candidate as it is written, in JSON and as a line of JSON Lines.
package struct CandidateRecord: Codable, Sendable, Equatable {
    /// By what the video contains and the first frame.
    package let id: String
    /// The video.
    package let input: String
    /// In seconds from the start of the video, to a microsecond.
    package let start: Double
    package let startFrame: Int
    /// In seconds.
    package let duration: Double
    package let shot: ShotRecord
    /// 0…1: a rank and not a probability.
    package let score: Double
    /// 1 for the best.
    package var rank: Int
    package let reasons: [Reason]
    package let flags: [String]
    /// Name and label for the clip that is cut, where they were given.
    package var name: String?
    package var label: String?

    package struct Reason: Codable, Sendable, Equatable {
        package let name: String
        package let value: Double?
        package let limit: Double?
    }

    package init(_ candidate: Candidate, of video: ScannedVideo) {
        id = "\(video.key.shortName)-\(candidate.startFrame)"
        input = video.path.string
        start = Rounded.seconds(candidate.start)
        startFrame = candidate.startFrame
        duration = candidate.duration
        shot = ShotRecord(candidate.shot, of: video)
        score = Rounded.share(candidate.score)
        rank = candidate.rank
        reasons = candidate.reasons.map {
            Reason(
                name: $0.name.rawValue,
                value: $0.value.map { Rounded.value($0) },
                limit: $0.limit
            )
        }
        flags = candidate.flags.map(\.rawValue)
    }

    func value(of signal: Candidate.Signal) -> Double? {
        reasons.first { $0.name == signal.rawValue }?.value
    }
}
