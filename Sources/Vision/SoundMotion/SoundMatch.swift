/// How well a candidate's motion follows the onsets of the audio.
package struct SoundMatch: Sendable, Equatable {
    /// The largest correlation over all lags, -1…1.
    package let correlation: Double
    /// The lag of it, in frames: how much later the audio is than the motion.
    package let lag: Int
    /// How likely any of the candidates matches as well by chance, 0…1.
    package let p: Double

    package init(correlation: Double, lag: Int, p: Double) {
        (self.correlation, self.lag, self.p) = (correlation, lag, p)
    }
}

/// Which of some candidates moves in time with the audio.
package struct SoundComparison: Sendable, Equatable {
    /// A match for each candidate, in their order; nil for one that is there on too few frames, and
    /// for all of them where there is nothing to compare: silence, fewer than two onsets, or a short
    /// clip.
    package let matches: [SoundMatch?]
    /// The candidate that moves with the audio, as an index; nil if that is unsure.
    package let best: Int?
    /// When sounds begin, in seconds.
    package let onsets: [Double]

    /// The audio may be so many frames early or late.
    private static let lags = 3
    /// A candidate is the one that moves with the audio only below this `p`, …
    package static let mostChance = 0.05
    /// … and if neither another one nor the camera correlates nearly as well.
    package static let leastMargin = 0.15
    package static let leastOnsets = 2
    /// With fewer frames there are too few shifts to know what happens by chance.
    private static let leastFrames = 48
    /// A candidate has to be there on so many frames.
    private static let leastSightings = 24
    /// More shifts say no more.
    private static let mostShifts = 2000

    /// Compares motion with audio.
    ///
    /// The correlations are those of the whitened series. What is likely by chance is seen by
    /// shifting the audio in a circle: `p` is the part of the shifts at which any candidate, at any
    /// lag, correlates as well, so that it does not depend on how many candidates there are
    /// (Westfall, Young: "Resampling-Based Multiple Testing", 1993).
    ///
    /// - Parameters:
    ///   - motion: of the candidates.
    ///   - audio: the onsets of the whole audio.
    ///   - times: when frames are shown, in seconds, ascending.
    package init(_ motion: RegionMotion, _ audio: OnsetStrength, at times: [Double]) {
        onsets = audio.onsets.filter { onset in
            times.first.map { onset >= $0 } ?? false && times.last.map { onset <= $0 } ?? false
        }
        let tracks = motion.values.map { Track($0) }
        let known = tracks.filter { $0.count >= Self.leastSightings }
        guard times.count >= Self.leastFrames, onsets.count >= Self.leastOnsets, !known.isEmpty
        else {
            (matches, best) = (tracks.map { _ in nil }, nil)
            return
        }
        let strength = Series.whitened(audio.sums(at: times))
        let chance = Self.chance(known, strength)
        matches = tracks.map { track in
            guard track.count >= Self.leastSightings else { return nil }
            let (correlation, lag) = track.best(strength, Self.lags)
            let asGood = chance.count { $0 >= correlation }
            let p = Double(1 + asGood) / Double(1 + chance.count)
            return SoundMatch(correlation: correlation, lag: lag, p: p)
        }
        best = Self.best(
            matches,
            camera: Track(motion.camera).best(strength, Self.lags).correlation
        )
    }

    /// What can be said of audio in which nothing, or one sound, begins: nothing.
    ///
    /// - Parameters:
    ///   - count: how many candidates there are.
    ///   - audio: the onsets of the whole audio.
    package init(nothingFor count: Int, _ audio: OnsetStrength) {
        matches = Array(repeating: nil, count: count)
        best = nil
        onsets = audio.onsets
    }

    private static func best(_ matches: [SoundMatch?], camera: Double) -> Int? {
        let known = matches.enumerated().compactMap { index, match in match.map { (index, $0) } }
            .sorted { $0.1.correlation > $1.1.correlation }
        guard let (index, first) = known.first, first.p < mostChance else { return nil }
        let second = known.dropFirst().first.map { $0.1.correlation } ?? 0
        return first.correlation - max(0, second, camera) > leastMargin ? index : nil
    }

    /// For each shift the largest correlation of any candidate at any lag.
    private static func chance(_ tracks: [Track], _ strength: [Double]) -> [Double] {
        // So that no lag of a shift is one of those without.
        let shifts = 2 * lags + 1...strength.count - 2 * lags - 1
        let step = max(1, shifts.count / mostShifts)
        return stride(from: shifts.lowerBound, through: shifts.upperBound, by: step).map { shift in
            tracks.reduce(-1) { most, track in
                (-lags...lags).reduce(most) { max($0, track.correlation(strength, shift + $1)) }
            }
        }
    }
}

/// The motion of one candidate, over the frames on which it is there.
private struct Track {
    private let frames: [Int]
    private let values: [Double]

    init(_ motion: [Double?]) {
        frames = motion.indices.filter { motion[$0] != nil }
        let known = motion.compactMap(\.self)
        values = known.isEmpty ? [] : Series.whitened(known)
    }

    /// On how many frames it is there.
    var count: Int { frames.count }

    /// The largest correlation with another series, and the lag of it.
    func best(_ others: [Double], _ lags: Int) -> (correlation: Double, lag: Int) {
        var best = (correlation: correlation(others, 0), lag: 0)
        for lag in -lags...lags {
            let correlation = correlation(others, lag)
            if correlation > best.correlation { best = (correlation, lag) }
        }
        return best
    }

    /// The correlation with another series, shifted in a circle.
    func correlation(_ others: [Double], _ shift: Int) -> Double {
        var (sum, mean, square) = (0.0, 0.0, 0.0)
        for (frame, value) in zip(frames, values) {
            var place = (frame + shift) % others.count
            if place < 0 { place += others.count }
            let other = others[place]
            sum += value * other
            mean += other
            square += other * other
        }
        let count = Double(frames.count)
        let variance = square - mean * mean / count
        // The values have mean 0 and mean square 1.
        return variance > 0 ? sum / (variance * count).squareRoot() : 0
    }
}
