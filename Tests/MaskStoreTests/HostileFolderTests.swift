import Diagnostics
import Files
import Glibc
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Folders of masks that somebody else has prepared.
@Suite struct HostileFolderTests {
    private func claimError(of run: StoredRun) async throws -> EightCutError {
        do {
            _ = try await run.claim()
        } catch let error as EightCutError {
            return error
        }
        throw Unrefused()
    }

    private struct Unrefused: Error {}

    /// A folder of an interrupted run.
    private func interrupted(_ folder: TemporaryFolder) async throws -> StoredRun {
        let run = try StoredRun(folder["masks"])
        try await run.run(killedBefore: 3)
        return run
    }

    // MARK: - What is no plain file

    @Test(arguments: ["masks.json", ".8cut-journal.jsonl", "frame_0001.png"])
    func aLinkIsRefusedAndNotWrittenThrough(name: String) async throws {
        let folder = try TemporaryFolder()
        let run = try await interrupted(folder)
        let path = folder["masks"].appending(name)
        try AtomicFile.rename(path, to: folder["kept"])
        let kept = try MaskSet.bytes(of: folder["kept"])
        symlink(folder["kept"].string, path.string)

        let error = try await claimError(of: run)
        #expect(error.code == .outputUnusable && "\(error)".contains(name), "\(error)")
        #expect(error.why.contains("symbolic link"))
        #expect(try MaskSet.bytes(of: folder["kept"]) == kept)
    }

    @Test func aJournalWithAnotherNameIsNotWritten() async throws {
        let folder = try TemporaryFolder()
        let run = try await interrupted(folder)
        let journal = folder["masks"].appending(".8cut-journal.jsonl")
        unlink(journal.string)
        try AtomicFile.write("keep", to: folder["precious"])
        link(folder["precious"].string, journal.string)

        let error = try await claimError(of: run)
        #expect(error.code == .outputUnusable && error.why.contains("hard links"), "\(error)")
        #expect(try MaskSet.bytes(of: folder["precious"]) == Array("keep".utf8))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: ["masks.json", ".8cut-journal.jsonl", "frame_0001.png"],
        ["pipe", "folder"]
    )
    func whatIsNoFileIsNotWaitedFor(name: String, kind: String) async throws {
        let folder = try TemporaryFolder()
        let run = try await interrupted(folder)
        let path = folder["masks"].appending(name)
        unlink(path.string)
        if kind == "pipe" { mkfifo(path.string, 0o600) } else { try Folder.create(path) }

        let error = try await claimError(of: run)
        #expect(error.code == .outputUnusable && "\(error)".contains(name), "\(error)")
    }

    // MARK: - Sizes

    @Test(.timeLimit(.minutes(1))) func sparseFilesAreNotRead() async throws {
        let folder = try TemporaryFolder()
        let run = try await interrupted(folder)
        let mask = folder["masks"].appending("frame_0001.png")
        truncate(mask.string, 1 << 40)
        #expect(try await run.run(killedBefore: 1) == 1)

        let journal = folder["masks"].appending(".8cut-journal.jsonl")
        truncate(journal.string, 1 << 40)
        #expect(try await claimError(of: run).code == .outputUnusable)
        truncate(journal.string, 0)
        truncate(folder["masks"].appending("masks.json").string, 1 << 40)
        #expect(try await claimError(of: run).code == .outputUnusable)
    }

    @Test(.timeLimit(.minutes(1))) func aLongLineEndsTheJournal() async throws {
        let folder = try TemporaryFolder()
        let run = try await interrupted(folder)
        let path = folder["masks"].appending(".8cut-journal.jsonl")
        let journal = try FileDescriptor.open(path, .writeOnly, options: .append)
        let part = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        try journal.closeAfter { for _ in 0..<100 { try journal.writeAll(part) } }

        #expect(try await run.run() == 3)
        #expect(try await MaskSet.content(of: run.path) == run.expected())
    }

    // MARK: - Numbers and names

