import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `--invert` changes the files and nothing else: what is said about masks is about the object.
@Suite struct PolarityTests {
    /// A clip of twelve frames with its masks in `plain`, and in `inverted` with black objects.
    private static func made(in folder: TemporaryFolder, _ source: String? = nil) async throws {
        let frames = source ?? Clip.source(size: (96, 64), seconds: 0.5)
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", frames, "-c:v", "ffv1", folder["clip.mkv"].string,
        ])
        for (name, more) in [("plain", []), ("inverted", ["--invert"])] {
            let result = try await run(folder, ["-o", name] + more)
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    private static func run(
        _ folder: TemporaryFolder,
        _ more: [String]
    ) async throws -> ProgramResult {
        try await Program.run8cut(
            ["masks", "saliency", "-i", "clip.mkv"] + more,
            in: folder.path
        )
    }

    @Test func recordsMeasuresAndPreviewsAreOfTheObject() async throws {
        let folder = try TemporaryFolder()
        try await Self.made(in: folder)

        let plain = try MaskSet(folder["plain"])
        let inverted = try MaskSet(folder["inverted"])
        #expect(plain.manifest.frames == inverted.manifest.frames)
        #expect(inverted.manifest.schema == 3 && inverted.manifest.polarity == .blackObject)
        for frame in plain.names.indices {
            #expect(try plain[frame].pixels.map { ~$0 } == inverted[frame].pixels)
        }
        let measured = try await Program.run8cut(
            ["measure", "-i", "clip.mkv", "--masks", "plain", "--other", "inverted"],
            in: folder.path
        )
        #expect(measured.status == 0, "\(measured.errors)")
        #expect(measured.lines.suffix(2) == ["IoU mean 1.0 least 1.0", "pairs 12"])
        var figures: [[String]] = []
        for name in ["plain", "inverted"] {
            let one = try await Program.run8cut(
                ["measure", "-i", "clip.mkv", "--masks", name],
                in: folder.path
            )
            figures.append(one.lines)
            let preview = try await Program.run8cut(
                ["preview", "-i", "clip.mkv", "-m", name, "-o", name + ".png"],
                in: folder.path
            )
            #expect(preview.status == 0, "\(preview.errors)")
        }
        #expect(figures[0] == figures[1] && figures[0].count == 2)
        let sheets = try ["plain.png", "inverted.png"].map { try MaskSet.bytes(of: folder[$0]) }
        #expect(sheets[0] == sheets[1])
        // Without its manifest, white is the object, as in masks of other programs.
        try AtomicFile.rename(folder["inverted/masks.json"], to: folder["inverted/other.json"])
        let foreign = try await Program.run8cut(
            ["measure", "-i", "clip.mkv", "--masks", "plain", "--other", "inverted"],
            in: folder.path
        )
        #expect(foreign.lines.contains("IoU mean 0.0 least 0.0"), "\(foreign.output)")
        // A manifest that nobody can read says nothing about black and white.
        try AtomicFile.write("{\"schema\": 3,", to: folder["inverted/masks.json"])
        let unknown = try await Program.run8cut(
            ["measure", "-i", "clip.mkv", "--masks", "inverted"],
            in: folder.path
        )
        #expect(unknown.status == 65 && unknown.output.isEmpty, "\(unknown.errors)")
    }

    @Test func nothingIsNothingInBothPolarities() async throws {
        let folder = try TemporaryFolder()
        try await Self.made(in: folder, "color=gray:size=96x64:rate=10:duration=0.4")
        for (name, more) in [("plain", []), ("inverted", ["--invert"])] {
            let again = try await Self.run(folder, ["-o", name] + more)
            #expect(again.errors.contains("4 of 4 masks show no object."), "\(again.errors)")
            #expect(!again.errors.contains("all object"), "\(again.errors)")
        }
        let white = try MaskSet(folder["inverted"])
        #expect(try white[0].pixels.allSatisfy { $0 == 255 })
        #expect(white.manifest.frames.allSatisfy { $0.flags == [.empty] && $0.box == nil })
    }

    /// Folders of the versions before the third, whose records are about the white part.
    @Test func earlierInvertedFoldersAreReadAndResumed() async throws {
        let folder = try TemporaryFolder()
        try await Self.made(in: folder)
        let output = folder["inverted"]
        let fresh = try MaskSet.content(of: output)
        let lines = try Earlier.records(of: output)
        let old = try Earlier.manifest(of: output, schema: 2)

        // Complete: the masks stay, and what is said about them is put right.
        try AtomicFile.write(Earlier.complete(old, lines), to: output.appending("masks.json"))
        let before = try MaskSet(output).manifest
        #expect(before.describesBackground && before.frames[5].area > 0.5)
        let complete = try await Self.run(folder, ["-o", "inverted", "--invert"])
        #expect(complete.status == 0, "\(complete.errors)")
        #expect(complete.output.contains("all 12 masks were there already"))
        #expect(!complete.errors.contains("all object"), "\(complete.errors)")
        #expect(try MaskSet.content(of: output) == fresh)

        // Complete, with a mask that is gone.
        try AtomicFile.write(Earlier.complete(old, lines), to: output.appending("masks.json"))
        try FileDescriptor.remove(output.appending("frame_0008.png"))
        let repaired = try await Self.run(folder, ["-o", "inverted", "--invert"])
        #expect(repaired.status == 0, "\(repaired.errors)")
        #expect(repaired.errors.contains("frame 8"), "\(repaired.errors)")
        #expect(try MaskSet.content(of: output) == fresh)

        // Interrupted after seven frames.
        try AtomicFile.write(Earlier.begun(old), to: output.appending("masks.json"))
        let journal = lines.prefix(7).map { $0 + "\n" }.joined()
        try AtomicFile.write(journal, to: output.appending(".8cut-journal.jsonl"))
        for frame in 7..<12 {
            try FileDescriptor.remove(output.appending(MaskName.of(frame: frame)))
        }
        let resumed = try await Self.run(folder, ["-o", "inverted", "--invert"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.lines.contains("frame 12/12") && !resumed.lines.contains("frame 7/12"))
        #expect(try MaskSet.content(of: output) == fresh)
    }
}

extension FileDescriptor {
    fileprivate static func remove(_ path: FilePath) throws {
        try OpenFolder(path.removingLastComponent()).removeFile(path.lastComponent ?? "none")
    }
}

/// `masks.json` as versions before the third wrote it.
private enum Earlier {
    /// The records of the white part, one line each.
    static func records(of folder: FilePath) throws -> [String] {
        let masks = try MaskSet(folder)
        var jumps = JumpDetector()
        return try masks.names.indices.map { frame in
            let known = masks.manifest.frames[frame]
            let record = FrameRecord(
                frame: frame,
                time: known.time,
                mask: Mask(
                    image: try masks[frame],
                    scores: known.scores ?? [:],
                    // Earlier versions had none: everything else is compared.
                    judgement: known.judgement
                )
            )
            return try JSONText.line(jumps.flagged(record))
        }
    }

    /// The text before the records.
    static func manifest(of folder: FilePath, schema: Int) throws -> String {
        let text = String(
            decoding: try MaskSet.bytes(of: folder.appending("masks.json")),
            as: UTF8.self
        )
        let end = text.firstRange(of: "\"frames\" : [")?.upperBound ?? text.endIndex
        let head = String(text[..<end])
        return head.replacing("\"schema\" : 3", with: "\"schema\" : \(schema)")
    }

    static func complete(_ head: String, _ lines: [String]) -> String {
        head + "\n    " + lines.joined(separator: ",\n    ") + "\n  ]\n}\n"
    }

    static func begun(_ head: String) -> String {
        head.replacing("\"complete\" : true", with: "\"complete\" : false")
            .replacing("\n  \"frameCount\" : 12", with: "\n  \"frameCount\" : 0")
            + "\n  ]\n}\n"
    }
}
