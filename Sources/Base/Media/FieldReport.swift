import Diagnostics
import SystemPackage

/// What was seen of the two fields of frames: whether they show different times.
package struct FieldReport: Sendable, Equatable {
    /// Frames that are marked as interlaced in the file.
    package var marked = 0
    /// Frames that were looked at.
    private var examined = 0
    /// Frames that look combed.
    private var combed = 0
    /// Frames that repeat a field of the frame before.
    private var repeated = 0

    package init(marked: Int = 0) {
        self.marked = marked
    }

    /// Takes a line of the `idet` filter.
    mutating func take(_ text: String) {
        let counts = Self.counts(text)
        if text.hasPrefix(exactly: "Multi frame detection") {
            combed += (counts["TFF"] ?? 0) + (counts["BFF"] ?? 0)
            examined += counts.values.reduce(0, +)
        } else if text.hasPrefix(exactly: "Repeated Fields") {
            repeated += (counts["Top"] ?? 0) + (counts["Bottom"] ?? 0)
        }
    }

    /// The numbers in "Repeated Fields: Neither:    18 Top:     6 Bottom:     6".
    private static func counts(_ text: String) -> [String: Int] {
        let words = text.unicodeScalars.split { $0 == " " || $0 == ":" }.map { String($0) }
        return zip(words, words.dropFirst()).reduce(into: [:]) { counts, pair in
            if let count = Int(pair.1), (0...1_000_000).contains(count) { counts[pair.0] = count }
        }
    }

    /// A sentence for people: what was done about interlaced frames, or could be.
    ///
    /// - Returns: nil where there is nothing to say.
    package func note(_ stream: VideoStream, of path: FilePath) -> String? {
        let name = quoted(path.string)
        let deinterlacing = stream.options.deinterlacing
        if deinterlacing == .telecine { return nil }
        if looksTelecined {
            return "\(name) looks like telecined film, which is combed: --deinterlace telecine "
                + "restores its frames."
        }
        if marked > 0, deinterlacing == .off {
            return "\(name) is interlaced, and its frames are left combed: without "
                + "--deinterlace off they are deinterlaced."
        }
        if marked > 0 { return "\(name) is interlaced: its frames are deinterlaced." }
        guard looksCombed, deinterlacing != .on else { return nil }
        return "\(name) looks combed, though its frames are not marked as interlaced: "
            + "--deinterlace on deinterlaces them."
    }

    private static let fewest = 20

    private var looksCombed: Bool { examined >= Self.fewest && combed * 2 > examined }

    /// Of five frames of telecined film, two repeat a field.
    private var looksTelecined: Bool { looksCombed && repeated * 5 > examined }
}