    @Test(arguments: [
        #"{"area":0,"frame":9223372036854775808}"#, #"{"area":0,"frame":-1}"#,
        #"{"area":0,"frame":3,"time":1e300}"#, #"{"area":0,"frame":3,"time":1e999}"#,
        #"{"area":-1,"frame":3}"#, #"{"area":2,"frame":3}"#,
        #"{"area":0,"box":[1,2],"frame":3}"#, #"{"area":0,"flags":["full"],"frame":"3"}"#,
        #"{"area":0,"box":[9223372036854775807,0,9223372036854775807,1],"frame":3}"#,
        #"{"area":0,"frame":3,"scores":{"a":1e999}}"#, "[[[[", "null", "\u{0}\u{0}",
    ])
    func aRecordThatCannotBeEndsTheJournal(line: String) async throws {
        let folder = try TemporaryFolder()
        let run = try await interrupted(folder)
        let path = folder["masks"].appending(".8cut-journal.jsonl")
        let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
        try AtomicFile.write(text + line + "\n", to: path)

        #expect(try await run.run() == 3)
        #expect(try await MaskSet.content(of: run.path) == run.expected())
    }

    @Test(arguments: [
        (#""frameCount" : 6"#, #""frameCount" : -1"#),
        (#""frameCount" : 6"#, #""frameCount" : 1e300"#),
        (#""frame":3"#, #""frame":4"#), (#""frame":3"#, #""frame":9223372036854775807"#),
        (#""time":3"#, #""time":1e300"#), (#""area":"#, #""area":-"#),
        (#""width" : 8"#, #""width" : 9223372036854775807"#),
        (#""height" : 6"#, #""height" : 0"#), (#""bytes" : 1"#, #""bytes" : -1"#),
        (#""folder" : "depth""#, #""folder" : "pics""#),
        (#""folder" : "depth""#, #""folder" : "../depth""#),
        (#""folder" : "depth""#, #""folder" : "object_01""#),
        (#""folder" : "depth""#, "\"folder\" : \"depth\u{301}\""),
        (#""folder" : "depth""#, #""folder" : ".8cut-work""#),
    ])
    func aManifestThatCannotBeIsRefused(old: String, new: String) async throws {
        let folder = try TemporaryFolder()
        var run = try StoredRun(folder["masks"], auxiliary: [.depth])
        try await run.run()
        let path = folder["masks"].appending("masks.json")
        let text = String(decoding: try MaskSet.bytes(of: path), as: UTF8.self)
        #expect(text.contains(old), "\(text)")
        try AtomicFile.write(text.replacing(old, with: new), to: path)
        let before = try MaskSet.content(of: folder["masks"])

        for replaces in [false, true] {
            run.replaces = replaces
            let error = try await claimError(of: run)
            #expect(error.code == .outputUnusable, "\(error)")
            #expect(error.why.hasPrefix("it is damaged"), "\(error)")
            #expect(error.remedy != nil)
        }
        #expect(try MaskSet.content(of: folder["masks"]) == before)
    }

    @Test func aFolderThatAManifestNamesIsNotEnteredThroughALink() async throws {
        let folder = try TemporaryFolder()
        var run = try StoredRun(folder["masks"], auxiliary: [.depth])
        try await run.run()
        let depth = folder["masks"].appending("depth")
        try AtomicFile.rename(depth, to: folder["precious"])
        symlink(folder["precious"].string, depth.string)
        try AtomicFile.write("x", to: folder["precious"].appending(".8cut-tmp-1-x"))
        let before = try MaskSet.content(of: folder["precious"])

        for replaces in [false, true] {
            run = try StoredRun(folder["masks"], threshold: 90, auxiliary: [.depth])
            run.replaces = replaces
            let error = try await claimError(of: run)
            #expect(error.code == (replaces ? .outputUnusable : .outputDiffers))
        }
        #expect(try MaskSet.content(of: folder["precious"]) == before)
    }
}
