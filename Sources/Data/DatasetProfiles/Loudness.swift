import Glibc

/// How loud audio is: its largest absolute samples, where full scale is 1.
package struct Loudness: Sendable, Equatable {
    /// Of all channels.
    package let peak: Double
    /// Of all channels mixed to one.
    package let mixedPeak: Double

    package init(peak: Double, mixedPeak: Double) {
        self.peak = peak
        self.mixedPeak = mixedPeak
    }

    /// - Parameters:
    ///   - level: of all channels, in dBFS.
    ///   - mixedLevel: of all channels mixed to one, in dBFS.
    package init(level: Double, mixedLevel: Double) {
        self.init(peak: pow(10, level / 20), mixedPeak: pow(10, mixedLevel / 20))
    }

    /// Whether the channels cancel each other where they are mixed.
    package var cancels: Bool { Self.isLost(20 * log10(mixedPeak), of: 20 * log10(peak)) }

    /// The peak level below which audio counts as silent, in dBFS.
    package static let silence = -60.0
    /// How much lower the peak level of mixed channels is, in dB, where they cancel each other.
    /// Channels that have nothing in common lose 6.
    private static let cancellation = 20.0

    /// Whether nothing is left of channels that are mixed, or nearly so. Levels are in dBFS.
    package static func isLost(_ mixed: Double, of level: Double) -> Bool {
        level >= silence && (mixed < silence || mixed < level - cancellation)
    }
}
