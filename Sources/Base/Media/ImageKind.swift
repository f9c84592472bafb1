import Diagnostics
import SystemPackage

/// A format of still images that are read as frames.
package enum ImageKind: String, Sendable, CaseIterable {
    case jpeg = "JPEG"
    case png = "PNG"
    case webp = "WebP"
    case tiff = "TIFF"

    /// The extensions of names, in lower case.
    private var endings: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg"]
        case .png: ["png"]
        case .webp: ["webp"]
        case .tiff: ["tif", "tiff"]
        }
    }

    /// The extension by which ffmpeg knows the format.
    var ending: String { endings[0] }

    /// The kind that a name claims; nil for other files.
    init?(name: FilePath.Component) {
        guard let ending = name.extension?.lowercased(),
            let kind = Self.allCases.first(where: { $0.endings.contains(ending) })
        else { return nil }
        self = kind
    }

    /// The kind that the first bytes of a file, at least 12, are of; nil for others.
    init?(head: some Collection<UInt8>) {
        let begins = { (bytes: [UInt8]) in head.starts(with: bytes) }
        if begins([0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
            self = .png
        } else if begins(Array("RIFF".utf8)), head.dropFirst(8).starts(with: "WEBP".utf8) {
            self = .webp
        } else if begins([0x49, 0x49, 0x2a, 0]) || begins([0x4d, 0x4d, 0, 0x2a]) {
            self = .tiff
        } else {
            return nil
        }
    }
}

/// What the beginning of an image says of it.
package struct ImageHeader: Sendable, Equatable {
    let kind: ImageKind
    /// Columns and rows as they are shown, that is after the rotation of a JPEG; nil where the
    /// header does not say them.
    package let size: Size?
    /// Whether ffmpeg shows rows as columns, as the camera has noted in the image (EXIF).
    let isTurned: Bool
    /// Whether it is an animation.
    let isAnimated: Bool

    package struct Size: Sendable, Equatable, CustomStringConvertible {
        package let width: Int
        package let height: Int

        package var description: String { "\(width)x\(height)" }
    }

    /// Reads the beginning of a file.
    ///
    /// - Returns: nil when it is no image of a kind that is read.
    /// - Throws: `Errno` when it cannot be read.
    package init?(of path: FilePath) throws {
        let file = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
        defer { try? file.close() }
        let bytes = FileBytes(file)
        let head = bytes.read(32, at: 0)
        guard let kind = ImageKind(head: head) else { return nil }
        var size: Size?
        var (isTurned, isAnimated) = (false, false)
        switch kind {
        case .png:
            size = Size(width: bytes.big(4, at: 16), height: bytes.big(4, at: 20))
            isAnimated = Self.isAnimatedPNG(bytes)
        case .webp:
            size = Self.webpSize(bytes)
            isAnimated = bytes.read(4, at: 12) == Array("VP8X".utf8) && bytes.big(1, at: 20) & 2 > 0
        case .tiff: size = Self.tiffSize(bytes)
        case .jpeg: (size, isTurned) = Self.jpegSize(bytes)
        }
        self.kind = kind
        self.isTurned = isTurned
        self.isAnimated = isAnimated
        self.size = size.map { isTurned ? Size(width: $0.height, height: $0.width) : $0 }
    }

    /// An animation control chunk comes before the image data.
    private static func isAnimatedPNG(_ bytes: FileBytes) -> Bool {
        var place = 8
        for _ in 0..<100 {
            let name = bytes.read(4, at: place + 4)
            if name == Array("acTL".utf8) { return true }
            if name.count < 4 || name == Array("IDAT".utf8) { return false }
            place += 12 + bytes.big(4, at: place)
        }
        return false
    }

    private static func webpSize(_ bytes: FileBytes) -> Size? {
        switch String(decoding: bytes.read(4, at: 12), as: UTF8.self) {
        case "VP8 ":
            return Size(
                width: bytes.little(2, at: 26) & 0x3fff,
                height: bytes.little(2, at: 28) & 0x3fff
            )
        case "VP8L":
            let bits = bytes.little(4, at: 21)
            return Size(width: bits & 0x3fff + 1, height: bits >> 14 & 0x3fff + 1)
        case "VP8X":
            return Size(width: bytes.little(3, at: 24) + 1, height: bytes.little(3, at: 27) + 1)
        default: return nil
        }
    }

    private static func tiffSize(_ bytes: FileBytes) -> Size? {
        let values = TIFFValues(bytes, at: 0, tags: [256, 257])
        guard let width = values.found[256], let height = values.found[257] else { return nil }
        return Size(width: width, height: height)
    }

    /// The size, and whether the rotation that the camera has noted swaps rows and columns.
    private static func jpegSize(_ bytes: FileBytes) -> (Size?, isTurned: Bool) {
        var place = 2
        var isTurned = false
        // Each segment: 0xFF, its kind, its length with the two bytes that say it.
        for _ in 0..<1000 {
            let start = bytes.read(4, at: place)
            guard start.count == 4, start[0] == 0xff else { break }
            guard start[1] != 0xff else {
                place += 1
                continue
            }
            if start[1] == 0xe1, bytes.read(6, at: place + 4) == Array("Exif\0\0".utf8) {
                let values = TIFFValues(bytes, at: place + 10, tags: [0x112])
                isTurned = (5...8).contains(values.found[0x112] ?? 1)
            }
            // Frame headers, but for three kinds of tables that have such numbers too.
            if (0xc0...0xcf).contains(start[1]), ![0xc4, 0xc8, 0xcc].contains(start[1]) {
                let size = Size(
                    width: bytes.big(2, at: place + 7),
                    height: bytes.big(2, at: place + 5)
                )
                return (size, isTurned)
            }
            guard start[1] != 0xda, start[1] != 0xd9 else { break }
            place += 2 + max(2, Int(start[2]) << 8 | Int(start[3]))
        }
        return (nil, isTurned)
    }
}

/// Numbers of a directory of a TIFF file, or of the part of a JPEG that has the same form.
private struct TIFFValues {
    private(set) var found: [Int: Int] = [:]

    init(_ bytes: FileBytes, at base: Int, tags: Set<Int>) {
        let isLittle = bytes.read(2, at: base) == Array("II".utf8)
        let number = { (count: Int, place: Int) in
            isLittle ? bytes.little(count, at: place) : bytes.big(count, at: place)
        }
        let directory = base + number(4, base + 4)
        for entry in 0..<min(number(2, directory), 200) {
            let place = directory + 2 + entry * 12
            let tag = number(2, place)
            guard tags.contains(tag) else { continue }
            // Type 3 is a number of two bytes, at the front of the four.
            found[tag] = number(number(2, place + 2) == 3 ? 2 : 4, place + 8)
        }
    }
}

/// Some bytes of a file; none where it has none.
private struct FileBytes {
    private let file: FileDescriptor

    init(_ file: FileDescriptor) {
        self.file = file
    }

    func read(_ count: Int, at place: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            let all = UnsafeMutableRawBufferPointer(buffer)
            done = (try? file.read(fromAbsoluteOffset: Int64(place), into: all)) ?? 0
        }
    }

    func big(_ count: Int, at place: Int) -> Int {
        read(count, at: place).reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ count: Int, at place: Int) -> Int {
        read(count, at: place).reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
