import Diagnostics
import Files

/// Names of clips: `NAME_001`, or `NAME_001_0`, `NAME_001_1`, … for those that overlap.
package enum ClipName {
    /// The name without its ending.
    ///
    /// - Parameters:
    ///   - name: what the user has chosen.
    ///   - number: from 1.
    ///   - sibling: which of several overlapping clips; nil for a single one.
    /// - Returns: the name.
    package static func stem(_ name: String, _ number: Int, sibling: Int? = nil) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return name + "_" + padded + (sibling.map { "_\($0)" } ?? "")
    }

    /// The number of a clip of `name` that a file or folder belongs to: `dog_007.mp4`,
    /// `dog_007_masks`, `dog_007_2.mp4`; nil for others.
    package static func number(of file: String, name: String) -> Int? {
        guard file.hasPrefix(name + "_") else { return nil }
        let rest = file.dropFirst(name.count + 1)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard digits.count >= 3, digits.count <= 9 else { return nil }
        guard let next = rest.dropFirst(digits.count).first else { return Int(digits) }
        return next == "_" || next == "." ? Int(digits) : nil
    }

    /// Checks that a name is one of a file.
    ///
    /// - Throws: `EightCutError` when it is not.
    package static func check(_ name: String) throws {
        let why: String
        if name.isEmpty {
            why = "it is empty"
        } else if name.contains("/") || name.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            why = "a name may not have slashes or control characters"
        } else if name.hasPrefix(".") {
            why = "a name that begins with a point is hidden"
        } else if name.utf8.count > 150 {
            why = "it is too long"
        } else {
            return
        }
        throw EightCutError(.usage, "cannot use the name", on: name, because: why)
    }
}
