import Diagnostics

/// Where a clip begins.
package enum ClipStart: Sendable, Equatable, Hashable {
    /// Nanoseconds from the start of the file.
    case time(nanoseconds: Int)
    /// The number of a frame, counted from 0 in presentation order.
    case frame(Int)

    /// The longest time, ten thousand hours: no product of it and a rate overflows.
    private static let most = 36_000_000 * 1_000_000_000

    /// Reads `12.5` (seconds), `1:02:03.456`, `2:03` or `@300` (a frame); nil for anything else.
    package init?(_ text: String) {
        if let digits = text.removing(prefix: "@") {
            guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(digits), number < 1_000_000_000
            else { return nil }
            self = .frame(number)
            return
        }
        guard let nanoseconds = Self.nanoseconds(text) else { return nil }
        self = .time(nanoseconds: nanoseconds)
    }

    /// Reads seconds, minutes and seconds, or hours, minutes and seconds, with up to nine digits
    /// after the decimal point.
    package static func nanoseconds(_ text: String) -> Int? {
        let parts = text.split(exactly: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), let last = parts.last,
            let seconds = decimal(last)
        else { return nil }
        var whole = 0
        for (place, part) in parts.dropLast().enumerated() {
            guard let value = digits(part), place == 0 || value < 60, value < 1_000_000 else {
                return nil
            }
            whole = whole * 60 + value
        }
        guard parts.count == 1 || seconds < 60_000_000_000 else { return nil }
        let total = whole * 60 * 1_000_000_000 + seconds
        return total <= most ? total : nil
    }

    /// The time as people read it: `1:02:03.456`, with as many digits as it needs.
    package static func clock(nanoseconds: Int) -> String {
        let two = { (value: Int) in (value < 10 ? "0" : "") + "\(value)" }
        let seconds = nanoseconds / 1_000_000_000
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        let front =
            hours > 0
            ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
        return front + fraction(nanoseconds % 1_000_000_000)
    }

    /// The time in seconds: `3723.456`.
    package static func seconds(nanoseconds: Int) -> String {
        "\(nanoseconds / 1_000_000_000)" + fraction(nanoseconds % 1_000_000_000)
    }

    private static func fraction(_ nanoseconds: Int) -> String {
        guard nanoseconds > 0 else { return "" }
        var digits = Array(String(nanoseconds + 1_000_000_000).utf8.dropFirst())
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return "." + String(decoding: digits, as: UTF8.self)
    }

    private static func decimal(_ text: Substring) -> Int? {
        let parts = text.split(exactly: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = digits(parts[0]), whole < 36_000_001 else {
            return nil
        }
        guard parts.count == 2 else { return whole * 1_000_000_000 }
        guard parts[1].utf8.count <= 9, let rest = digits(parts[1]) else { return nil }
        let scale = (parts[1].utf8.count..<9).reduce(1) { value, _ in value * 10 }
        return whole * 1_000_000_000 + rest * scale
    }

    private static func digits(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}

extension ClipStart: CustomStringConvertible {
    /// In the form that `init` reads.
    package var description: String {
        switch self {
        case .time(let nanoseconds): Self.seconds(nanoseconds: nanoseconds)
        case .frame(let number): "@\(number)"
        }
    }
}
