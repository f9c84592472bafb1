/// Times as the window shows them.
package enum TimeText {
    /// "1:02:03.456", or "2:03.456" within the first hour.
    package static func exact(_ seconds: Double) -> String {
        let milliseconds = Int((max(0, seconds) * 1000).rounded())
        return whole(milliseconds / 1000) + "." + padded(milliseconds % 1000, 3)
    }

    /// "1:02:03", or "2:03" within the first hour.
    package static func whole(_ seconds: Int) -> String {
        let minutes = padded(seconds / 60 % 60, seconds >= 3600 ? 2 : 1)
        let hours = seconds >= 3600 ? "\(seconds / 3600):" : ""
        return hours + minutes + ":" + padded(seconds % 60, 2)
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
