import ClipFinding
import Diagnostics
import Localization
import SoundSignals

/// A signal of clips whose limit a person can move.
package enum FindSignal: Int, Sendable, CaseIterable {
    /// Of the audio; what is below the limit is silent.
    case level
    /// The silent share of a clip.
    case silence
    /// How many sounds begin in a clip.
    case onsets
    /// The share of still frames.
    case still
    /// The share of black frames.
    case black
    /// Of the recording.
    case bandwidth

    /// The signal as it is measured.
    var measured: Candidate.Signal {
        switch self {
        case .level: .level
        case .silence: .silence
        case .onsets: .onsets
        case .still: .still
        case .black: .black
        case .bandwidth: .bandwidth
        }
    }

    /// The limits that can be set, which is also what its curve shows.
    package var range: ClosedRange<Double> {
        switch self {
        case .level: -90...0
        case .silence, .still, .black: 0...1
        case .onsets: 0...40
        case .bandwidth: 0...24_000
        }
    }

    /// From one limit to the next.
    package var step: Double {
        switch self {
        case .level, .onsets: 1
        case .silence, .still, .black: 0.05
        case .bandwidth: 200
        }
    }

    /// Whether what is above the limit is dropped, and not what is below.
    package var dropsAbove: Bool {
        switch self {
        case .silence, .still, .black: true
        case .level, .onsets, .bandwidth: false
        }
    }

    /// The limit.
    package func limit(in settings: FindSettings) -> Double {
        switch self {
        case .level: settings.silence.level
        case .silence: settings.silence.share
        case .onsets: Double(settings.onsets)
        case .still: settings.still
        case .black: settings.black
        case .bandwidth: settings.bandwidth
        }
    }

    /// Sets the limit to the nearest that there is.
    package func set(_ limit: Double, in settings: inout FindSettings) {
        let steps = (limit / step).rounded()
        // A step is no binary fraction: 3 · 0.05 would not be 0.15.
        let nearest = step < 1 ? steps / (1 / step).rounded() : steps * step
        let limit = bounded(nearest, range)
        switch self {
        case .level:
            settings.silence = SilenceLimit(level: limit, share: settings.silence.share)
        case .silence:
            settings.silence = SilenceLimit(level: settings.silence.level, share: limit)
        case .onsets: settings.onsets = Int(limit)
        case .still: settings.still = limit
        case .black: settings.black = limit
        case .bandwidth: settings.bandwidth = limit
        }
    }

    package var name: String {
        switch self {
        case .level: localized("Level")
        case .silence: localized("Silence")
        case .onsets: localized("Onsets")
        case .still: localized("Stillness")
        case .black: localized("Black")
        case .bandwidth: localized("Bandwidth")
        }
    }

    /// A value with its unit.
    package func text(_ value: Double) -> String {
        switch self {
        case .level: localized("%1 dBFS", Self.whole(value))
        case .silence, .still, .black: localized("%1 %", Self.whole(value * 100))
        case .onsets: Self.whole(value)
        case .bandwidth:
            localized("%1 kHz", ReviewModel.number(bounded(value / 1000, 0...100)))
        }
    }

    /// What the limit does.
    package func meaning(_ limit: Double) -> String {
        let value = text(limit)
        switch self {
        case .level: return localized("Audio below %1 is silent", value)
        case .silence: return localized("Clips of which more than %1 is silent are dropped", value)
        case .onsets:
            return localized("Clips in which fewer than %1 sounds begin are dropped", value)
        case .still: return localized("Clips of which more than %1 stands still are dropped", value)
        case .black: return localized("Clips of which more than %1 is black are dropped", value)
        case .bandwidth:
            return localized("Clips of recordings with a bandwidth below %1 are dropped", value)
        }
    }

    private static func whole(_ value: Double) -> String {
        let number = Int(bounded(value, -1e6...1e6).rounded())
        return number < 0 ? "−\(-number)" : "\(number)"
    }
}
