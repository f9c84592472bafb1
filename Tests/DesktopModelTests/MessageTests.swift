import DesktopModel
import Diagnostics
import Files
import FoundationEssentials
import Progress
import SystemPackage
import TestSupport
import Testing

/// Errors and warnings of child processes come with what a translation needs.
@Suite struct MessageTests {
    @Test func valuesAreKeptApartFromTheWords() throws {
        let rate = 44_100
        let text: MessageText = "its sample rate is \(rate) Hz, " + "not \("48000") Hz"
        #expect(text.template == "its sample rate is %1 Hz, not %2 Hz")
        #expect(text.values == [.plain("44100"), .plain("48000")])
        #expect(text.english == "its sample rate is 44100 Hz, not 48000 Hz")
        let outer: MessageText = "cannot go on: \(text)"
        #expect(outer.english == "cannot go on: " + text.english)
        #expect(outer.values == [.message(text)])
        // Text of others is no template.
        #expect(MessageText("100%1").english == "100%1")
        #expect((MessageText("%1") + " and \(2)").english == "%1 and 2")
        let read = try JSONDecoder().decode(MessageText.self, from: try JSONEncoder().encode(outer))
        #expect(read == outer)
    }

    @Test func anErrorCrossesThePipeWithItsTexts() throws {
        let error = EightCutError(
            .inputUnusable,
            "cannot cut",
            on: "a.mp4",
            because: "only \(3) of \(8) frames can be decoded",
            remedy: "Choose another folder."
        ).advisingCommandLine("Choose another folder, with --to.")
        let line = try ProgressEvent.failed(error).jsonLine()
        #expect(try ProgressEvent(jsonLine: line) == .failed(error))
        #expect(error.remedy == "Choose another folder, with --to.")
        #expect(error.localizedRemedy == "Choose another folder.")
        #expect(error.localizedWhy == "only 3 of 8 frames can be decoded")
        let old = #"{"v":1,"event":"failed","code":"usage","what":"a","why":"b %1"}"#
        guard case .failed(let plain) = try ProgressEvent(jsonLine: old) else {
            Issue.record("no failure")
            return
        }
        #expect(plain.description == "a: b %1")
        let warning = ProgressEvent.Warning(code: "w", message: "\(2) of \(3) masks \("x").")
        let event = ProgressEvent.warning(warning)
        #expect(try ProgressEvent(jsonLine: try event.jsonLine()) == event)
    }

    /// The texts of errors that the catalogue has.
    private static func translated() throws -> Set<String> {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let list = try SmallFile.read(root.appending("po/worker-texts.in"), limit: 1 << 20)
        let texts = String(decoding: list, as: UTF8.self).split(separator: "\n").compactMap {
            line in
            line.firstRange(of: "(\"").flatMap { start in
                line.hasSuffix("\");") ? String(line[start.upperBound...].dropLast(3)) : nil
            }
        }
        return Set(texts.map { $0.replacing("\\\"", with: "\"") })
    }

    /// What people meet: each text of it is one that the catalogue has.
    @Test func commonFailuresCanBeTranslated() async throws {
        let folder = try TemporaryFolder()
        let known = try Self.translated()
        let text = folder["text.mp4"]
        try AtomicFile.write("no video", to: text)
        let empty = folder["empty.mp4"]
        try AtomicFile.write("", to: empty)
        let audio = folder["audio.mp4"]
        try await Program.ffmpeg(["-f", "lavfi", "-i", "anullsrc=d=1", audio.string])
        let video = try await CounterClip.make(
            folder["video.mp4"],
            rate: "10",
            frames: 20,
            seconds: nil
        )
        let start = ["--start", "0", "--to", folder["clips"].string, "--name", "a"]
        let commands: [[String]] =
            [folder["none.mp4"], folder.path, text, empty, audio].map {
                ["export", "--input", $0.string] + start
            } + [
                ["masks", "saliency", "--input", text.string],
                ["export", "--input", video.string] + start,
                [
                    "export", "--input", video.string, "--start", "0", "--duration", "1", "--name",
                    "a", "--to", "/proc/none",
                ],
                ["masks", "saliency", "--input", video.string, "--output", video.string],
                ["masks", "depth", "--input", video.string],
            ]
        for command in commands {
            let result = try await Program.run8cut(
                command + ["--progress", "json"],
                environment: ["EIGHTCUT_HOME": folder["home"].string]
            )
            let last = result.output.split(separator: "\n").last.map(String.init) ?? ""
            guard case .failed(let error) = try ProgressEvent(jsonLine: last) else {
                Issue.record("\(command): \(last)")
                continue
            }
            for text in [error.texts.what, error.texts.why]
                + [error.texts.remedy].compactMap(\.self)
            {
                let reason = text.template.split(separator: " (").first.map { String($0) } ?? ""
                #expect(
                    known.contains(text.template) || known.contains(reason),
                    "\(command): \(text.template)"
                )
            }
        }
    }

    @Test func countsAreWords() {
        let frames = ProgressEvent.Progress(
            done: 3,
            total: 240,
            totalIsEstimate: false,
            rate: 98.4,
            secondsLeft: 2
        )
        #expect(ProgressText.counts(frames) == "3 of 240 frames · 98 per second · 0:02 left")
        let one = ProgressEvent.Progress(done: 0, total: 1, totalIsEstimate: true)
        #expect(ProgressText.counts(one) == "0 of about 1 frame")
    }
}
