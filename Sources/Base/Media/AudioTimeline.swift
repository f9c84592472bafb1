import Glibc

/// Puts decoded audio frames on one timeline with one sample rate, whatever changes between them.
///
/// Where the sample rate or the channels change, the new frames begin at their own time, to the
/// sample, and what is left of the old ones gives way; gaps are silent. Frames in between follow
/// each other without regard to small differences of their timestamps.
struct AudioTimeline {
    /// What is known about a frame before its channels are converted.
    struct Frame: Equatable {
        /// In samples of `rate`; nil for a frame without a time.
        var timestamp: Int?
        /// Samples per second.
        var rate: Int
        /// Samples per channel.
        let count: Int
        /// Channels and their layout: another one may be another recording.
        let layout: String

        /// Seconds.
        var time: Double? { timestamp.map { Double($0) / Double(rate) } }
    }

    private let rate: Int
    private let channels: Int
    /// Seconds that the container's timestamps may be off.
    private let jitter: Double
    /// Gaps within one form that are kept, in seconds: smaller ones are only jitter.
    private static let gap = 0.1
    /// Samples that are held back, for what gives way.
    private var held: Int { rate / 2 }

    /// The frame that was added last, whose rate may turn out to be another.
    private var pending: (frame: Frame, samples: [Float])?
    private var resampler: AudioResampler?
    /// The form of the frames, and the timestamp that follows them.
    private var form: (rate: Int, layout: String, next: Int)?
    /// Samples that are not given out yet.
    private var buffer: [Float] = []
    /// The place of the buffer's first sample.
    private var first: Int

    /// - Parameters:
    ///   - rate: samples per second of the timeline.
    ///   - channels: channels of all frames that are added.
    ///   - first: the place of the first sample that is given out.
    ///   - jitter: seconds that the container's timestamps may be off.
    init(rate: Int, channels: Int, first: Int, jitter: Double) {
        self.rate = rate
        self.channels = channels
        self.first = first
        self.jitter = jitter
    }

    /// Adds the next frame.
    ///
    /// - Parameters:
    ///   - frame: what is known about it.
    ///   - samples: `count` samples of all channels, one after the other, at the frame's own rate.
    /// - Returns: samples that are final.
    mutating func add(_ frame: Frame, _ samples: [Float]) -> [Float] {
        defer { pending = (frame, samples) }
        guard let last = pending else { return [] }
        place(Self.corrected(last.frame, before: frame), last.samples)
        return take(keeping: held)
    }

    /// - Returns: the last samples.
    mutating func finish() -> [Float] {
        if let pending { place(pending.frame, pending.samples) }
        pending = nil
        append(resampler?.finish() ?? [])
        resampler = nil
        return take(keeping: 0)
    }

    /// FFmpeg's decoder of MPEG audio gives the first frame after a change the rate of the frame
    /// before. Its time then continues only with the rate of the frame after it.
    private static func corrected(_ frame: Frame, before next: Frame) -> Frame {
        guard frame.rate != next.rate, let time = frame.time, let end = next.time,
            let timestamp = frame.timestamp
        else { return frame }
        func ends(_ start: Double, _ rate: Int) -> Bool {
            abs(start + Double(frame.count) / Double(rate) - end) < 0.0002
        }
        guard !ends(time, frame.rate) else { return frame }
        var corrected = frame
        corrected.rate = next.rate
        if ends(Double(timestamp) / Double(next.rate), next.rate) { return corrected }
        guard ends(time, next.rate) else { return frame }
        corrected.timestamp = Int((time * Double(next.rate)).rounded())
        return corrected
    }

    private mutating func place(_ frame: Frame, _ samples: [Float]) {
        let continues =
            form.map { form in
                form.rate == frame.rate && form.layout == frame.layout
                    && frame.timestamp.map {
                        abs(Double($0 - form.next)) / Double(frame.rate) <= Self.gap
                    } ?? true
            } ?? false
        if !continues { begin(frame) }
        append(resampler?.add(samples) ?? [])
        form?.next += frame.count
    }

