import ArgumentParser
import ClipExport
import ClipFinding
import SoundSignals

/// What clips have to be like.
struct FindLimits: ParsableArguments {
    @Option(help: ArgumentHelp("Length of a clip.", valueName: "seconds"))
    var duration: Seconds = Seconds(nanoseconds: 8_000_000_000)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Drop clips that are quieter than this level, in dBFS, for more than this share: "
                + "-60:0.8 is HunyuanVideo-Foley's share; -35:0.9 is Sphere360's limit.",
            valueName: "level:share"
        )
    )
    var silence = SilenceOption(level: -60, share: 0.8)

    @Option(
        help: ArgumentHelp(
            "Least bandwidth of the recording, such as 16k; 0 for any. 14.4k is what coding leaves "
                + "of HunyuanVideo-Foley's 16 kHz.",
            valueName: "frequency"
        )
    )
    var bandwidth = FrequencyOption(hertz: 14_400)

    @Option(help: ArgumentHelp("Fewest sounds that begin in a clip.", valueName: "count"))
    var minOnsets = 0

    @Option(
        help: ArgumentHelp(
            "Drop clips of which a larger share stands still (Sphere360).",
            valueName: "share"
        )
    )
    var still = 0.85

    @Option(
        help: ArgumentHelp(
            "Time between the starts of two clips. (default: the length of a clip)",
            valueName: "seconds"
        )
    )
    var spacing: Seconds?

    @Option(help: ArgumentHelp("Offer at most so many clips. (default: all)", valueName: "count"))
    var top: Int?

    func validate() throws {
        try (Double(duration.nanoseconds) / 1e9).checked(in: 0.1...3600, named: "--duration")
        try minOnsets.checked(in: 0...100_000, named: "--min-onsets")
        try still.checked(in: 0...1, named: "--still")
        try top?.checked(in: 1...10_000_000, named: "--top")
        if let spacing, spacing.nanoseconds < 100_000_000 {
            throw ValidationError("--spacing must be at least 0.1.")
        }
    }

    /// The limits, with those of speech and music.
    func settings(_ content: SoundContentOptions) -> FindSettings {
        var settings = FindSettings()
        settings.speech = content.speech ?? .keep
        settings.music = content.music ?? .keep
        settings.duration = Double(duration.nanoseconds) / 1e9
        settings.silence = SilenceLimit(level: silence.level, share: silence.share)
        settings.bandwidth = bandwidth.hertz
        settings.onsets = minOnsets
        settings.still = still
        settings.spacing = spacing.map { Double($0.nanoseconds) / 1e9 }
        settings.top = top
        return settings
    }
}

/// `LEVEL:SHARE`, such as -35:0.9.
struct SilenceOption: ExpressibleByArgument, Equatable {
    let level: Double
    let share: Double

    init(level: Double, share: Double) { (self.level, self.share) = (level, share) }

    init?(argument: String) {
        let parts = argument.split(exactly: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let level = Double(parts[0]),
            (-120...0).contains(level)
        else { return nil }
        guard let share = parts.count == 2 ? Double(parts[1]) : 0.8, (0...1).contains(share) else {
            return nil
        }
        self.init(level: level, share: share)
    }

    var defaultValueDescription: String { "-60:0.8" }
}

/// A frequency in Hz, or in kHz with a `k`.
struct FrequencyOption: ExpressibleByArgument, Equatable {
    let hertz: Double

    init(hertz: Double) { self.hertz = hertz }

    init?(argument: String) {
        let text = argument.lowercased()
        let kilo = text.removing(suffix: "khz") ?? text.removing(suffix: "k")
        let plain = kilo ?? text.removing(suffix: "hz") ?? text[...]
        guard let number = Double(plain.trimmed) else { return nil }
        let hertz = number * (kilo == nil ? 1 : 1000)
        guard (0...400_000).contains(hertz) else { return nil }
        self.init(hertz: hertz)
    }

    var defaultValueDescription: String { "14.4k" }
}
