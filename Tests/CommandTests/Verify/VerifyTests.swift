import Files
import FoundationEssentials
import Glibc
import Imaging
import MaskStore
import SystemPackage
import TestSupport
import Testing

/// `8cut verify` and `8cut measure`. What the reference script would give is taken from the
/// fixtures that the reference has made; a stand-in for its Python hands that out.
@Suite struct VerifyTests {
    private static let frame = "landscape-128x72"

    @Test func enginesThatAgreeAreReportedWithTheirCosts() async throws {
        let reference = try await AnsweringReference(Self.frame)
        let report = reference.folder["report.json"]
        let result = try await reference.verify("--report", report.string)

        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.last?.hasPrefix("the engines agree on 1 frame: mask IoU 1.0") == true)
        let row = try #require(result.lines.first { $0.hasPrefix("    0 ") })
        #expect(row.split(separator: " ").count == 3)
        #expect(result.lines.contains { $0.hasPrefix("peak memory") && $0.contains("100 MiB") })
        let read = try JSONDecoder().decode(
            Report.self,
            from: Data(try MaskSet.bytes(of: report))
        )
        #expect(read.agrees && read.model == "tiny" && read.precision == "fp32")
        #expect(read.frames.map(\.maskIoU).allSatisfy { $0 >= 0.99 })
        #expect(read.frames.map(\.depthError).allSatisfy { $0 < 1e-4 })
        #expect(read.native.secondsPerFrame > 0)
        #expect(try Folder.names(in: reference.home.appending("reference")).isEmpty)
        // The result is not progress: nothing else is on standard output, and it is there always.
        #expect(result.lines.first == "frame  mask IoU  depth error", "\(result.output)")
        #expect(result.errors.contains("frame 1/") && result.errors.contains("report: "))
        let quiet = try await reference.verify("--quiet")
        #expect(quiet.errors.isEmpty && quiet.lines.count == result.lines.count)
    }

    @Test func aReportReplacesReportsOnly() async throws {
        let reference = try await AnsweringReference(Self.frame)
        let notes = reference.folder["notes.json"]
        try AtomicFile.write("{\"mine\":1}", to: notes)
        let linked = reference.folder["linked.mkv"]
        #expect(link(reference.clip.string, linked.string) == 0)
        symlink(notes.string, reference.folder["link.json"].string)
        let video = try MaskSet.bytes(of: reference.clip)
        for name in ["notes.json", "link.json", "linked.mkv", "clip.mkv"] {
            let result = try await reference.verify("--report", reference.folder[name].string)
            #expect(result.status == 73, "\(name): \(result.errors)")
            #expect(result.errors.contains("--report"), "\(result.errors)")
        }
        #expect(try MaskSet.bytes(of: reference.clip) == video)
        #expect(try MaskSet.bytes(of: notes) == Array("{\"mine\":1}".utf8))
        let report = reference.folder["report.json"].string
        for _ in 0..<2 { #expect(try await reference.verify("--report", report).status == 0) }
    }

    @Test func aMaskThatDiffersIsSeen() async throws {
        let reference = try await AnsweringReference(Self.frame)
        try reference.changeMask { $0.invert() }
        let result = try await reference.verify()
        #expect(result.status == 5)
        #expect(result.lines.last?.contains("DO NOT agree") == true)
    }

    @Test func depthThatDiffersIsSeen() async throws {
        let reference = try await AnsweringReference(Self.frame)
        try reference.changeDepth { $0[100] += 1 }
        let result = try await reference.verify()
        #expect(result.status == 5)
        #expect(result.lines.last?.contains("mask IoU 1.0000") == true)
    }

    @Test func aScriptThatFailsIsReported() async throws {
        let reference = try await AnsweringReference(Self.frame)
        unlink(reference.folder["mask.png"].string)
        let result = try await reference.verify()
        #expect(result.status == 71)
        #expect(result.errors.contains("mask.png"))
    }

    @Test func withoutTheReferencePackagesItSaysWhatToInstall() async throws {
        let reference = try await AnsweringReference(Self.frame)
        unlink(reference.home.appending("venv").appending("8cut.json").string)
        let result = try await reference.verify()
        #expect(result.status == 69)
        #expect(result.errors.contains("8cut tools install --reference"))
    }

    @Test func masksAreMeasured() async throws {
        let reference = try await AnsweringReference(Self.frame)
        let folder = reference.folder
        for (name, threshold) in [("low", "20"), ("high", "235")] {
            let made = try await Program.run8cut(
                [
                    "masks", "depth", "-i", reference.clip.string, "-o", folder[name].string,
                    "--model", DepthFixtures.folder.appending("tiny").string, "--threshold",
                    threshold,
                ],
                environment: try reference.environment
            )
            #expect(made.status == 0, "\(made.errors)")
        }
        let measure = ["measure", "-i", reference.clip.string, "--masks", folder["low"].string]
        let same = try await Program.run8cut(measure + ["--other", folder["low"].string])
        let other = try await Program.run8cut(measure + ["--other", folder["high"].string])
        let areas = try ["low", "high"].map { name in
            try PNG.readGray(folder[name].appending("frame_0000.png")).pixels.count { $0 > 0 }
        }

        #expect(same.status == 0 && same.lines.contains("IoU mean 1.0 least 1.0"))
        #expect(same.lines.contains("flicker 0.0") && same.lines.contains("successive IoU 1.0"))
        // What is above the higher level is above the lower one too.
        let part = (Double(areas[1]) / Double(areas[0]) * 1e6).rounded() / 1e6
        #expect(areas[1] > 0 && other.lines.contains("IoU mean \(part) least \(part)"))
    }

    private struct Report: Decodable {
        struct Frame: Decodable {
            let maskIoU: Double
            let depthError: Double
        }
        struct Timing: Decodable {
            let secondsPerFrame: Double
        }
        let model: String
        let precision: String
        let agrees: Bool
        let frames: [Frame]
        let native: Timing
    }
}
