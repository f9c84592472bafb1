import Files
import Glibc
import SystemPackage

/// The mark in a preview, a poster or a video of masks that 8cut has made: a digest of everything
/// before it, in a part of the file that readers of the format skip. A file with a mark that fits is byte for byte as it was
/// made, so that the next preview may replace it; nobody's work in it can be lost.
struct PreviewMark {
    /// How a format hides the mark.
    enum Format {
        case png, jpeg, mp4, matroska
    }

    private let format: Format
    private let text: [UInt8]

    /// - Parameters:
    ///   - format: the format of the file.
    ///   - content: what is in it: neither replaces the other.
    init(_ format: Format, _ content: PreviewOutput.Content) {
        self.format = format
        text =
            switch content {
            case .preview: Array("8cut preview sha256:".utf8)
            case .maskVideo: Array("8cut masks sha256:".utf8)
            case .poster: Array("8cut poster sha256:".utf8)
            }
    }

    private static let digestLength = 64
    /// Larger files are not looked at: nobody waits for their digest.
    private static let mostBytes: Int64 = 1 << 36

    /// Marks a file that is complete.
    ///
    /// - Throws: `Errno`.
    func add(to file: FileDescriptor) throws {
        let size = try file.seek(offset: 0, from: .end)
        let end = size - Int64(tailLength)
        guard end >= 0 else { throw Errno.invalidArgument }
        let bytes = try mark(digest(of: file, upTo: end)) + read(file, from: end, tailLength)
        try file.writeAll(toAbsoluteOffset: end, bytes)
    }

    /// Whether a file is as it was when it was marked.
    ///
    /// - Throws: `Errno`.
    func isIntact(in file: FileDescriptor) throws -> Bool {
        let size = try file.seek(offset: 0, from: .end)
        let empty = mark(Array(repeating: 0, count: Self.digestLength))
        let end = size - Int64(empty.count + tailLength)
        guard end >= 0, size <= Self.mostBytes else { return false }
        let found = try read(file, from: end, empty.count)
        // Most files have no mark at all, and need not be read.
        guard found.firstRange(of: text) != nil else { return false }
        return found == mark(try digest(of: file, upTo: end))
    }

    /// Bytes after the mark: a PNG file ends with an empty chunk, a JPEG file with a marker.
    private var tailLength: Int {
        switch format {
        case .png: 12
        case .jpeg: 2
        case .mp4, .matroska: 0
        }
    }

    private func mark(_ digest: [UInt8]) -> [UInt8] {
        let content = text + digest
        switch format {
        case .png:
            // The letters' case: may be skipped, private, not to be copied by editors.
            let chunk = Array("cuTP".utf8) + content
            return bigEndian(content.count) + chunk + bigEndian(Int(crc32(chunk)))
        case .jpeg:
            // A comment, whose length counts itself.
            return [0xff, 0xfe] + bigEndian(content.count + 2).suffix(2) + content
        case .mp4:
            let type = Array("uuid".utf8) + Self.boxType
            return bigEndian(4 + type.count + content.count) + type + content
        case .matroska:
            // An element "Void", with a length of one byte.
            return [0xec, 0x80 | UInt8(content.count)] + content
        }
    }

    /// Of our own box, chosen at random.
    private static let boxType: [UInt8] = [
        0x1b, 0x94, 0x0e, 0x5d, 0xc8, 0x3f, 0x47, 0x52, 0x9a, 0x66, 0x2d, 0xe1, 0x70, 0xb3, 0x8f,
        0x24,
    ]

    private func digest(of file: FileDescriptor, upTo end: Int64) throws -> [UInt8] {
        let digest = Digest()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var place: Int64 = 0
        while place < end {
            let part = UnsafeMutableRawBufferPointer(
                rebasing: buffer[..<Int(min(Int64(buffer.count), end - place))]
            )
            let count = try file.read(fromAbsoluteOffset: place, into: part)
            guard count > 0 else { throw Errno.ioError }
            digest.update(UnsafeRawBufferPointer(rebasing: part[..<count]))
            place += Int64(count)
        }
        return Array(digest.finish().utf8)
    }

    private func read(_ file: FileDescriptor, from place: Int64, _ count: Int) throws -> [UInt8] {
        guard count > 0 else { return [] }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = try file.read(
                fromAbsoluteOffset: place,
                into: UnsafeMutableRawBufferPointer(buffer)
            )
        }
    }

    private func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// The checksum of PNG chunks.
    private func crc32(_ bytes: [UInt8]) -> UInt32 {
        var checksum = UInt32.max
        for byte in bytes {
            checksum ^= UInt32(byte)
            for _ in 0..<8 {
                let isOdd = checksum & 1 == 1
                checksum >>= 1
                if isOdd { checksum ^= 0xedb8_8320 }
            }
        }
        return ~checksum
    }
}
