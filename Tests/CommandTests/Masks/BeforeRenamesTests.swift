import Files
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// Folders of masks that the version before the renames has left.
@Suite struct BeforeRenamesTests {
    private static let depth = ["--steady", "--save-depth"]
    private static let sam = ["--point", "20,27", "--box", "40,10,80,50@10#2"]

    private func arguments(_ method: String, to output: FilePath) -> [String] {
        let (clip, options) = (BeforeRenames.clip, ["--progress", "plain"])
        switch method {
        case "depth": return DepthRun.arguments(clip, to: output, Self.depth + options)
        case "sam":
            return SamRun.arguments(clip, to: output, Self.sam + ["--objects", "separate"])
        default:
            return ["masks", method, "-i", clip.string, "-o", output.string] + options
        }
    }

    private func run(_ arguments: [String]) async throws -> ProgramResult {
        try await Program.run8cut(arguments, environment: TestTools.environment)
    }

    @Test(arguments: [("depth", 8), ("sam", 2)])
    func anInterruptedRunIsResumed(method: String, count: Int) async throws {
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try BeforeRenames.copy(method + "_interrupted_masks", to: output)
        let before = try MaskSet.content(of: output)

        let result = try await run(arguments(method, to: output))
        #expect(result.status == 0, "\(result.errors)")
        let first = try #require(result.lines.first { $0.hasPrefix("frame ") })
        let number = Int(first.dropFirst("frame ".count).prefix { $0 != "/" })
        #expect(try #require(number) > count, "it starts over")
        let undisturbed = try await run(arguments(method, to: folder["fresh"]))
        #expect(undisturbed.status == 0, "\(undisturbed.errors)")

        let resumed = try MaskSet.content(of: output)
        let fresh = try MaskSet.content(of: folder["fresh"])
        #expect(resumed.keys.sorted() == fresh.keys.sorted())
        for frame in 0..<count {
            let name = MaskName.of(frame: frame)
            #expect(resumed[name] == before[name])
        }
        // Networks may round differently where the old masks were made.
        let (made, expected) = (try MaskSet(output), try MaskSet(folder["fresh"]))
        for frame in 0..<25 { #expect(try MaskMetrics.iou(made[frame], expected[frame]) > 0.98) }
        #expect(made.manifest.complete && made.manifest.schema == 3)
        #expect(made.manifest.auxiliary == expected.manifest.auxiliary)
        // Earlier versions did not say how clear a mask is.
        let names = { (set: MaskSet) in
            set.manifest.frames.map { record in
                record.scores?.keys.filter { !$0.hasSuffix(".clarity") }.sorted()
            }
        }
        #expect(names(made) == names(expected))
    }

    /// The built-in method gives other masks than it did: they are not mixed.
    @Test func masksOfAnEarlierMethodAreKept() async throws {
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try BeforeRenames.copy("saliency_interrupted_masks", to: output)
        let before = try MaskSet.content(of: output)

        let result = try await run(arguments("saliency", to: output))
        #expect(result.status == 4)
        #expect(result.errors.contains("revision"), "\(result.errors)")
        #expect(result.errors.contains("--overwrite"), "\(result.errors)")
        #expect(try MaskSet.content(of: output) == before)

        let replaced = try await run(arguments("saliency", to: output) + ["--overwrite"])
        #expect(replaced.status == 0, "\(replaced.errors)")
        #expect(try MaskSet(output).manifest.complete)
    }

    @Test func aCompleteRunEndsAtOnce() async throws {
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try BeforeRenames.copy("sam_masks", to: output)
        let before = try MaskSet.content(of: output)

        let result = try await run(arguments("sam", to: output))

        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("all 25 masks were there already"))
        #expect(try MaskSet.content(of: output) == before)
    }

    @Test func aDamagedMaskIsMadeAgain() async throws {
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try BeforeRenames.copy("sam_masks", to: output)
        try AtomicFile.write("no image", to: output.appending("frame_0020.png"))

        let result = try await run(arguments("sam", to: output))

        #expect(result.status == 0, "\(result.errors)")
        let manifest = try MaskSet(output).manifest
        #expect(manifest.complete && manifest.schema == 3 && manifest.frames.count == 25)
        #expect(manifest.frames.allSatisfy { $0.scores?["object_2.objectScore"] != nil })
    }

    @Test func overwritingRemovesTheOldAuxiliaryFolders() async throws {
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try BeforeRenames.copy("sam_masks", to: output)
        let options = Self.sam + ["--objects", "labels"]

        let result = try await run(
            SamRun.arguments(BeforeRenames.clip, to: output, options + ["--overwrite"])
        )
        #expect(result.status == 0, "\(result.errors)")
        let fresh = folder["fresh"]
        _ = try await run(SamRun.arguments(BeforeRenames.clip, to: fresh, options))
        #expect(try MaskSet.content(of: output) == MaskSet.content(of: fresh))
    }
}
