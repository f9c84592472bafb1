import Diagnostics

/// The texts in which ffprobe gives numbers.
extension ProbeReport {
    static func seconds(_ text: String?) -> Double? {
        duration(text.flatMap { Double($0) })
    }

    /// Durations beyond all reason are unknown ones.
    static func duration(_ value: Double?) -> Double? {
        guard let value, value > 0, value <= MediaLimits.seconds else { return nil }
        return value
    }

    static func fraction(_ text: String?) -> Rational? {
        guard let value = text.flatMap({ Rational($0) }), MediaLimits.allows(value) else {
            return nil
        }
        return value
    }

    /// A frame rate. One frame in every tick of a fine time base is what ffprobe gives where it
    /// knows nothing.
    static func rate(_ text: String?, _ timeBase: Rational?) -> Rational? {
        guard let rate = fraction(text) else { return nil }
        let ticks = timeBase.map { 1 / (rate.value * $0.value) } ?? 2
        return rate.value > 240 && ticks < 1.5 ? nil : rate
    }

    /// Matroska's tag: "00:00:09.643000000".
    static func clock(_ text: String?) -> Double? {
        let parts = parts(text).map { Double($0) }
        guard parts.count == 3, let hours = parts[0], let minutes = parts[1],
            let rest = parts[2]
        else { return nil }
        return duration(hours * 3600 + minutes * 60 + rest)
    }

    /// What colons separate.
    static func parts(_ text: String?) -> [Substring] {
        (text ?? "").split(exactly: ":")
    }

    static func sampleRate(_ stream: Stream) -> Int? {
        stream.sampleRate.flatMap { Int($0) }.flatMap { (1...10_000_000).contains($0) ? $0 : nil }
    }

    static func aspect(_ text: String?) -> Rational {
        let parts = parts(text).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1] else {
            return .one
        }
        guard let aspect = Rational(width, height), MediaLimits.allows(aspect) else { return .one }
        return aspect
    }

    /// ffprobe's "-1.400000" in microseconds.
    static func microseconds(_ text: String?) -> Int? {
        guard let value = text.flatMap({ Double($0) }), abs(value) <= MediaLimits.seconds else {
            return nil
        }
        return Int((value * 1e6).rounded())
    }
}
