import Diagnostics
import Files
import FoundationEssentials
import Glibc
import SystemPackage

/// The records of the frames that are done, one JSON line each, in the order of the frames. It
/// is in the folder of the masks while a run is not complete; the next run resumes from it.
package struct FrameJournal: Sendable {
    package static let name: FilePath.Component = ".8cut-journal.jsonl"

    private let path: FilePath
    private let file: OpenFile
    /// How many frames are recorded.
    package private(set) var count = 0
    /// The latest record.
    package private(set) var last: FrameRecord?
    /// How many records have which flag.
    package private(set) var flagCounts: [MaskFlag: Int] = [:]
    private var confidences = Estimate.Mean()
    private var scores = Estimate.Mean()
    /// The mean confidence of the frames; nil where the method gives none.
    package var confidence: Double? { confidences.value }
    /// The mean score of the frames; nil where none was judged.
    package var score: Double? { scores.value }
    /// How many lines an earlier run has left, usable or not.
    private(set) var foundCount = 0
    /// Bytes of the records that count, after `read(while:)`.
    private var keptBytes = 0

    private init(_ descriptor: FileDescriptor, _ path: FilePath) {
        file = OpenFile(descriptor)
        self.path = path
    }

    /// Opens the journal in a folder of masks, without changing it. What is in it counts after
    /// `read(while:)`.
    ///
    /// - Returns: nil when there is none.
    /// - Throws: `EightCutError` when it is no plain file of one name, too large, or not writable.
    package static func existing(in folder: OpenFolder) throws -> FrameJournal? {
        guard let file = try folder.openForAppending(name) else { return nil }
        let journal = FrameJournal(file, folder.path.appending(name))
        do {
            guard try FileStatus(of: file).bytes <= MaskLimits.journalBytes else {
                throw journal.unusable("it has more than \(MaskLimits.journalBytes) bytes")
            }
        } catch let error as Errno {
            throw fileError("cannot read", journal.path, error)
        }
        return journal
    }

    /// Puts a journal into a folder of masks, in the place of an old one.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - records: what it records, from the first frame on.
    /// - Returns: the journal, open.
    /// - Throws: `EightCutError` when it cannot be written.
    package static func create(
        in folder: OpenFolder,
        _ records: some Collection<FrameRecord> = [] as [FrameRecord]
    ) throws -> FrameJournal {
        try folder.write(to: name, isDurable: !records.isEmpty) { file in
            for record in records { try write(record, to: file) }
        }
        let path = folder.path.appending(name)
        guard let file = try folder.openForAppending(name) else {
            throw fileError("cannot write", path, .noSuchFileOrDirectory)
        }
        var journal = FrameJournal(file, path)
        for record in records { journal.note(record) }
        return journal
    }

    /// A journal without a name, of which nothing is left, whatever ends the run.
    ///
    /// - Throws: `EightCutError` when there can be none.
    package static func unnamed(in workspace: Workspace) throws -> FrameJournal {
        let buffer = try workspace.makeBuffer()
        do {
            return FrameJournal(try buffer.descriptor.duplicate(), workspace.path)
        } catch {
            throw fileError("cannot write", workspace.path, error as? Errno ?? .ioError)
        }
    }

    /// Counts the records from the first frame on as long as `isGood` returns true. The rest does
    /// not count: a line that was cut off when the power failed, for example.
    ///
    /// - Throws: what `isGood` throws; `EightCutError` when the file cannot be read.
    package mutating func read(while isGood: (FrameRecord) throws -> Bool) throws {
        (count, last, flagCounts, foundCount, keptBytes) = (0, nil, [:], 0, 0)
        (confidences, scores) = (Estimate.Mean(), Estimate.Mean())
        let decoder = JSONDecoder()
        var read = self
        var isOpen = true
        try forEachLine { line in
            read.foundCount += 1
            guard isOpen, let record = try? decoder.decode(FrameRecord.self, from: Data(line)),
                record.frame == read.count, try isGood(record)
            else {
                isOpen = false
                return
            }
            read.note(record)
            read.keptBytes += line.count + 1
        }
        self = read
    }

    /// Drops what does not count.
    ///
    /// - Throws: `EightCutError` when the file cannot be shortened.
    package func dropRest() throws {
        guard ftruncate(file.descriptor.rawValue, off_t(keptBytes)) == 0 else {
            throw fileError("cannot write", path, Errno(rawValue: errno))
        }
    }

    /// Replaces the journal in a folder by one with the same records under today's names. Whatever
    /// ends the program, the journal is the old or the new one.
    ///
    /// - Parameters:
    ///   - folder: the folder of the masks.
    ///   - records: what they say today, where that is not the same.
    /// - Returns: the new journal.
    /// - Throws: `EightCutError` when it cannot be read or written.
    func rewritten(in folder: OpenFolder, as records: [FrameRecord]?) throws -> FrameJournal {
        if let records {
            var new = try Self.create(in: folder, records)
            new.foundCount = foundCount
            return new
        }
        let decoder = JSONDecoder()
        try folder.write(to: Self.name, isDurable: true) { descriptor in
            var left = count
            try forEachLine { line in
                guard left > 0 else { return }
                left -= 1
                let record = try decoder.decode(FrameRecord.self, from: Data(line))
                try Self.write(record, to: descriptor)
            }
        }
        guard let file = try folder.openForAppending(Self.name) else {
            throw fileError("cannot write", path, .noSuchFileOrDirectory)
        }
        var new = FrameJournal(file, path)
        (new.count, new.last, new.flagCounts) = (count, last, flagCounts)
        (new.confidences, new.scores) = (confidences, scores)
        new.foundCount = foundCount
        return new
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
        confidences.add(MaskConfidence.value(in: record.scores))
        scores.add(record.score)
        for flag in record.flags ?? [] { flagCounts[flag, default: 0] += 1 }
    }

    /// Calls `body` with each complete line, without its line end, up to one that is too long for
    /// a record, and for no more lines than a video has frames.
    ///
    /// - Throws: what `body` throws; `EightCutError` when the file cannot be read.
    func forEachLine(_ body: (ArraySlice<UInt8>) throws -> Void) throws {
        var lines = Lines(file, path)
        for _ in 0..<MaskLimits.frames {
            guard let line = try lines.next() else { return }
            try body(line)
        }
    }

    /// Reads the records one by one, from the first on, also those that are added meanwhile.
    package func reader() -> Reader { Reader(lines: Lines(file, path), journal: self) }

    package struct Reader: Sendable {
        fileprivate var lines: Lines
        fileprivate let journal: FrameJournal

        /// - Returns: nil when there is no further one yet.
        /// - Throws: `EightCutError` when the file cannot be read, or has something else.
        package mutating func next() throws -> FrameRecord? {
            guard let line = try lines.next() else { return nil }
            do {
                return try JSONDecoder().decode(FrameRecord.self, from: Data(line))
            } catch {
                throw journal.unusable("it is damaged")
            }
        }
    }

    /// The complete lines of the file, one by one.
    fileprivate struct Lines: Sendable {
        private let file: OpenFile
        private let path: FilePath
        private var offset: Int64 = 0
        /// What was read; what is before `start` has been returned.
        private var bytes: [UInt8] = []
        private var start = 0

        init(_ file: OpenFile, _ path: FilePath) {
            (self.file, self.path) = (file, path)
        }

        /// - Returns: without its line end; nil when there is no further one yet, or one that is too
        ///   long for a record.
        /// - Throws: `EightCutError` when the file cannot be read.
        mutating func next() throws -> ArraySlice<UInt8>? {
            var searched = start
            while bytes.count - start <= MaskLimits.recordBytes {
                if let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                    guard end - start <= MaskLimits.recordBytes else { return nil }
                    defer { start = end + 1 }
                    return bytes[start..<end]
                }
                searched = bytes.count - start
                bytes.removeFirst(start)
                start = 0
                guard try read() else { return nil }
            }
            return nil
        }

        /// - Returns: false at the end of the file.
        private mutating func read() throws -> Bool {
            do {
                let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                    count = try file.descriptor.read(
                        fromAbsoluteOffset: offset,
                        into: UnsafeMutableRawBufferPointer(buffer)
                    )
                }
                offset += Int64(chunk.count)
                bytes += chunk
                return !chunk.isEmpty
            } catch {
                throw fileError("cannot read", path, error as? Errno ?? .ioError)
            }
        }
    }

    fileprivate func unusable(_ why: String) -> EightCutError {
        EightCutError(
            .outputUnusable,
            "cannot use",
            on: path.string,
            because: why,
            remedy: "Nothing was changed. Choose another folder, or move the file away."
        )
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
