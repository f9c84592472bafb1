import Media

/// The sound of a clip.
package struct AudioPlan: Sendable, Equatable {
    /// The stream that it is cut out of.
    package let stream: AudioStream
    /// Number of the first sample in the source's own count of samples.
    let firstSample: Int
    /// How many samples per channel the clip has.
    package let sampleCount: Int
    /// Samples per second of the clip.
    package let sampleRate: Int
    /// 1 or 2 where that was asked for or has to be; nil to leave the channels.
    let channels: Int?

    /// The rates that AAC knows.
    private static let aacRates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8000, 7350,
    ]

    /// The rate that a sound is written with.
    static func rate(_ wanted: Int, as audio: CutSettings.Audio) -> Int {
        guard audio == .aac, !aacRates.contains(wanted) else { return wanted }
        return aacRates.last { $0 > wanted } ?? aacRates[0]
    }

    /// How many channels are written, nil for as many as there are.
    static func channels(_ stream: AudioStream, _ settings: CutSettings) -> Int? {
        if let channels = settings.channels { return channels }
        switch stream.channels {
        case 1, 2: return stream.channels
        // Formats have names for these only.
        case 3...6, 8: return nil
        default: return 2
        }
    }
}
