import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// The records of the frames that are done, one JSON line each, in the order of the frames. It
/// lies beside the masks while a run is not complete, and tells the next run where to go on.
package final class FrameJournal {
    package static let fileName = ".8cut-journal.jsonl"

    private let path: FilePath
    private let descriptor: FileDescriptor
    private let encoder = JSONEncoder()
    /// How many frames are recorded.
    package private(set) var count = 0

    /// Opens the journal, or makes an empty one.
    package init(at path: FilePath) throws {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .append, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch {
            throw fileError("cannot write", path, error as? Errno ?? .ioError)
        }
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    deinit {
        try? descriptor.close()
    }

    /// Keeps the records from the first frame on for which `isGood` says yes, and forgets the
    /// rest: a line that was cut off when the power failed, for example.
    package func keep(while isGood: (FrameRecord) throws -> Bool) throws {
        count = 0
        var length = 0
        let decoder = JSONDecoder()
        var isOpen = true
        try forEachLine { line in
            guard isOpen else { return }
            guard let record = try? decoder.decode(FrameRecord.self, from: Data(line.utf8)),
                record.frame == count, try isGood(record)
            else {
                isOpen = false
                return
            }
            count += 1
            length += line.utf8.count + 1
        }
        guard ftruncate(descriptor.rawValue, off_t(length)) == 0 else {
            throw fileError("cannot write", path, Errno(rawValue: errno))
        }
    }

    /// Adds the record of the next frame.
    package func append(_ record: FrameRecord) throws {
        var line = try encoder.encode(record)
        line.append(UInt8(ascii: "\n"))
        do {
            _ = try line.withUnsafeBytes { try descriptor.writeAll($0) }
        } catch {
            throw fileError("cannot write", path, error as? Errno ?? .ioError)
        }
        count += 1
    }

    /// Goes through the lines that are complete, without their line ends.
    package func forEachLine(_ body: (String) throws -> Void) throws {
        var offset: Int64 = 0
        var rest: [UInt8] = []
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let read: Int
            do {
                read = try descriptor.read(fromAbsoluteOffset: offset, into: chunk)
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
}
