import Files
import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// `8cut verify` with SAM 2. What the reference would give is made by the native engine; a
/// stand-in for its Python hands that out.
@Suite struct VerifySamTests {
    @Test func objectsAreComparedFrameByFrame() async throws {
        let reference = try await AnsweringSamReference()
        let report = reference.folder["report.json"]
        let result = try await reference.verify(
            AnsweringSamReference.options + ["--report", report.string]
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.last?.hasPrefix("the engines agree on 5 frames: mask IoU 1") == true)
        #expect(
            result.lines.count { $0.wholeMatch(of: #/ +[0-4] +[12] +1\.0000 .*/#) != nil } == 10
        )
        let read = try JSONDecoder().decode(
            Report.self,
            from: Data(try MaskSet.bytes(of: report))
        )
        #expect(read.agrees && read.limits.mostError == 1e-3 && read.limits.leastIoU == 0.995)
        #expect(read.frames.map { $0.objects.map(\.object) } == Array(repeating: [1, 2], count: 5))
        #expect(read.frames.flatMap(\.objects).allSatisfy { $0.logitError < 1e-3 })
        let prompts = try MaskSet.bytes(of: reference.folder["prompts.json"])
        let text = String(decoding: prompts, as: UTF8.self)
        #expect(text.contains("\"box\":[90,40,150,85],\"frame\":2,\"object\":2"))
    }

    @Test func logitsThatDifferAreSeen() async throws {
        let reference = try await AnsweringSamReference()
        try reference.changeLogits(1, frame: 3) { $0[100] += 1000 }
        let result = try await reference.verify()
        #expect(result.status == 5)
        #expect(result.lines.last?.contains("mask IoU 1.0000") == true)
    }

    @Test func anObjectsMaskThatDiffersIsSeen() async throws {
        let reference = try await AnsweringSamReference()
        try reference.changeMask(1, frame: 1) { $0.invert() }
        let result = try await reference.verify()
        #expect(result.status == 5)
        #expect(result.lines.last?.contains("DO NOT agree") == true)
    }

    @Test func anObjectThatOneEngineDoesNotSeeIsSeen() async throws {
        let reference = try await AnsweringSamReference()
        try reference.changeLogits(1, frame: 4) { logits in
            logits = Array(repeating: -1024, count: logits.count)
        }
        let result = try await reference.verify()
        #expect(result.status == 5)
        #expect(result.lines.contains { $0.hasSuffix("not seen by both") })
    }

    @Test func whatCannotBeComparedIsReportedAtOnce() async throws {
        let reference = try await AnsweringSamReference()
        let late = try await reference.verify(["--point", "5,5@7"])
        #expect(late.status == 64 && late.errors.contains("at least 8 frames"), "\(late.errors)")
        let outside = try await reference.verify(["--point", "500,5"])
        #expect(outside.status == 64 && outside.errors.contains("outside the frame"))
        let depth = DepthFixtures.folder.appending("tiny")
        let prompted = try await reference.verify(model: depth)
        #expect(prompted.status == 64 && prompted.errors.contains("depth model"))
        let other = reference.folder["other"]
        try SmallCheckpoint.make(other)
        let unknown = try await reference.verify(model: other, [])
        #expect(unknown.status == 65 && unknown.errors.contains("'model_type' is 'test'"))
    }

    private struct Report: Decodable {
        struct Frame: Decodable {
            let objects: [Object]
        }
        struct Object: Decodable {
            let object: Int
            let logitError: Double
        }
        struct Limits: Decodable {
            let leastIoU: Double
            let mostError: Double
        }
        let agrees: Bool
        let limits: Limits
        let frames: [Frame]
    }
}