    /// Ends what was before, and begins anew at the time of a frame.
    private mutating func begin(_ frame: Frame) {
        append(resampler?.finish() ?? [])
        let end = first + buffer.count / channels
        let place = (frame.time ?? Double(end) / Double(rate)) * Double(rate)
        let continues = form != nil && abs(place - Double(end)) <= jitter * Double(rate)
        let start = continues ? end : Int(place.rounded())
        form = (frame.rate, frame.layout, frame.timestamp ?? 0)
        resampler = AudioResampler(from: frame.rate, to: rate, channels: channels)
        if start >= end {
            buffer += [Float](repeating: 0, count: min(start - end, Self.longestGap) * channels)
        } else {
            buffer.removeLast(min(buffer.count, (end - start) * channels))
        }
        // Part of the new frames is too late.
        skipped = max(0, first - start)
    }

    /// Samples of the new frames that have no place any more.
    private var skipped = 0
    /// Samples of silence: times can be wrong by any amount.
    private static let longestGap = 1 << 24

    private mutating func append(_ samples: [Float]) {
        let late = min(skipped, samples.count / channels)
        skipped -= late
        buffer += samples[(late * channels)...]
    }

    private mutating func take(keeping kept: Int) -> [Float] {
        let count = buffer.count / channels - kept
        guard count > 0 else { return [] }
        let taken = Array(buffer[..<(count * channels)])
        buffer.removeFirst(count * channels)
        first += count
        return taken
    }
}

/// Changes the sample rate, with a windowed sinc filter.
struct AudioResampler {
    private let channels: Int
    private let isSame: Bool
    /// Input samples per output sample.
    private let step: Double
    /// Input samples on either side that an output sample is made of.
    private let reach: Int
    /// Share of the input's frequencies that is kept.
    private let cutoff: Double
    private var input: [Float] = []
    /// The place of the first sample of `input`.
    private var first = 0
    private var made = 0

    /// - Parameters:
    ///   - from: samples per second of the input.
    ///   - to: samples per second of the output.
    ///   - channels: samples of all channels come one after the other.
    init(from: Int, to: Int, channels: Int) {
        self.channels = channels
        isSame = from == to
        step = Double(from) / Double(to)
        cutoff = min(1, 1 / step) * 0.97
        reach = Int((24 / cutoff).rounded(.up))
    }

    /// Takes the next samples.
    ///
    /// - Returns: those that can be made by now.
    mutating func add(_ samples: [Float]) -> [Float] {
        guard !isSame else { return samples }
        input += samples
        return make(upTo: first + input.count / channels - reach)
    }

    /// - Returns: the last samples.
    mutating func finish() -> [Float] {
        isSame ? [] : make(upTo: first + input.count / channels)
    }

    private mutating func make(upTo end: Int) -> [Float] {
        var output: [Float] = []
        while true {
            let place = Double(made) * step
            guard place < Double(end) else { break }
            add(to: &output, at: place)
            made += 1
        }
        let unused = min(input.count / channels, Int(Double(made) * step) - reach - first)
        if unused > 0 {
            input.removeFirst(unused * channels)
            first += unused
        }
        return output
    }

    private func add(to output: inout [Float], at place: Double) {
        let (begin, end) = (Int(place.rounded(.down)) - reach + 1, Int(place) + reach)
        var sums = [Double](repeating: 0, count: channels)
        for index in max(begin, first)...min(max(end, first), first + input.count / channels - 1) {
            let weight = self.weight(Double(index) - place)
            for channel in 0..<channels {
                sums[channel] += weight * Double(input[(index - first) * channels + channel])
            }
        }
        output += sums.map { Float($0) }
    }

    private func weight(_ distance: Double) -> Double {
        let window = 0.5 + 0.5 * cos(Double.pi * distance / Double(reach))
        let angle = Double.pi * distance * cutoff
        return abs(angle) < 1e-9 ? cutoff : cutoff * sin(angle) / angle * window
    }
}
