import Diagnostics
import Files
import SystemPackage

/// Reads the bytes of a PNG file, no more than an image of its size can have.
enum PNGFile {
    /// The bytes before and in the header: signature, length and name of the chunk, columns, rows,
    /// bits of a sample, kind of colours.
    private static let headLength = 26
    private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
    /// What chunks that are not pixels may have.
    private static let metadataBytes = 1 << 20

    /// Reads a file that a person named, or one of ours; links are followed. Pipes and devices are
    /// not waited for.
    ///
    /// - Throws: `EightCutError` when it cannot be opened, is no plain file, or is too large.
    static func content(of path: FilePath) throws -> [UInt8] {
        do {
            let file = try FileDescriptor.open(
                path,
                .readOnly,
                options: [.nonBlocking, .closeOnExec]
            )
            return try file.closeAfter { try content(of: file, path) }
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
        }
    }

    private static func content(of file: FileDescriptor, _ path: FilePath) throws -> [UInt8] {
        let status = try FileStatus(of: file)
        guard status.kind != .folder else { throw Errno.isDirectory }
        guard status.kind == .file else {
            throw error(path, "it is \(status.kind.name), not a plain file")
        }
        // A file can claim any size: sparse ones need no space.
        let head = try read(file, min(status.bytes, headLength))
        guard let limit = limit(head) else { throw error(path, "the image is too large") }
        guard status.bytes <= limit else {
            throw error(
                path,
                "the file is too large for its image (\(ByteCount.text(status.bytes)))"
            )
        }
        return try read(file, status.bytes)
    }

    /// The most bytes of a file that begins so; nil when the image has too many pixels. What is no
    /// PNG file is read up to a limit, for libpng to say so.
    private static func limit(_ head: [UInt8]) -> Int? {
        guard head.count == headLength, head.starts(with: signature) else { return metadataBytes }
        let number = { (place: Int) in
            head[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        let (width, height) = (number(16), number(20))
        guard width <= PNG.maximumPixels, height <= PNG.maximumPixels,
            width * height <= PNG.maximumPixels
        else { return nil }
        // Four samples of 16 bits are the most. Deflate makes nothing much larger.
        let channels = [0: 1, 2: 3, 3: 1, 4: 2][head[25]] ?? 4
        let raw = (width * channels * (head[24] > 8 ? 2 : 1) + 1) * height
        return raw + raw / 100 + metadataBytes
    }

    private static func read(_ file: FileDescriptor, _ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableBufferPointer(rebasing: buffer[filled..<count])
                let more = try file.read(
                    fromAbsoluteOffset: Int64(filled),
                    into: UnsafeMutableRawBufferPointer(rest)
                )
                if more == 0 { return }
                filled += more
            }
        }
    }

    private static func error(_ path: FilePath, _ why: String) -> EightCutError {
        EightCutError(.inputUnusable, "cannot read the image", on: path.string, because: why)
    }
}
