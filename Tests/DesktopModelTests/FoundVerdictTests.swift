import ClipFinding
import Diagnostics
import Files
import Media
import ScanStore
import SystemPackage
import TestSupport
import Testing

/// What is remembered of clips that were kept and rejected.
@Suite struct FoundVerdictTests {
    private let folder: TemporaryFolder
    private let store: FoundVerdictStore
    private let file: FilePath

    init() throws {
        folder = try TemporaryFolder()
        try AtomicFile.write("a video", to: folder["video.mp4"])
        let key = try ScanKey(of: folder["video.mp4"], VideoOptions(), audio: nil)
        store = FoundVerdictStore(EightCutHome(folder["home"]), key)
        file = folder["home"].appending("finds").appending(key.name + ".json")
    }

    private func entry(_ frame: Int, _ verdict: FoundVerdicts.Verdict) -> FoundVerdicts.Entry {
        FoundVerdicts.Entry(
            start: Double(frame) / 10,
            startFrame: frame,
            duration: 8,
            verdict
        )
    }

    @Test func verdictsAreThereAgainByStart() async throws {
        #expect(try store.read() == FoundVerdicts())
        try await store.change { [self] in
            $0.set(entry(300, .keep))
            $0.set(entry(10, .reject))
        }
        let now = try await store.change { [self] in $0.set(entry(300, .reject)) }
        #expect(now.entries == [entry(10, .reject), entry(300, .reject)])
        #expect(try store.read() == now)
        #expect(now.entry(ofFrame: 300)?.verdict == .reject)
        #expect(now.entry(ofFrame: 299) == nil)
        #expect(
            now.taken(.reject) == [
                ClipSearch.Taken(start: 1, duration: 8, .rejected),
                ClipSearch.Taken(start: 30, duration: 8, .rejected),
            ]
        )
        #expect(now.taken(.keep).isEmpty)
        try await store.change { $0.remove(frame: 10) }
        #expect(try store.read().entries.map(\.startFrame) == [300])
    }

    @Test func onlyTheOwnerMayReadThem() async throws {
        try await store.change { [self] in $0.set(entry(1, .keep)) }
        for path in [file, file.removingLastComponent()] {
            let others = try #require(FileStatus(following: path)).permissions.rawValue & 0o077
            #expect(others == 0)
        }
    }

    @Test func whatMakesNoSenseIsLeftOut() async throws {
        try Folder.create(file.removingLastComponent())
        let good = #"{"start": 2.5, "startFrame": 25, "duration": 8, "verdict": "keep", "new": 1}"#
        let bad = [
            #"{"start": -1, "startFrame": 3, "duration": 8, "verdict": "keep"}"#,
            #"{"start": 1, "startFrame": -3, "duration": 8, "verdict": "keep"}"#,
            #"{"start": 1, "startFrame": 3, "duration": 0, "verdict": "keep"}"#,
            #"{"start": 1, "startFrame": 3, "duration": 8, "verdict": "perhaps"}"#, "7",
        ]
        let list = ([good] + bad).joined(separator: ", ")
        try AtomicFile.write(#"{"v": 1, "verdicts": [\#(list)]}"#, to: file)
        #expect(try store.read().entries.map(\.startFrame) == [25])
    }

    @Test func aDamagedFileIsKeptUnderAnotherName() async throws {
        try Folder.create(file.removingLastComponent())
        try AtomicFile.write(#"{"v": 1, "verdicts": 3"#, to: file)
        #expect(try store.read() == FoundVerdicts())
        try await store.change { [self] in $0.set(entry(5, .reject)) }
        #expect(try store.read().entries.map(\.startFrame) == [5])
        let aside = FilePath(file.string + ".damaged")
        #expect(try MaskSet.bytes(of: aside).count == 22)
    }

    @Test func aNewerVersionIsNotOverwritten() async throws {
        try Folder.create(file.removingLastComponent())
        try AtomicFile.write(#"{"v": 2, "verdicts": {}}"#, to: file)
        #expect(throws: EightCutError.self) { try store.read() }
        await #expect(throws: EightCutError.self) {
            try await store.change { [self] in $0.set(entry(5, .reject)) }
        }
        #expect(try MaskSet.bytes(of: file).count == 24)
    }

    @Test func noneIsLostWhenManyAreGivenAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for frame in 0..<20 {
                group.addTask { [self] in
                    try await store.change { $0.set(entry(frame, .reject)) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try store.read().entries.map(\.startFrame) == Array(0..<20))
    }
}
