import Diagnostics
import Media
import SoundMotion
import SystemPackage

/// Compares how found objects move with the audio of their clip: of several objects, which one
/// moves when something sounds.
package struct AudioComparison: Sendable {
    private let path: FilePath
    private let stream: VideoStream

    /// The longest video that is compared, in seconds: audio and motion are in memory as a whole.
    package static let mostSeconds = 600.0
    /// Frames are compared at this size of their longer side: a jerk by a hundredth of the frame is
    /// some pixels.
    private static let side = 320
    /// An object is taken to be in its box for a second before and after a sighting.
    private static let reach = 1.0

    /// - Parameters:
    ///   - path: the video.
    ///   - stream: which stream of it.
    package init(_ path: FilePath, _ stream: VideoStream) {
        self.path = path
        self.stream = stream
    }

    /// Makes sure that the video is not too long, as far as that is known before it is decoded.
    ///
    /// - Throws: `EightCutError` (`usage`).
    package func check() throws {
        if let duration = stream.duration, duration > Self.mostSeconds { throw tooLong }
    }

    /// Whether the video is short enough, as far as that is known.
    var isPossible: Bool { (stream.duration ?? .infinity) <= Self.mostSeconds }

    /// Decodes the audio, and the video unless the audio says nothing, and compares.
    ///
    /// - Parameters:
    ///   - objects: for each the boxes (left, top, right, bottom in pixels) by frame.
    ///   - onFrame: called with the number of frames that have been looked at.
    /// - Returns: a match for each object, in their order. Without an audio stream it is unsure, as
    ///   with silence.
    /// - Throws: `EightCutError` when the video is too long or cannot be read; `CancellationError`;
    ///   what `onFrame` throws.
    package func run(
        _ objects: [[Int: [Double]]],
        onFrame: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) async throws -> SoundComparison {
        try check()
        let strength = try await onsetStrength()
        guard strength.onsets.count >= SoundComparison.leastOnsets else {
            return SoundComparison(nothingFor: objects.count, strength)
        }
        let (motion, times) = try await motion(of: objects, onFrame)
        return SoundComparison(motion, strength, at: times)
    }

    private func onsetStrength() async throws -> OnsetStrength {
        let rate = OnsetStrength.sampleRate
        guard let audio = AudioSamples(beside: stream, of: path, rate: rate) else {
            return OnsetStrength([])
        }
        // Audio that is longer than the video is left out.
        let most = Int(Self.mostSeconds) * rate
        let samples = try await audio.reduce(into: [Float]()) { samples, piece in
            samples += piece.prefix(most - samples.count).map { Float($0) / 32_768 }
        }
        return OnsetStrength(samples)
    }

    private func motion(
        of objects: [[Int: [Double]]],
        _ onFrame: @Sendable (Int) throws -> Void
    ) async throws -> (RegionMotion, times: [Double]) {
        let scale = min(1, Double(Self.side) / Double(max(stream.width, stream.height)))
        let width = max(1, Int((Double(stream.width) * scale).rounded()))
        let height = max(1, Int((Double(stream.height) * scale).rounded()))
        let rate = stream.frameRate?.value ?? 25
        let tracks = objects.map { boxes in
            RegionTrack(
                boxes.mapValues { MotionBox($0.map { $0 * scale }) },
                reach: Int((Self.reach * rate).rounded())
            )
        }
        let decoder = VideoDecoder(
            path: path,
            stream: stream,
            format: .gray8,
            size: (width, height)
        )
        return try await decoder.withFrames { reader in
            var motion = RegionMotion(width: width, height: height, regions: tracks.count)
            var times: [Double] = []
            while let frame = try await reader.next() {
                let expected = times.last.map { $0 + 1 / rate } ?? 0
                // Times that go back say nothing.
                let time = frame.time.map { max($0, times.last ?? $0) } ?? expected
                if time > Self.mostSeconds { throw tooLong }
                times.append(time)
                frame.withPlane(0) { _, samples in
                    motion.add(
                        samples,
                        tracks.map { $0.box(on: frame.index).map { .box($0) } }
                    )
                }
                try onFrame(times.count)
            }
            return (motion, times)
        }.result
    }

    private var tooLong: EightCutError {
        EightCutError(
            .usage,
            "cannot compare the motion with the audio of",
            on: path.string,
            because: "it is longer than \(Int(Self.mostSeconds / 60)) minutes",
            remedy: "Export a clip, and look for the objects in it."
        )
    }
}

extension MotionBox {
    /// - Parameter corners: left, top, right, bottom.
    fileprivate init(_ corners: [Double]) {
        self.init(left: corners[0], top: corners[1], right: corners[2], bottom: corners[3])
    }
}

extension SoundComparison {
    /// Why it is unsure which object moves with the audio; nil where it is sure.
    package var doubt: String? {
        guard best == nil else { return nil }
        let why =
            if matches.contains(where: { $0 != nil }) {
                "none of them follows it clearly more closely than chance, the others and the camera"
            } else if onsets.isEmpty {
                "nothing in it begins to sound"
            } else if onsets.count == 1 {
                "it has a single onset"
            } else {
                "they are seen too briefly"
            }
        return "Which object moves with the audio is unsure: \(why)."
    }
}
