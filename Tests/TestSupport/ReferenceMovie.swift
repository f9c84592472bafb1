import Files
import SystemPackage

/// Makes QuickTime files whose samples are in another file.
package enum ReferenceMovie {
    /// The file has no atom where one must be.
    package struct Unreadable: Error {}

    /// Rewrites a video so that it says that its samples lie in `other`.
    ///
    /// - Parameters:
    ///   - video: a `.mov` with one stream, whose index lies behind the samples.
    ///   - path: the result.
    ///   - other: the file that it refers to, in the same folder as the result.
    /// - Throws: when the video is of another form, or cannot be read or written.
    package static func make(from video: FilePath, at path: FilePath, other: FilePath) throws {
        var bytes = try MaskSet.bytes(of: video)
        var starts: [Int] = []
        var range = 0..<bytes.count
        for name in ["moov", "trak", "mdia", "minf", "dinf", "dref"] {
            let start = try atom(name, in: range, of: bytes)
            starts.append(start)
            range = start + 8..<start + size(at: start, of: bytes)
        }
        // Behind version and count stands the one entry, `url ` with the flag "in this file".
        let entry = range.lowerBound + 8..<range.upperBound
        let alias = alias(to: other)
        for start in starts {
            let size = size(at: start, of: bytes) + alias.count - entry.count
            bytes.replaceSubrange(start..<start + 4, with: word(size))
        }
        bytes.replaceSubrange(entry, with: alias)
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    }

    /// A Macintosh alias record, which names a file.
    private static func alias(to other: FilePath) -> [UInt8] {
        let name = Array((other.lastComponent?.string ?? "").utf8)
        var path = Array(other.string.utf8)
        if path.count % 2 != 0 { path.append(0) }
        let zeros = { (count: Int) in [UInt8](repeating: 0, count: count) }
        var record = Array("alis".utf8) + zeros(4 + 10 + 28 + 12)
        record += [UInt8(name.count)] + name + zeros(63 - name.count) + zeros(16)
        // One folder up from the alias, one down to the file: the same folder.
        record += [0, 1, 0, 1] + zeros(16)
        record += [0, 2, UInt8(path.count >> 8), UInt8(path.count & 255)] + path
        record += [255, 255, 0, 0]
        return word(record.count + 4) + record
    }

    private static func atom(_ name: String, in range: Range<Int>, of bytes: [UInt8]) throws -> Int
    {
        var place = range.lowerBound
        while place + 8 <= range.upperBound {
            if bytes[place + 4..<place + 8].elementsEqual(name.utf8) { return place }
            place += max(8, size(at: place, of: bytes))
        }
        throw Unreadable()
    }

    private static func size(at place: Int, of bytes: [UInt8]) -> Int {
        bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func word(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
    }
}
