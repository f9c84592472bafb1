import Files
import FoundationEssentials
import Glibc
import Imaging
import MLTools
import SystemPackage
import TestSupport
import Testing

/// `8cut verify --text-model`. What the reference script would give is taken from the fixtures that
/// the reference has made; a stand-in for its Python hands that out.
@Suite struct VerifyTextTests {
    private let folder: TemporaryFolder
    private let fixtures: Owlv2Fixtures
    private let clip: FilePath
    private let frame = "landscape"

    init() async throws {
        folder = try TemporaryFolder()
        fixtures = try Owlv2Fixtures()
        clip = folder["clip.mkv"]
        let image = try fixtures.frame(frame)
        let raw = folder["frame.rgb"]
        try image.pixels.withUnsafeBytes { try AtomicFile.write($0, to: raw) }
        try await Program.ffmpeg([
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(image.width)x\(image.height)", "-i",
            raw.string, "-c:v", "ffv1", "-pix_fmt", "gbrp", clip.string,
        ])
        try StandInPython.install(
            """
            while [ $# -gt 0 ]; do
                [ "$1" = --output ] && out=$2
                [ "$1" = --texts ] && texts=$2
                shift
            done
            mkdir -p "$out"
            cp "$texts" '\(folder["texts.json"])'
            cp '\(folder["boxes.f32"])' "$out/frame_0000.f32" || exit 1
            echo 'frame 1/1'
            echo '{"peak_rss_bytes": 104857600}'
            """,
            in: folder["home"]
        )
        try answer()
    }

    /// Lets the reference answer what it has found in the fixtures, with changes: a row is the
    /// corners, the objectness and a logit for each text.
    private func answer(_ change: (inout [[Float]]) -> Void = { _ in }) throws {
        let expected = fixtures.expected
        let corners = try expected.floats(frame + ".corners")
        let logits = try expected.floats(frame + ".logits")
        let objectness = try expected.floats(frame + ".objectness").values
        var rows = objectness.indices.map { row in
            Array(corners.values[4 * row..<4 * row + 4]) + [objectness[row]]
                + logits.values[logits.shape[1] * row..<logits.shape[1] * (row + 1)]
        }
        change(&rows)
        try rows.flatMap(\.self).withUnsafeBytes {
            try AtomicFile.write($0, to: folder["boxes.f32"])
        }
    }

    private func verify(
        _ options: [String] = [],
        texts: [String]? = nil
    ) async throws -> ProgramResult {
        let library = try RuntimeLocation.find(in: TestTools.home.environment)
        return try await Program.run8cut(
            [
                "verify", "-i", clip.string, "--device", "cpu", "--text-model",
                Owlv2Fixtures.tiny.string,
            ] + (texts ?? fixtures.texts).flatMap { ["--text", $0] } + options,
            environment: [
                "EIGHTCUT_HOME": folder["home"].string, "EIGHTCUT_ONNXRUNTIME": library.string,
            ]
        )
    }

    /// The row with the highest logit of the first text.
    private func best(_ rows: [[Float]]) -> Int {
        rows.indices.max { rows[$0][5] < rows[$1][5] } ?? 0
    }

    @Test func boxesAndScoresAreComparedSideBySide() async throws {
        let report = folder["report.json"]
        let result = try await verify(["--report", report.string])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.last?.hasPrefix("the engines agree on 1 frame: logit error") == true)
        for text in fixtures.texts {
            #expect(result.lines.contains { $0.hasPrefix("0      \(text) ") }, "\(result.lines)")
        }
        #expect(result.lines.contains { $0.hasPrefix("peak memory") && $0.contains("100 MiB") })
        let read = try JSONDecoder().decode(Report.self, from: Data(MaskSet.bytes(of: report)))
        #expect(read.agrees && read.v == 1 && read.queries == fixtures.texts)
        #expect(read.limits.mostLogitError == 1e-4 && read.limits.mostBoxError == 2e-5)
        let frame = try #require(read.frames.first)
        #expect(frame.logitError < 5e-5 && frame.boxError < 5e-6)
        #expect(frame.best.allSatisfy { $0.iou > 0.999 && $0.box.count == 4 })
        // The texts go to the reference as they were typed.
        let given = try JSONDecoder().decode(
            [[String]].self,
            from: Data(MaskSet.bytes(of: folder["texts.json"]))
        )
        #expect(given == fixtures.texts.map { [$0] })
        // A report replaces a report, and nothing else.
        #expect(try await verify(["--report", report.string]).status == 0)
        #expect(try await verify(["--report", clip.string]).status == 73)
    }

    @Test func whatDiffersIsSeen() async throws {
        let changes: [(String, (inout [[Float]]) -> Void)] = [
            ("a logit", { $0[7][6] += 0.001 }),
            ("an objectness", { $0[7][4] += 0.001 }),
            ("a corner by a sixtieth of a pixel", { $0[7][2] += 1.0 / 60 }),
            ("no number", { $0[7][0] = .nan }),
        ]
        for (what, change) in changes {
            try answer(change)
            let result = try await verify()
            #expect(result.status == 5, "\(what)")
            #expect(result.lines.last?.contains("DO NOT agree") == true, "\(what)")
        }
        // Another best box.
        try answer { rows in
            let first = best(rows)
            rows[first == 0 ? 50 : 0][5] = rows[first][5] + 1
        }
        let result = try await verify()
        #expect(result.status == 5 && result.lines.last?.contains("IoU of the best") == true)
    }

    @Test func anAnswerOfAnotherSizeIsAnError() async throws {
        try answer { $0.removeLast() }
        let result = try await verify()
        #expect(result.status == 71 && result.errors.contains("another size"), "\(result.errors)")
        try AtomicFile.write("", to: folder["boxes.f32"])
        #expect(try await verify().status == 71)
    }

    @Test func aScriptThatFailsIsReported() async throws {
        unlink(folder["boxes.f32"].string)
        let result = try await verify()
        #expect(result.status == 71 && result.errors.contains("boxes.f32"), "\(result.errors)")
    }

    @Test func optionsThatDoNotFitAreErrors() async throws {
        #expect(try await verify(texts: []).status == 64)
        #expect(try await verify(["--model", "depth-anything-v2-small"]).status == 64)
        #expect(try await verify(["--point", "5,5"]).status == 64)
        let foreign = try await verify(texts: ["犬"])
        #expect(foreign.status == 64 && foreign.errors.contains("English"), "\(foreign.errors)")
        let long = try await verify(texts: [String(repeating: "dog ", count: 17)])
        #expect(long.status == 64 && long.errors.contains("tokens"), "\(long.errors)")
        let other = try await Program.run8cut(
            [
                "verify", "-i", clip.string, "--text", "dog", "--text-model",
                DepthFixtures.folder.appending("tiny").string,
            ],
            environment: ["EIGHTCUT_HOME": folder["home"].string]
        )
        #expect([64, 65].contains(other.status) || other.status == 69, "\(other.errors)")
    }

    private struct Report: Decodable {
        struct Limits: Decodable {
            let mostLogitError: Double
            let mostBoxError: Double
        }
        struct Frame: Decodable {
            let logitError: Double
            let boxError: Double
            let best: [Best]
        }
        struct Best: Decodable {
            let box: [Double]
            let iou: Double
        }
        let v: Int
        let agrees: Bool
        let queries: [String]
        let limits: Limits
        let frames: [Frame]
    }
}
