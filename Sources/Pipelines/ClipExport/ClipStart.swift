import Diagnostics

/// Where a clip begins.
package enum ClipStart: Sendable, Equatable, Hashable {
    /// Nanoseconds from the start of the file.
    case time(nanoseconds: Int)
    /// The number of a frame, counted from 0 in presentation order.
    case frame(Int)
    /// A time code that counts frames, at the video's own rate.
    case timecode(Timecode)

    /// Why a text is no start, as a clause.
    package struct Fault: Error, Sendable, Equatable {
        package let why: String
    }

    /// Reads `12.5` (seconds), `1:02:03.456`, `2:03`, `@300` (a frame), `1:02:03:12` (a time code),
    /// and what `nanoseconds` reads; nil for anything else.
    package init?(_ text: String) {
        guard let start = try? ClipStart(parsing: text) else { return nil }
        self = start
    }

    /// The same, for messages.
    ///
    /// - Throws: `Fault`.
    package init(parsing text: String) throws(Fault) {
        let text = String(text.trimmed)
        if let digits = text.removing(prefix: "@") {
            guard let number = TimeText.digits(digits), number < 1_000_000_000 else {
                throw Fault(why: "\(quoted(text)) is no frame number, such as @300")
            }
            self = .frame(number)
        } else if text.unicodeScalars.contains(";") {
            throw Fault(
                why: "\(quoted(text)) is a drop-frame time code, which leaves numbers out; "
                    + "write h:m:s:frame without drops, seconds, or @frame"
            )
        } else if let code = Timecode(text) {
            self = .timecode(code)
        } else if let nanoseconds = Self.nanoseconds(text) {
            self = .time(nanoseconds: nanoseconds)
        } else {
            throw Fault(
                why: "\(quoted(text)) is no start, such as 62.5, 1:02.5, 1:02:03:12 or @300"
            )
        }
    }

    /// Reads a length of time: seconds, minutes and seconds, or hours, minutes and seconds, with a
    /// decimal point or comma (`62.5`, `1:02,5`, `.5`), or with units (`1m2.5s`, `500 ms`). Of more
    /// than nine decimals, as JSON has them, the rest is rounded.
    package static func nanoseconds(_ text: String) -> Int? { TimeText.nanoseconds(text) }

    /// The time as people read it: `1:02:03.456`, with as many digits as it needs.
    package static func clock(nanoseconds: Int) -> String {
        clock(seconds: nanoseconds / 1_000_000_000) + fraction(nanoseconds % 1_000_000_000)
    }

    fileprivate static func clock(seconds: Int) -> String {
        let two = { (value: Int) in (value < 10 ? "0" : "") + "\(value)" }
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        return hours > 0
            ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
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
}

extension ClipStart: CustomStringConvertible {
    /// In the form that `init` reads.
    package var description: String {
        switch self {
        case .time(let nanoseconds): Self.seconds(nanoseconds: nanoseconds)
        case .frame(let number): "@\(number)"
        case .timecode(let code): code.description
        }
    }
}

/// A non-drop time code, `h:m:s:frame`: frames are counted without gaps, so many to a second as
/// the rate rounded up has (SMPTE ST 12-1). At 29.97 fps it therefore falls behind the clock.
package struct Timecode: Sendable, Hashable, CustomStringConvertible {
    /// Hours, minutes and seconds, in seconds.
    package let seconds: Int
    /// The number of the frame within its second, from 0.
    package let frames: Int

    /// Reads four numbers; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(exactly: ":", omittingEmptySubsequences: false)
        let values = parts.compactMap(TimeText.digits)
        guard parts.count == 4, values.count == 4, values[0] < 10_000, values[1] < 60,
            values[2] < 60, values[3] < 1000
        else { return nil }
        seconds = values[0] * 3600 + values[1] * 60 + values[2]
        frames = values[3]
    }

    package var description: String {
        let zero = seconds < 3600 ? "0:" + (seconds < 600 ? "0" : "") : ""
        return zero + ClipStart.clock(seconds: seconds) + ":" + (frames < 10 ? "0" : "")
            + "\(frames)"
    }

    /// The time in the middle of the frame, from the start of the file: rounding of the file's
    /// timestamps cannot lead to the frame before.
    ///
    /// - Parameter rate: the video's own rate in fps.
    /// - Returns: nanoseconds; nil when the rate has no such frame in a second.
    package func nanoseconds(at rate: Double) -> Int? {
        guard rate.isFinite, rate >= 1, Double(frames) < (rate - 0.001).rounded(.up) else {
            return nil
        }
        let nominal = rate.rounded()
        // 23.976, 29.97 and so on count as 24, 30. A rate without time codes goes by the clock.
        let isCounted = abs(nominal / rate - 1) < 0.002
        let middle = Double(frames) + 0.5
        let time =
            isCounted
            ? (Double(seconds) * nominal + middle) / rate : Double(seconds) + middle / rate
        return Int((time * 1e9).rounded())
    }
}

