import Files
import Imaging
import MaskStore
import Progress
import SystemPackage
import TestSupport
import Testing

/// `8cut measure --truth`: J and F of DAVIS.
@Suite struct TruthTests {
    /// Masks as `frame_0000.png`, true ones as `00000.png`.
    private static func write(_ sequence: DavisSequence, to folder: TemporaryFolder) throws {
        for name in ["masks", "truth"] { try Folder.create(folder[name]) }
        for (index, frame) in sequence.frames.enumerated() {
            let name = MaskName.of(frame: index)
            try PNG.write(sequence.drawn(frame.mask), to: folder["masks"].appending(name))
            let number = "0" + name.dropFirst("frame_".count)
            try PNG.write(sequence.drawn(frame.truth), to: folder["truth"].appending(number))
        }
    }

    private static func measure(
        _ folder: TemporaryFolder,
        _ more: [String] = []
    ) async throws -> ProgramResult {
        try await Program.run8cut(
            ["measure", "--masks", "masks", "--truth", "truth"] + more,
            in: folder.path
        )
    }

    @Test func figuresAreThoseOfTheBenchmark() async throws {
        for sequence in try DavisSequence.read() {
            let folder = try TemporaryFolder()
            try Self.write(sequence, to: folder)
            for (options, expected) in [
                ([], sequence.all), (["--official"], sequence.official),
            ] {
                let result = try await Self.measure(folder, options + ["--json"])
                #expect(result.status == 0, "\(result.errors)")
                let figures = try DavisSequence.Figures(json: result.output)
                #expect(figures.j.agrees(with: expected.j), "\(result.output)")
                #expect(figures.f.agrees(with: expected.f), "\(result.output)")
            }
        }
    }

    @Test func linesAreForPeople() async throws {
        let folder = try TemporaryFolder()
        let sequence = try DavisSequence.read()[0]
        try Self.write(sequence, to: folder)
        let result = try await Self.measure(folder, ["--progress", "plain"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.lines == [
                "J mean 0.55005 recall 0.4 decay 0.367501",
                "F mean 0.414176 recall 0.4 decay 0.359856",
            ]
        )
        #expect(result.errors.contains("frame 5/5\n5 masks compared"), "\(result.errors)")
    }

    @Test func blackObjectsOf8cutCountAsObjects() async throws {
        let folder = try TemporaryFolder()
        try await Clip.make(folder["clip.mp4"], size: (96, 64), seconds: 0.2)
        for (name, more) in [("masks", ["--invert"]), ("truth", [])] {
            let made = try await Program.run8cut(
                ["masks", "saliency", "-i", "clip.mp4", "-o", name] + more,
                in: folder.path
            )
            #expect(made.status == 0, "\(made.errors)")
        }
        let result = try await Self.measure(folder)
        let perfect = "mean 1.0 recall 1.0 decay 0.0"
        #expect(result.lines == ["J \(perfect)", "F \(perfect)"], "\(result.output)")
    }

    private struct Case {
        let script: String
        let words: String
        let status: Int32
        var options: [String] = []
    }

    private static let cases: [Case] = [
        Case(script: "rm masks/frame_0002.png", words: "it has 4 of them, and", status: 65),
        Case(
            script: "mv masks/frame_0002.png masks/frame_0007.png",
            words: "mask 3 is 'frame_0003.png', but '00002.png' in",
            status: 65
        ),
        Case(
            script: "cp masks/frame_0000.png masks/0.png",
            words: "'0.png' and 'frame_0000.png' have the same number",
            status: 65
        ),
        Case(
            script: "ffmpeg -v error -y -f lavfi -i color=white:size=32x32 -frames:v 1 "
                + "-pix_fmt gray truth/00001.png",
            words: "it has 64x48 pixels, and '",
            status: 65
        ),
        Case(
            script: "head -c 60 masks/frame_0004.png > cut; mv cut masks/frame_0004.png",
            words: "masks/frame_0004.png': ",
            status: 65
        ),
        Case(script: "rm truth/*", words: "no file is named 00000.png", status: 65),
        Case(script: "rm -r truth", words: "there is no such folder", status: 66),
        Case(
            script: "rm */*[2-4].png",
            words: "without the first and the last frame there is none",
            status: 65,
            options: ["--official"]
        ),
    ]

    @Test func foldersThatDoNotFitAreRefused() async throws {
        for test in Self.cases {
            let folder = try TemporaryFolder()
            try Self.write(try DavisSequence.read()[0], to: folder)
            let change = try await Program.run("sh", ["-c", test.script], in: folder.path)
            #expect(change.status == 0, "\(change.errors)")
            let result = try await Self.measure(folder, test.options)
            #expect(result.status == test.status, "\(test.script): \(result.errors)")
            #expect(result.errors.contains(test.words), "\(test.script): \(result.errors)")
            #expect(result.output.isEmpty, "\(result.output)")
        }
    }

    @Test func everyFifthFrameMayHaveMasksThatCountFromZero() async throws {
        let folder = try TemporaryFolder()
        try Self.write(try DavisSequence.read()[0], to: folder)
        let expected = try await Self.measure(folder).output
        let script = """
            cd truth
            for n in 4 3 2 1; do mv 0000$n.png $(printf %05d.png $((5 * n))); done
            """
        let change = try await Program.run("sh", ["-c", script], in: folder.path)
        #expect(change.status == 0, "\(change.errors)")
        let result = try await Self.measure(folder)
        #expect(result.output == expected && !expected.isEmpty, "\(result.errors)")
    }

    @Test func optionsOfTheTwoKindsAreNotMixed() async throws {
        let folder = try TemporaryFolder()
        for options in [
            ["--masks", "m"], ["--masks", "m", "--input", "a.mp4", "--json"],
            ["--masks", "m", "--input", "a.mp4", "--official"],
            ["--masks", "m", "--truth", "t", "--input", "a.mp4"],
            ["--masks", "m", "--truth", "t", "--other", "o"],
            ["--masks", "m", "--truth", "t", "--fps", "25"],
        ] {
            let result = try await Program.run8cut(["measure"] + options, in: folder.path)
            #expect(result.status == 64, "\(options): \(result.errors)")
            #expect(result.errors.contains("--truth"), "\(options): \(result.errors)")
        }
    }
}
