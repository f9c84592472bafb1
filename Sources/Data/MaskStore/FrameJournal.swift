import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// The records of the frames that are done, one JSON line each, in the order of the frames. It
/// is in the folder of the masks while a run is not complete; the next run resumes from it.
package struct FrameJournal: Sendable {
    package static let fileName = ".8cut-journal.jsonl"

    private let path: FilePath
    private let file: OpenFile
    /// How many frames are recorded.
    package private(set) var count = 0
    /// The latest record.
    package private(set) var last: FrameRecord?
    /// How many records have which flag.
    package private(set) var flagCounts: [MaskFlag: Int] = [:]

    /// Opens the journal, or creates an empty one. What is in it counts after `keep(while:)`.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    package init(at path: FilePath) throws {
        self.path = path
        do {
            file = OpenFile(
                try FileDescriptor.open(
                    path,
                    .readWrite,
                    options: [.create, .append, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupRead, .otherRead]
                )
            )
        } catch {
            throw fileError("cannot write", path, error as? Errno ?? .ioError)
        }
    }

    /// Keeps the records from the first frame on as long as `isGood` returns true, and drops the
    /// rest: a line that was cut off when the power failed, for example.
    ///
    /// - Throws: what `isGood` throws; `EightCutError` when the file cannot be read or shortened.
    package mutating func keep(while isGood: (FrameRecord) throws -> Bool) throws {
        var kept = self
        (kept.count, kept.last, kept.flagCounts) = (0, nil, [:])
        var length = 0
        let decoder = JSONDecoder()
        var isOpen = true
        try forEachLine { line in
            guard isOpen else { return }
            guard let record = try? decoder.decode(FrameRecord.self, from: Data(line.utf8)),
                record.frame == kept.count, try isGood(record)
            else {
                isOpen = false
                return
            }
            kept.note(record)
            length += line.utf8.count + 1
        }
        guard ftruncate(file.descriptor.rawValue, off_t(length)) == 0 else {
            throw fileError("cannot write", path, Errno(rawValue: errno))
        }
        self = kept
    }

    /// Adds the record of the next frame.
    package mutating func append(_ record: FrameRecord) throws {
        do {
            try Self.write(record, to: file.descriptor)
        } catch let error as Errno {
            throw fileError("cannot write", path, error)
        }
        note(record)
    }

    private mutating func note(_ record: FrameRecord) {
        count += 1
        last = record
        for flag in record.flags ?? [] { flagCounts[flag, default: 0] += 1 }
    }

    /// Calls `body` with each complete line, without its line end.
    package func forEachLine(_ body: (String) throws -> Void) throws {
        var offset: Int64 = 0
        var rest: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let read: Int
            do {
                read = try file.descriptor.read(fromAbsoluteOffset: offset, into: chunk)
            } catch {
                throw fileError("cannot read", path, error as? Errno ?? .ioError)
            }
            guard read > 0 else { return }
            offset += Int64(read)
            rest.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<read]))
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try body(String(decoding: rest[start..<end], as: UTF8.self))
                start = end + 1
            }
            rest.removeFirst(start)
        }
    }

    /// Replaces a journal by one with the same records under today's names. Whatever ends the
    /// program, the journal is the old or the new one.
    ///
    /// - Throws: `EightCutError` when it cannot be read or written.
    static func rewrite(_ path: FilePath) throws {
        let old = try FrameJournal(at: path)
        let decoder = JSONDecoder()
        try AtomicFile.write(to: path, isDurable: true) { descriptor in
            var isOpen = true
            try old.forEachLine { line in
                let record = try? decoder.decode(FrameRecord.self, from: Data(line.utf8))
                guard isOpen, let record else {
                    isOpen = false
                    return
                }
                try write(record, to: descriptor)
            }
        }
    }

    private static func write(_ record: FrameRecord, to descriptor: FileDescriptor) throws {
        try descriptor.writeAll((JSONText.line(record) + "\n").utf8)
    }
}

/// Closes a file when nobody uses it any more.
private final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }
}
