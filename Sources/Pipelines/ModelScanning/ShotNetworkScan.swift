import Diagnostics
import Imaging
import Media
import Progress
import ScanStore
import ShotDetection
import SystemPackage
import TransNetV2
import VideoScanning

/// Asks TransNetV2 about the frames of a scanned video where shots are not certain, and keeps what it
/// says beside the scan.
package struct ShotNetworkScan: Sendable {
    private let models: ScanModels
    private let cache: ScanCache
    private let reporter: any ProgressReporter

    /// - Parameters:
    ///   - models: the networks.
    ///   - cache: where scans are kept.
    ///   - reporter: receives progress.
    package init(
        _ models: ScanModels,
        cache: ScanCache = .current,
        reporter: any ProgressReporter
    ) {
        (self.models, self.cache, self.reporter) = (models, cache, reporter)
    }

    /// The video with the network's probabilities of at least some frames.
    ///
    /// - Parameters:
    ///   - frames: ranges of frames, ascending, apart.
    ///   - video: a scanned video.
    ///   - options: how it is read.
    /// - Returns: the video.
    /// - Throws: `EightCutError` when the checkpoint is missing or the video cannot be read;
    ///   `CancellationError`.
    package func add(
        _ frames: [Range<Int>],
        to video: ScannedVideo,
        _ options: VideoOptions
    ) async throws -> ScannedVideo {
        var video = video
        let count = video.measures.frames.count
        let unknown = [UInt8](repeating: UInt8.max, count: count)
        var (cuts, transitions) = (
            video.content.cuts ?? unknown, video.content.transitions ?? unknown
        )
        let parts = Self.parts(frames, count: count) { cuts[$0] == .max }
        if !parts.isEmpty {
            try video.note.checkUnchanged(video.path)
            let stream = try await VideoProbe.stream(of: video.path, options)
            let network = try models.shotNetwork()
            let decoder = VideoDecoder(
                path: video.path,
                stream: stream,
                format: .rgb24,
                size: (ShotNetwork.columns, ShotNetwork.rows)
            )
            let asker = Asker(network, parts, count: count, reporter: reporter)
            let answers = try await decoder.withFrames { try await asker.ask($0) }.result
            for answer in answers {
                for (index, (cut, transition)) in zip(answer.cut, answer.transition).enumerated() {
                    guard answer.first + index < count else { break }
                    cuts[answer.first + index] = Self.byte(cut)
                    transitions[answer.first + index] = Self.byte(transition)
                }
            }
            try video.note.checkUnchanged(video.path)
            let folder = try ScanFolder(video.key, in: cache)
            try folder.write(cuts, as: .cuts)
            try folder.write(transitions, as: .transitions)
        }
        (video.content.cuts, video.content.transitions) = (cuts, transitions)
        return video
    }

    /// Never that of frames that are not known.
    private static func byte(_ probability: Float) -> UInt8 {
        UInt8(min(max((probability * 254).rounded(), 0), 254))
    }

    /// Frames that the network is asked about at once, at most.
    private static let most = 10 * ShotNetwork.step

    /// Whole steps of the network that have some of the frames.
    static func parts(
        _ frames: [Range<Int>],
        count: Int,
        _ isWanted: (Int) -> Bool
    ) -> [Range<Int>] {
        let step = ShotNetwork.step
        var parts: [Range<Int>] = []
        for range in frames where range.contains(where: isWanted) {
            for start in stride(
                from: range.lowerBound / step * step,
                to: range.upperBound,
                by: step
            ) {
                let end = min(start + step, count)
                if let last = parts.last, start < last.upperBound { continue }
                if let last = parts.last, start == last.upperBound, end - last.lowerBound <= most {
                    parts[parts.count - 1] = last.lowerBound..<end
                } else {
                    parts.append(start..<end)
                }
            }
        }
        return parts
    }
}

/// What the network says of some frames.
private struct Answer: Sendable {
    let first: Int
    let cut: [Float]
    let transition: [Float]
}

/// Collects the frames of each part with their neighbours, and asks the network.
private struct Asker: Sendable {
    private let network: ShotNetwork
    private let parts: [Range<Int>]
    private let count: Int
    private let reporter: any ProgressReporter

    init(
        _ network: ShotNetwork,
        _ parts: [Range<Int>],
        count: Int,
        reporter: any ProgressReporter
    ) {
        (self.network, self.parts, self.count) = (network, parts, count)
        self.reporter = reporter
    }

    /// The frame after the last one that a part needs: its last run needs a whole step.
    private static func end(of part: Range<Int>) -> Int {
        let step = ShotNetwork.step
        let whole = (part.count + step - 1) / step * step
        return part.lowerBound + whole + ShotNetwork.neighbours
    }

    func ask(_ frames: FrameReader) async throws -> [Answer] {
        let neighbours = ShotNetwork.neighbours
        let progress = FrameProgress(total: count, reporter: reporter)
        var reported = ContinuousClock.now
        var answers: [Answer] = []
        var left = parts[...]
        // The frames from `first` on that may be needed.
        var (first, kept): (Int, [[UInt8]]) = (0, [])
        var decoded = 0
        func ask(_ part: Range<Int>) async throws {
            let start = max(0, part.lowerBound - neighbours)
            let end = min(decoded, Self.end(of: part))
            guard start >= first, end > part.lowerBound else { return }
            let bytes = Array(kept[start - first..<end - first].joined())
            let upper = min(part.upperBound, decoded)
            let found = try await network.probabilities(
                frames: bytes,
                before: part.lowerBound - start,
                behind: end - upper
            )
            answers.append(
                Answer(first: part.lowerBound, cut: found.cut, transition: found.transition)
            )
        }
        while let part = left.first, let frame = try await frames.next() {
            decoded += 1
            let start = part.lowerBound - neighbours
            if frame.index >= start {
                if kept.isEmpty { first = frame.index }
                kept.append(frame.pixels.withUnsafeBytes { [UInt8]($0) })
            }
            if reported.duration(to: .now) > .milliseconds(500) {
                reported = .now
                try progress.report(done: decoded)
            }
            guard frame.index + 1 >= Self.end(of: part) else { continue }
            try await ask(part)
            left = left.dropFirst()
            let next = (left.first?.lowerBound ?? .max) - neighbours
            let unneeded = min(kept.count, max(0, next - first))
            kept.removeFirst(unneeded)
            first += unneeded
        }
        for part in left { try await ask(part) }
        try progress.report(done: decoded, isLast: true)
        return answers
    }
}