/// Times as people, editors and subtitles write them.
enum TimeText {
    /// The longest time, ten thousand hours: no product of it and a rate overflows.
    private static let most = 36_000_000 * 1_000_000_000

    private static let units: [(name: String, nanoseconds: Int)] = [
        ("h", 3_600_000_000_000), ("min", 60_000_000_000), ("m", 60_000_000_000),
        ("sec", 1_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
    ]

    static func nanoseconds(_ text: String) -> Int? {
        let text = text.trimmed
        let total: Int?
        if text.unicodeScalars.contains(where: \.isUnitLetter) {
            total = withUnits(text)
        } else {
            total = clock(text)
        }
        return total.flatMap { $0 <= most ? $0 : nil }
    }

    /// Digits only, of an `Int`.
    static func digits(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    private static func clock(_ text: Substring) -> Int? {
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
        return whole * 60 * 1_000_000_000 + seconds
    }

    /// `1h2m3.5s`, `90 s`, `500ms`: each unit once, from the largest to the smallest.
    private static func withUnits(_ text: Substring) -> Int? {
        var (rest, total, smallest) = (text.unicodeScalars[...], 0, Int.max)
        while !rest.isEmpty {
            // All of these are views of scalars.
            let number = rest.prefix { $0.isDigit || $0.isDecimalSign }
            rest = rest[number.endIndex...].drop(while: \.isSpace)
            let name = rest.prefix(while: \.isUnitLetter)
            rest = rest[name.endIndex...].drop(while: \.isSpace)
            guard let value = decimal(Substring(number)),
                let unit = units.first(where: { $0.name.isExactly(Substring(name).lowercased()) }),
                unit.nanoseconds < smallest
            else { return nil }
            let (part, isTooLarge) = (value / 1000).multipliedReportingOverflow(
                by: unit.nanoseconds / 1_000_000
            )
            guard !isTooLarge, part <= most else { return nil }
            total += part
            smallest = unit.nanoseconds
        }
        return total
    }

    /// Nanoseconds of `12`, `12.5`, `12,5` or `.5`.
    private static func decimal(_ text: Substring) -> Int? {
        let parts = text.unicodeScalars
            .split(omittingEmptySubsequences: false, whereSeparator: \.isDecimalSign)
            .map { Substring($0) }
        guard (1...2).contains(parts.count) else { return nil }
        let hasWhole = !parts[0].isEmpty
        guard let whole = hasWhole ? digits(parts[0]) : parts.count == 2 ? 0 : nil,
            whole < 36_000_001
        else { return nil }
        guard parts.count == 2 else { return whole * 1_000_000_000 }
        guard (1...40).contains(parts[1].utf8.count), digits(parts[1].prefix(9)) != nil,
            parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        // Ten digits: the last one rounds.
        let padded = (parts[1].utf8.map { Int($0) - 0x30 } + [Int](repeating: 0, count: 10))
            .prefix(10)
        return whole * 1_000_000_000 + (padded.reduce(0) { $0 * 10 + $1 } + 5) / 10
    }
}

extension Unicode.Scalar {
    fileprivate var isUnitLetter: Bool { properties.isAlphabetic }
    fileprivate var isSpace: Bool { self == " " }
    fileprivate var isDecimalSign: Bool { self == "." || self == "," }
}
