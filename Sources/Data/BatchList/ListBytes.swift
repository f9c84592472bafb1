import Diagnostics
import Files
import Glibc
import SystemPackage

/// The bytes of a list. A file is read as it is needed; standard input, which can be read once, is
/// kept in memory.
struct ListBytes: Sendable {
    private enum Source: Sendable {
        case file(OpenFile)
        case memory([UInt8])
    }

    /// A file that stays open, and what it was like when it was opened.
    private final class OpenFile: Sendable {
        let descriptor: FileDescriptor
        private let state: State

        init(_ descriptor: FileDescriptor) throws(Errno) {
            self.descriptor = descriptor
            state = try State(descriptor)
        }

        deinit { try? descriptor.close() }

        /// Whether nobody has written into it. A list that takes its name does not count.
        var isUnchanged: Bool { (try? State(descriptor)) == state }
    }

    private struct State: Equatable {
        let bytes: Int
        let seconds: Int
        let nanoseconds: Int

        init(_ descriptor: FileDescriptor) throws(Errno) {
            var info = stat()
            guard fstat(descriptor.rawValue, &info) == 0 else { throw Errno(rawValue: errno) }
            bytes = Int(info.st_size)
            seconds = Int(info.st_mtim.tv_sec)
            nanoseconds = Int(info.st_mtim.tv_nsec)
        }
    }

    private let source: Source
    /// The list's name in messages.
    private let name: String

    /// The most bytes of a list on standard input.
    private static let mostInput = 1 << 30
    private static let pieceSize = 1 << 20

    /// - Throws: `EightCutError` of code `inputMissing`; `inputUnusable` when it is no plain file.
    init(_ path: FilePath, of name: String) throws {
        self.name = name
        do {
            let descriptor = try FileDescriptor.open(
                path,
                .readOnly,
                options: [.nonBlocking, .closeOnExec]
            )
            let file = try OpenFile(descriptor)
            let kind = try FileStatus(of: descriptor).kind
            guard kind == .file else {
                throw EightCutError(
                    .inputUnusable,
                    "cannot read the list",
                    on: name,
                    because: "it is \(kind.name), not a plain file",
                    remedy: "Name a file, or - for standard input."
                )
            }
            source = .file(file)
        } catch let error as Errno {
            throw EightCutError(
                .inputMissing,
                "cannot read the list",
                on: name,
                because: "\(error)"
            )
        }
    }

    /// Reads a pipe, or whatever it is, to its end.
    init(_ input: FileDescriptor, of name: String) throws {
        self.name = name
        var bytes: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.pieceSize,
            alignment: 16
        )
        defer { buffer.deallocate() }
        do {
            while true {
                let count = try input.read(into: buffer)
                if count == 0 { break }
                guard bytes.count + count <= Self.mostInput else { throw Errno.fileTooLarge }
                bytes.append(contentsOf: buffer[..<count])
            }
        } catch let error as Errno {
            throw fileError("cannot read the list from", FilePath(name), error)
        }
        source = .memory(bytes)
    }

    /// Calls `body` with every line.
    ///
    /// - Parameters:
    ///   - mostBytes: of a line that is longer, that many and one are kept.
    ///   - body: gets the number of the line, from 1, where it starts, and its bytes without its
    ///     end.
    /// - Throws: `EightCutError` when the list cannot be read; what `body` throws.
    func forEachLine(
        mostBytes: Int,
        _ body: (_ line: Int, _ start: Int, _ bytes: ArraySlice<UInt8>) throws -> Void
    ) throws {
        var (line, start, offset) = (1, 0, 0)
        var kept: [UInt8] = []
        while true {
            let piece = try next(offset)
            if piece.isEmpty { break }
            var rest = piece[...]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let part = rest[..<end]
                if kept.isEmpty {
                    try body(line, start, part)
                } else {
                    kept += part.prefix(max(0, mostBytes + 1 - kept.count))
                    try body(line, start, kept[...])
                    kept.removeAll(keepingCapacity: true)
                }
                rest = rest[(end + 1)...]
                line += 1
                start = offset + rest.startIndex
            }
            kept += rest.prefix(max(0, mostBytes + 1 - kept.count))
            offset += piece.count
        }
        if !kept.isEmpty { try body(line, start, kept[...]) }
    }

    /// The bytes of a range that was there when the list was opened.
    ///
    /// - Throws: `EightCutError` when the file has been changed since.
    func read(_ range: Range<Int>) throws -> [UInt8] {
        switch source {
        case .memory(let bytes): return Array(bytes[range])
        case .file(let file):
            let bytes = try read(range.count, at: range.lowerBound, of: file)
            guard bytes.count == range.count, file.isUnchanged else {
                throw EightCutError(
                    .inputUnusable,
                    "cannot read the list",
                    on: name,
                    because: "it was changed meanwhile",
                    remedy: "Run the same command again, and change lists by replacing them."
                )
            }
            return bytes
        }
    }

    /// The bytes from an offset on; none at the end.
    private func next(_ offset: Int) throws -> [UInt8] {
        switch source {
        case .memory(let bytes): Array(bytes[offset...].prefix(Self.pieceSize))
        case .file(let file): try read(Self.pieceSize, at: offset, of: file)
        }
    }

    private func read(_ count: Int, at offset: Int, of file: OpenFile) throws -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = 0
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
                    )
                    let read = try file.descriptor.read(
                        fromAbsoluteOffset: Int64(offset + filled),
                        into: rest
                    )
                    if read == 0 { break }
                    filled += read
                }
            }
        } catch let error as Errno {
            throw fileError("cannot read the list", FilePath(name), error)
        }
    }
}
