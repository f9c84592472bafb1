import Diagnostics
import VideoScanning

/// What a search found, in words.
package struct FoundSummary: Sendable {
    private let result: ClipSearch.Result
    private let video: ScannedVideo
    private let settings: FindSettings

    package init(
        _ result: ClipSearch.Result,
        in video: ScannedVideo,
        _ settings: FindSettings
    ) {
        (self.result, self.video, self.settings) = (result, video, settings)
    }

    /// "12 found", or "0 found" and what misses the limits by least.
    package var text: String {
        let hint = result.candidates.isEmpty && miss == nil ? " (--dry-run)" : ""
        return message.english + hint
    }

    /// The same, to be translated.
    package var message: MessageText {
        let count = result.candidates.count
        guard count == 0 else {
            guard result.surplus > 0 else { return "\(count) found" }
            return "\(count) found, \(result.surplus) more left out"
        }
        let reason = miss ?? "each place misses one limit or another"
        return "0 found; \(reason)"
    }

    /// The first filter that drops every place, and the place that it drops last.
    private var miss: MessageText? {
        guard result.places > 0 else { return "the video has no frames" }
        guard
            let filter = ClipSearch.Filter.allCases.first(where: {
                result.dropped[$0] ?? 0 == result.places
            })
        else {
            // Those in long shots only.
            let places = result.places - (result.dropped[.shot] ?? 0)
            let filter = ClipSearch.Filter.allCases.first {
                $0 != .shot && result.dropped[$0] == places
            }
            return filter.map { "\(reason($0)), in shots that are long enough" }
        }
        return reason(filter)
    }

    private func reason(_ filter: ClipSearch.Filter) -> MessageText {
        let value = result.nearest[filter] ?? 0
        func percent(_ share: Double) -> Int { Int((share * 100).rounded()) }
        switch filter {
        case .shot: return "the longest shot lasts \(Rounded.value(value)) s"
        case .silence: return silence
        case .bandwidth: return "the largest bandwidth is \(Rounded.value(value / 1000)) kHz"
        case .onsets:
            return value == 0
                ? "no sound begins in it" : "at most \(Int(value)) sounds begin in a clip"
        case .still: return "at best \(percent(-value)) % of a clip's frames are still"
        case .black: return "at best \(percent(-value)) % of a clip's frames are black"
        case .speech:
            return settings.speech == .drop ? "there is speech everywhere" : "there is no speech"
        case .music:
            return settings.music == .drop ? "there is music everywhere" : "there is no music"
        case .exported: return "all clips are in the library"
        case .rejected: return "all clips were rejected"
        case .kept: return "all clips were kept"
        }
    }

    private var silence: MessageText {
        let loudest = video.measures.sound?.whole.loudestSecond(of: .all)?.level
        let level = loudest.map { Int($0.rounded()) } ?? -120
        return level <= -120
            ? "all is silent" : "the loudest second is −\(abs(level)) dBFS"
    }

    /// What each filter drops, as rows of a table: its name, and the share of the places.
    package var dropped: [(filter: String, share: Double)] {
        ClipSearch.Filter.allCases.compactMap { filter in
            guard let count = result.dropped[filter], result.places > 0 else { return nil }
            return (filter.rawValue, Double(count) / Double(result.places))
        }
    }

    /// The share of the places that pass all filters.
    package var passed: Double {
        result.places > 0 ? Double(result.passed) / Double(result.places) : 0
    }
}
