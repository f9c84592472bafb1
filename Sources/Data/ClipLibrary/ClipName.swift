import Diagnostics
import SystemPackage

/// Names of clips: `NAME_001`, or `NAME_001_0`, `NAME_001_1`, … for those that overlap; with `.mp4`
/// or `.mkv` for a video, without for the folder of an image sequence. The Python 8-cut names clips
/// `NAME_001_m1_0`: the first number is that of the video, the second one that of the export.
///
/// All of it works on bytes: to Swift a letter and a combining mark after it are one character.
package enum ClipName {
    /// The endings of videos.
    package static let videoEndings = [".mp4", ".mkv"]

    /// The longest name, in bytes: with its number it fits into a temporary name.
    private static let most = 130

    /// The name without its ending.
    ///
    /// - Parameters:
    ///   - name: what the user has chosen.
    ///   - number: from 1.
    ///   - sibling: which of several overlapping clips; nil for a single one.
    /// - Returns: the name.
    package static func stem(_ name: String, _ number: Int, sibling: Int? = nil) -> String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
        return name + "_" + padded + (sibling.map { "_\($0)" } ?? "")
    }

    /// The name of a clip's file without its ending. What follows another dot is part of it.
    package static func stem(of file: String) -> String {
        let bytes = Array(file.utf8)
        for ending in videoEndings where hasSuffix(bytes, ending) {
            return String(decoding: bytes.dropLast(ending.utf8.count), as: UTF8.self)
        }
        return file
    }

    /// Whether a name has the ending of a video.
    package static func isVideo(_ file: String) -> Bool {
        videoEndings.contains { hasSuffix(Array(file.utf8), $0) }
    }

    /// Whether a file or folder has the name of a clip.
    package static func isOfClip(_ file: String) -> Bool { base(of: file) != nil }

    /// The name without ending and numbers: "dog" of `dog_007.mp4` and `dog_007_2.mp4`.
    ///
    /// - Returns: nil for a name that is not that of a clip.
    package static func base(of file: String) -> String? {
        var rest = Array(stem(of: file).utf8)[...]
        guard rest.first != UInt8(ascii: ".") else { return nil }
        // From the end: that of a sibling and that of an export may be missing.
        var (mayBeSibling, mayBeExport) = (true, true)
        while true {
            let digits = rest.reversed().prefix { isDigit($0) }.count
            rest = rest.dropLast(digits)
            let isExport = rest.last == UInt8(ascii: "m")
            if isExport { rest.removeLast() }
            guard digits > 0, rest.popLast() == UInt8(ascii: "_"), !rest.isEmpty else { return nil }
            if digits >= 3, !isExport { return String(decoding: rest, as: UTF8.self) }
            guard isExport ? mayBeExport : mayBeSibling else { return nil }
            mayBeSibling = false
            if isExport { mayBeExport = false }
        }
    }

    /// The number of a clip of `name` that a file or folder belongs to: `dog_007.mp4`,
    /// `dog_007_masks`, `dog_007_2.mp4`; nil for others.
    package static func number(of file: String, name: String) -> Int? {
        let (file, start) = (Array(file.utf8), Array((name + "_").utf8))
        guard file.starts(with: start) else { return nil }
        let rest = file.dropFirst(start.count)
        let digits = rest.prefix { isDigit($0) }
        guard (3...9).contains(digits.count) else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard let next = rest.dropFirst(digits.count).first else { return number }
        return next == UInt8(ascii: "_") || next == UInt8(ascii: ".") ? number : nil
    }

    /// Checks that a name is one of a file.
    ///
    /// - Throws: `EightCutError` when it is not.
    package static func check(_ name: String) throws {
        let why: String
        if name.isEmpty {
            why = "it is empty"
        } else if name.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
            why = "it is blank"
        } else if name.utf8.contains(UInt8(ascii: "/")) {
            why = "a name may not have slashes or control characters"
        } else if name.unicodeScalars.contains(where: \.isInvisible) {
            why = "a name may not have slashes or control characters"
        } else if name.utf8.first == UInt8(ascii: ".") {
            why = "a name that begins with a dot is hidden"
        } else if name.utf8.count > most {
            why = "it is too long: it has \(name.utf8.count) bytes, and may have \(most)"
        } else {
            return
        }
        throw EightCutError(.usage, "cannot use the name", on: name, because: why)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func hasSuffix(_ bytes: [UInt8], _ ending: String) -> Bool {
        bytes.count > ending.utf8.count
            && bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
}

/// Names in the folder of an image sequence: `frame_0001.webp`, …, and the note with the frame rate.
package enum FrameName {
    /// The hidden note. Without it a folder is not known to be a clip of ours.
    package static let note: FilePath.Component = ".8cut-frames.json"

    /// The endings of images.
    package static let endings = [".webp", ".png"]

    /// The number of the frame, from 1; nil for another name.
    ///
    /// - Parameters:
    ///   - name: a name in the folder.
    ///   - ending: the ending of the clip's images; nil for any.
    /// - Returns: the number.
    package static func number(of name: FilePath.Component, ending: String? = nil) -> Int? {
        let bytes = Array(name.string.utf8)
        let start = Array("frame_".utf8)
        guard bytes.starts(with: start),
            let known = endings.first(where: { bytes.suffix($0.utf8.count).elementsEqual($0.utf8) }
            ),
            ending == nil || ending == known
        else { return nil }
        let digits = bytes.dropFirst(start.count).dropLast(known.utf8.count)
        guard (4...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Whether a file in a folder of images is ours by its name, whatever the clip.
    package static func isOurs(_ name: FilePath.Component) -> Bool {
        name == note || number(of: name) != nil
    }
}
