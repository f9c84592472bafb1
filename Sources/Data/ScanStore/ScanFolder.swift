import Diagnostics
import Files
import FoundationEssentials
import SoundSignals
import SystemPackage

/// The folder of one scan: its note, and a file for each block that was measured.
package struct ScanFolder: Sendable {
    package let key: ScanKey
    private let folder: OpenFolder

    /// Opens the folder of a scan; makes it where there is none.
    ///
    /// - Throws: `EightCutError` when it cannot be made or opened.
    package init(_ key: ScanKey, in cache: ScanCache) throws {
        self.key = key
        do {
            folder = try OpenFolder.creating(
                cache.path.appending(key.name),
                permissions: .privateFolder
            )
        } catch let error as EightCutError {
            throw error.advising("Set XDG_CACHE_HOME to a folder that you may write to.")
        }
    }

    /// Opens the folder of a scan.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: `EightCutError` when it cannot be opened.
    package static func existing(_ key: ScanKey, in cache: ScanCache) throws -> ScanFolder? {
        guard let folder = try OpenFolder.ifPresent(cache.path.appending(key.name)) else {
            return nil
        }
        return ScanFolder(key, folder)
    }

    private init(_ key: ScanKey, _ folder: OpenFolder) { (self.key, self.folder) = (key, folder) }

    package var path: FilePath { folder.path }

    /// Takes the lock with which one process at a time writes into the folder.
    ///
    /// - Throws: `EightCutError` (`outputBusy`) when another one has it.
    package func lock() throws -> FolderLock { try FolderLock(folder) }

    // MARK: - Note

    private struct Version: Decodable { let v: Int }

    /// What is known of the scan.
    ///
    /// - Returns: nil when nothing is, or the file is damaged.
    /// - Throws: `EightCutError` when it cannot be read, or a newer version of the program wrote it.
    package func note() throws -> ScanNote? {
        guard let bytes = try folder.read(ScanNote.name, limit: 1 << 20) else { return nil }
        let decoder = JSONDecoder()
        let data = Data(bytes)
        guard let version = try? decoder.decode(Version.self, from: data).v else { return nil }
        guard version <= ScanNote.version else {
            throw EightCutError(
                .inputUnusable,
                "cannot use what was measured before",
                on: folder.path.string,
                because: "a newer version of 8cut has written it",
                remedy: "Update 8cut, or delete this folder to measure the video again."
            )
        }
        return version == ScanNote.version ? try? decoder.decode(ScanNote.self, from: data) : nil
    }

    /// Writes what is known of the scan.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(_ note: ScanNote) throws {
        try folder.write(try JSONText.pretty(note) + "\n", to: ScanNote.name)
    }

    // MARK: - Blocks

    private static let ending = ".block"

    private static func name(_ block: Int) -> FilePath.Component {
        let digits = String(block)
        let name = String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ending
        return FilePath.Component(name) ?? "block"
    }

    /// Reads the blocks from the first one on, as far as they are whole and follow each other.
    ///
    /// - Parameter take: takes each.
    /// - Returns: how many there are.
    /// - Throws: `EightCutError` when one cannot be read; what `take` throws.
    package func readBlocks(_ take: (ScanBlock) throws -> Void) throws -> Int {
        var (count, frame, row) = (0, 0, 0)
        while let bytes = try folder.read(Self.name(count), limit: ScanBlock.byteLimit) {
            guard let block = ScanBlock(bytes: bytes), block.firstFrame == frame,
                block.firstRow == row
            else { break }
            try take(block)
            frame += block.frames.count
            row += block.sound.rows.count
            count += 1
        }
        return count
    }

    /// Writes a block.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(_ block: ScanBlock, as number: Int) throws {
        try block.bytes.withUnsafeBytes { try folder.write($0, to: Self.name(number)) }
    }

    // MARK: - Series

    private static let seriesEnding = ".series"

    /// What networks have said of the video.
    ///
    /// - Parameters:
    ///   - rows: how many rows of audio there are.
    ///   - frames: how many frames.
    /// - Returns: what is there and not damaged.
    /// - Throws: `EightCutError` when it cannot be read.
    package func content(rows: Int, frames: Int) throws -> VideoContent {
        var content = VideoContent()
        for series in ScanSeries.allCases {
            let count = series == .speech || series == .music ? rows : frames
            guard let name = FilePath.Component(series.rawValue + Self.seriesEnding),
                let bytes = try folder.read(name, limit: ScanSeries.byteLimit)
            else { continue }
            content[series] = ScanSeries.values(bytes, count: count)
        }
        return content
    }

    /// Writes what a network has said.
    ///
    /// - Throws: `EightCutError` when it cannot be written.
    package func write(_ values: [UInt8], as series: ScanSeries) throws {
        guard let name = FilePath.Component(series.rawValue + Self.seriesEnding) else { return }
        try ScanSeries.bytes(of: values).withUnsafeBytes { try folder.write($0, to: name) }
    }

    /// Deletes all blocks from one on with what networks have said, and what killed runs have left.
    ///
    /// - Throws: `EightCutError` when a file cannot be deleted.
    package func removeBlocks(from number: Int) throws {
        let first = Self.name(number).string
        for name in try folder.names() {
            let isLater =
                name.string.hasSuffix(exactly: Self.ending)
                && !name.string.utf8.lexicographicallyPrecedes(first.utf8)
                || name.string.hasSuffix(exactly: Self.seriesEnding)
            if isLater || AtomicFile.isTemporary(name) { _ = try folder.removeFile(name) }
        }
    }

    /// All that was measured, if the video was scanned to its end.
    ///
    /// - Returns: nil if it was not, or a block is damaged or missing.
    /// - Throws: `EightCutError` when it cannot be read.
    package func measures() throws -> (note: ScanNote, measures: VideoMeasures)? {
        guard let note = try note(), let result = note.result else { return nil }
        var measures = VideoMeasures(sound: note.audio.map { _ in SoundRecord() })
        measures.frames.reserveCapacity(min(result.frames, 1 << 24))
        measures.times.reserveCapacity(min(result.frames, 1 << 24))
        let count = try readBlocks { block in
            measures.frames += block.frames
            measures.times += block.times
            measures.sound?.append(block.sound)
        }
        guard count == result.blocks, measures.frames.count == result.frames,
            measures.sound?.rows.count ?? 0 == result.rows
        else { return nil }
        return (note, measures)
    }
}
