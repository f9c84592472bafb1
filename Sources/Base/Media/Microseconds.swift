/// Times in microseconds, as ffmpeg takes them.
package enum Microseconds {
    /// "12.345678".
    package static func text(_ value: Int) -> String {
        let digits = String(value.magnitude % 1_000_000)
        let zeros = String(repeating: "0", count: 6 - digits.count)
        return (value < 0 ? "-" : "") + "\(value.magnitude / 1_000_000)." + zeros + digits
    }
}
