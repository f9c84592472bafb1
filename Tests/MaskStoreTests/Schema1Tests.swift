import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Folders that were written with schema 1 of the manifest.
@Suite struct Schema1Tests {
    private func claim(_ path: FilePath) async throws -> (ClaimedFolder, MaskManifest) {
        let old = try MaskManifest(readingFrom: path.appending(MaskManifest.fileName))
        #expect(old.schema == 1)
        let wanted = MaskManifest(method: old.method, auxiliary: old.auxiliary, input: old.input)
        return (try await MaskFolder.claim(path, for: wanted, replaces: false), wanted)
    }

    @Test(arguments: [
        ("clips/ball_001_masks", []),
        ("depth_masks", [AuxiliaryFolder("depth", .depth)]),
        ("sam_labels_masks", [AuxiliaryFolder("labels", .labels)]),
        ("sam_masks", [AuxiliaryFolder("object_1", .mask), AuxiliaryFolder("object_2", .mask)]),
    ])
    func aCompleteFolderIsReadAndStaysAsItIs(
        name: String,
        auxiliary: [AuxiliaryFolder]
    ) async throws {
        let folder = try TemporaryFolder()
        try BeforeRenames.copy(name, to: folder["masks"])
        let before = try MaskSet.content(of: folder["masks"])

        let (claim, wanted) = try await claim(folder["masks"])

        #expect(wanted.auxiliary == auxiliary)
        guard case .complete(let manifest) = claim.state else {
            Issue.record("it is not complete")
            return
        }
        #expect(manifest.frames.count == 25)
        let scores = Set(manifest.frames.flatMap { ($0.scores ?? [:]).keys })
        switch manifest.method.name {
        case "sam":
            let names = ["object_1.iou", "object_1.objectScore", "object_2.iou"]
            #expect(scores.sorted() == names + ["object_2.objectScore"])
        case "depth": #expect(scores == ["farthest", "nearest", "threshold"])
        default: #expect(scores.isEmpty)
        }
        #expect(try MaskSet.content(of: folder["masks"]) == before)
    }

    @Test(arguments: [
        ("saliency_interrupted_masks", 5), ("depth_interrupted_masks", 8),
        ("sam_interrupted_masks", 2),
    ])
    func anInterruptedFolderIsResumedUnderTodaysNames(name: String, count: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder["masks"]
        try BeforeRenames.copy(name, to: path)
        let old = try MaskSet(path).manifest

        let (claim, wanted) = try await claim(path)
        guard case .resumable(let found) = claim.state else {
            Issue.record("it is not resumable")
            return
        }
        #expect(found.count == count && found.last == old.frames.last)
        // As if the run were interrupted again at once.
        let target = try claim.begin(wanted)
        claim.abandon(wanted, target, target.journal)

        let new = try MaskSet(path).manifest
        #expect(
            new.schema == MaskManifest.currentSchema && !new.complete && new.frameCount == count
        )
        #expect(new.frames == old.frames && new.auxiliary == old.auxiliary)
        #expect(new.differences(from: old).isEmpty && new.identity == old.identity)
        for file in [MaskManifest.fileName, ".8cut-journal.jsonl"] {
            let text = String(decoding: try MaskSet.bytes(of: path.appending(file)), as: UTF8.self)
            #expect(!text.contains("presence") && !text.contains("sideFolders"))
        }
    }

    @Test func aLineThatWasCutOffEndsTheJournal() async throws {
        let folder = try TemporaryFolder()
        let path = folder["masks"]
        try BeforeRenames.copy("sam_interrupted_masks", to: path)
        let journal = path.appending(".8cut-journal.jsonl")
        let bytes = try MaskSet.bytes(of: journal).dropLast(40)
        try FileDescriptor.open(journal, .writeOnly, options: .truncate).closeAndWrite(bytes)

        let (claim, _) = try await claim(path)
        guard case .resumable(let kept) = claim.state else {
            Issue.record("it is not resumable")
            return
        }
        #expect(kept.count == 1)
    }
}

extension FileDescriptor {
    fileprivate func closeAndWrite(_ bytes: some Sequence<UInt8>) throws {
        _ = try closeAfter { try writeAll(bytes) }
    }
}
