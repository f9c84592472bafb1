/// Figures in the columns of a report.
enum FigureText {
    /// What both engines took, as a table.
    ///
    /// - Parameters:
    ///   - native: the native engine's.
    ///   - reference: the reference's.
    ///   - name: what an engine gives first, in up to 14 characters.
    /// - Returns: its lines.
    static func costs(
        _ native: EngineTiming,
        _ reference: EngineTiming,
        first name: String
    ) -> [String] {
        let rows: [(String, Double, Double, (Double) -> String)] = [
            (name, native.secondsToFirstMask, reference.secondsToFirstMask, seconds),
            ("a frame", native.secondsPerFrame, reference.secondsPerFrame, seconds),
            ("peak memory", Double(native.peakMemory), Double(reference.peakMemory), mebibytes),
        ]
        let title = pad("", 15) + pad("native", 10) + pad("reference", 11) + "  native/reference"
        return [title]
            + rows.map { name, ours, theirs, text in
                let ratio = theirs > 0 ? fixed(ours / theirs, 2) : "-"
                let label = name + String(repeating: " ", count: max(0, 15 - name.count))
                return label + pad(text(ours), 10) + pad(text(theirs), 11) + "  " + ratio
            }
    }

    private static func seconds(_ value: Double) -> String { fixed(value, 2) + " s" }

    private static func mebibytes(_ value: Double) -> String {
        fixed(value / 1_048_576, 0) + " MiB"
    }

    /// A number with so many digits behind the point.
    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { product, _ in product * 10 }
        guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
        let number = Int((value * Double(scale)).rounded())
        let (whole, rest) = abs(number).quotientAndRemainder(dividingBy: scale)
        let sign = number < 0 ? "-" : ""
        guard places > 0 else { return sign + "\(whole)" }
        let digits = String(rest)
        return sign + "\(whole)." + String(repeating: "0", count: places - digits.count) + digits
    }

    /// A small number as "1.2e-5".
    static func scientific(_ value: Double) -> String {
        guard value > 0, value.isFinite else { return value == 0 ? "0" : "\(value)" }
        var exponent = 0
        var mantissa = value
        while mantissa < 1 {
            mantissa *= 10
            exponent += 1
        }
        return fixed(mantissa, 1) + (exponent > 0 ? "e-\(exponent)" : "")
    }

    /// Spaces before a text, so that it ends its column.
    static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
