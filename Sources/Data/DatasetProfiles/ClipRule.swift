import Media

/// What a consumer needs of a clip.
///
/// In a clip for a consumer, the last frame begins when the length is over, or later. Loaders take
/// frames at times such as k / 25 s up to the last one that they know, and many do not know how
/// long the last frame is shown: FFmpeg before 6.1 does not tell its `fps` filter.
package struct ClipRule: Sendable, Equatable {
    /// Length in seconds; nil for every length.
    package let duration: Rational?
    /// Whether another length and another frame rate are allowed, and a bucket.
    package let isFree: Bool
    /// Whether a clip without audio is rejected.
    package let needsAudio: Bool
    /// Whether a clip of silence is rejected.
    package let needsSound: Bool
    /// The frame count that a clip has at least.
    package let leastFrames: Int
    /// How long a clip and its audio are at least, in seconds; nil for every length.
    package let shortest: Rational?
    /// How long a clip is at most, in seconds; nil for every length.
    package let longest: Rational?
    /// Frame rate in fps; nil for that of the source.
    package let frameRate: Rational?
    /// Sample rate in Hz; nil for that of the source.
    package let sampleRate: Int?
    /// The frame count is one more than a multiple of this; 1 for any count.
    package let frameStep: Int
    /// Both sides are multiples of this.
    package let sideMultiple: Int
    /// How many channels the audio has at most; nil for any number.
    package let mostChannels: Int?
    /// Whether the consumer mixes the audio's channels to one.
    package let mixesToMono: Bool
    /// Whether its loader converts frames and samples to its rates: clips of other rates do then.
    package let isResampled: Bool
    /// Whether the last frame must be the one that begins at the length.
    package let isExact: Bool

    init(
        _ duration: (Int, Int)? = nil,
        free: Bool = false,
        audio: Bool = true,
        sound: Bool = false,
        leastFrames: Int = 1,
        shortest: Int? = nil,
        longest: Int? = nil,
        frameRate: Int? = nil,
        sampleRate: Int? = nil,
        frameStep: Int = 1,
        sideMultiple: Int = 2,
        mostChannels: Int? = nil,
        mono: Bool = false,
        exact: Bool = false,
        resampled: Bool = false
    ) {
        self.duration = duration.flatMap { Rational($0.0, $0.1) }
        isFree = free
        needsAudio = audio
        needsSound = sound
        self.leastFrames = leastFrames
        self.shortest = shortest.map { Rational($0) }
        self.longest = longest.map { Rational($0) }
        self.frameRate = frameRate.map { Rational($0) }
        self.sampleRate = sampleRate
        self.frameStep = frameStep
        self.sideMultiple = sideMultiple
        self.mostChannels = mostChannels
        mixesToMono = mono
        isResampled = resampled
        isExact = exact
    }

    /// A clip of this many lengths is read wrongly: torchaudio's reader keeps three chunks, so that
    /// other seconds of the video are read than of the audio.
    private static let misreadLengths = 3

    /// The peak of audio that loaders take for silence: they divide by it.
    private static let silence = 1e-6

    /// Why the consumer would reject a clip, or misread it.
    ///
    /// - Parameter clip: what is known of its streams.
    /// - Returns: nothing for one that it loads.
    package func rejections(of clip: ClipFacts) -> [Rejection] {
        [frames(clip), samples(clip), rates(clip), size(clip)].flatMap(\.self)
    }

    private func frames(_ clip: ClipFacts) -> [Rejection] {
        if frameStep > 1, clip.frameCount % frameStep != 1 {
            let rule = "a frame count of \(frameStep) n + 1"
            return [Rejection(.frames, "it needs \(rule), and the clip has \(clip.frameCount)")]
        }
        guard clip.frameCount >= leastFrames else {
            let why = "it has \(clip.frameCount) frames, and \(leastFrames) are needed"
            return [Rejection(.frames, why)]
        }
        if let shortest, clip.duration < shortest.value {
            let needed = "\(seconds(shortest.value)) s are needed"
            return [Rejection(.frames, "it lasts \(seconds(clip.duration)) s, and \(needed)")]
        }
        if let longest, clip.duration > longest.value {
            let read = "only the first \(seconds(longest.value)) s of it are read"
            return [Rejection(.frames, "it lasts \(seconds(clip.duration)) s: \(read)")]
        }
        guard let duration, !isFree else { return [] }
        guard clip.lastFrame(isAtLeast: duration) else {
            return [
                Rejection(
                    .frames,
                    "its last frame begins at \(seconds(clip.lastFrame)) s, and the loader looks "
                        + "for one at \(seconds(duration.value)) s"
                )
            ]
        }
        if let count = exactFrameCount, clip.frameCount != count {
            return [
                Rejection(.frames, "it needs \(count) frames, and the clip has \(clip.frameCount)")
            ]
        }
        guard clip.duration < duration.value * Double(Self.misreadLengths) else {
            return [
                Rejection(
                    .frames,
                    "it lasts \(seconds(clip.duration)) s: from \(Self.misreadLengths) times "
                        + "\(seconds(duration.value)) s on, the loader takes other seconds of the "
                        + "video than of the audio"
                )
            ]
        }
        return []
    }

    /// Whether it matters how loud a clip is.
    package var needsLoudness: Bool { needsSound || mixesToMono }

    /// Why the consumer would reject a clip for how loud it is, or hear nothing of it.
    ///
    /// - Parameter loudness: of the clip; nil for unknown.
    /// - Returns: nil for one that is loud enough.
    package func rejection(of loudness: Loudness?) -> Rejection? {
        guard let loudness else { return nil }
        if needsSound, loudness.peak <= Self.silence {
            return Rejection(.samples, "its audio is silent")
        }
        guard mixesToMono, loudness.cancels else { return nil }
        let why =
            "its channels cancel each other: little is left where the loader mixes them to one"
        return Rejection(.samples, why)
    }

    /// Why the consumer would reject a clip for the number of its channels.
    ///
    /// - Parameter channels: nil for unknown.
    /// - Returns: nil where there are not too many.
    package func rejection(ofChannels channels: Int?) -> Rejection? {
        guard let mostChannels, let channels, channels > mostChannels else { return nil }
        let why =
            "its audio has \(channels) channels, and the loader has memory for \(mostChannels)"
        return Rejection(.samples, why)
    }

    private func samples(_ clip: ClipFacts) -> [Rejection] {
        guard needsAudio else { return [] }
        guard let audio = clip.audio else {
            return [Rejection(.samples, "it has no audio")]
        }
        if let rejection = rejection(of: audio.loudness) { return [rejection] }
        if let rejection = rejection(ofChannels: audio.channels) { return [rejection] }
        guard let duration = isFree ? shortest : duration ?? shortest else { return [] }
        guard audio.lasts(atLeast: duration) else {
            let wanted = seconds(duration.value)
            return [
                Rejection(
                    .samples,
                    "its audio lasts \(seconds(audio.duration)) s, and the loader needs \(wanted) s"
                )
            ]
        }
        return []
    }

    private func rates(_ clip: ClipFacts) -> [Rejection] {
        guard !isResampled, let frameRate, clip.frameRate != frameRate else { return [] }
        return [
            Rejection(.rate, "it needs \(frameRate) fps, and the clip has \(clip.frameRate)")
        ]
    }

    private func size(_ clip: ClipFacts) -> [Rejection] {
        guard clip.width % sideMultiple != 0 || clip.height % sideMultiple != 0 else { return [] }
        return [
            Rejection(
                .size,
                "both sides must be multiples of \(sideMultiple), and the clip has "
                    + "\(clip.width)x\(clip.height)"
            )
        ]
    }

    /// Seconds to a thousandth.
    private func seconds(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

    /// The only frame count that is taken: the least whose last frame begins at the length or later.
    /// Nil where more frames do.
    package var exactFrameCount: Int? {
        guard isExact, let frameRate, let duration else { return nil }
        let unit = Int128(duration.denominator) * Int128(frameRate.denominator)
        let steps = Int128(duration.numerator) * Int128(frameRate.numerator)
        let last = Int(clamping: (steps + unit - 1) / unit)
        return (last + frameStep - 1) / frameStep * frameStep + 1
    }

    // MARK: - Frame counts and buckets

    /// How many frames a clip gets that is cut again, at the rule's frame rate: as many as it shows,
    /// or a few more to reach a count that the consumer takes, or else less.
    ///
    /// - Parameter clip: what the clip has.
    /// - Returns: at least 1.
    package func frameCount(of clip: ClipFacts) -> Int {
        let (rate, own) = (frameRate ?? clip.frameRate, clip.frameRate)
        let all = Int128(clip.frameCount) * Int128(own.denominator) * Int128(rate.numerator)
        let unit = Int128(own.numerator) * Int128(rate.denominator)
        let shown = max(1, Int(clamping: (all + unit - 1) / unit))
        let missing = (frameStep - (shown - 1) % frameStep) % frameStep
        return missing <= Self.heldMasks ? shown + missing : shown + missing - frameStep
    }

    /// The last mask of a clip can stand for so many frames more.
    package static let heldMasks = 2

    /// Whether all clips can be of one bucket.
    package var takesBuckets: Bool { frameStep > 1 }

    /// Why a clip is not of a bucket.
    package func rejections(of clip: ClipFacts, in bucket: Bucket) -> [Rejection] {
        var rejections: [Rejection] = []
        if clip.frameCount != bucket.frameCount {
            let count = clip.frameCount
            rejections.append(
                Rejection(.frames, "the bucket is \(bucket), and the clip has \(count) frames")
            )
        }
        if clip.width != bucket.width || clip.height != bucket.height {
            let size = "\(clip.width)x\(clip.height)"
            rejections.append(Rejection(.size, "the bucket is \(bucket), and the clip has \(size)"))
        }
        return rejections
    }
}
