import SystemPackage
import TestSupport
import Testing

/// Audio whose form changes in mid-file, as in recordings of broadcasts.
@Suite struct AudioChangeTests {
    struct Change: CustomStringConvertible {
        let description: String
        let codec: String
        let before: [String]
        let after: [String]
    }

    static let changes = [
        Change(
            description: "AC-3 from stereo to 5.1",
            codec: "ac3",
            before: ["-ac", "2"],
            after: ["-ac", "6"]
        ),
        Change(
            description: "MP2 from 48 to 32 kHz",
            codec: "mp2",
            before: ["-ac", "2"],
            after: ["-ac", "1", "-ar", "32000"]
        ),
        Change(
            description: "AAC from mono to stereo",
            codec: "aac",
            before: ["-ac", "1"],
            after: ["-ac", "2"]
        ),
    ]

    /// Two parts of three seconds each, the second from 4 s on.
    private func make(_ change: Change, in folder: TemporaryFolder) async throws
        -> (whole: FilePath, second: FilePath)
    {
        let paths = [folder["a.ts"], folder["b.ts"]]
        for (number, audio) in [change.before, change.after].enumerated() {
            let frames =
                CounterClip.frames(rate: "25", frames: 150)
                + ",trim=start_frame=\(75 * number):end_frame=\(75 * number + 75),"
                + "setpts=PTS-STARTPTS"
            try await Program.ffmpeg(
                [
                    "-f", "lavfi", "-i", frames, "-f", "lavfi", "-i",
                    CounterClip.tones(seconds: 3),
                ] + CounterClip.x264 + ["-c:a", change.codec] + audio + [
                    "-muxdelay", "0", "-output_ts_offset", "\(1 + 3 * number)",
                    paths[number].string,
                ]
            )
        }
        let whole = folder["whole.ts"]
        _ = try await Program.run(
            "sh",
            ["-c", "cat \"$0\" \"$1\" > \"$2\""] + paths.map(\.string) + [whole.string]
        )
        return (whole, paths[1])
    }

    /// What a decoder that runs from the start of a part gives, and the time of its first sample.
    private func decode(_ part: FilePath, _ form: Form, in folder: TemporaryFolder) async throws
        -> (clip: DecodedClip, start: Double)
    {
        let audio = folder["part.wav"]
        try await Program.ffmpeg(
            [
                "-i", part.string, "-map", "0:a", "-ac", "\(form.channels)", "-ar",
                "\(form.sampleRate)",
            ]
                + ["-c:a", "pcm_s16le", audio.string]
        )
        let times = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "a", "-read_intervals", "%+#1",
                "-show_entries", "packet=pts_time", "-of", "csv=p=0", part.string,
            ]
        )
        let first = times.lines.first?.split(separator: ",").first.flatMap { Double($0) }
        return (try await DecodedClip(part, audioPath: audio), try #require(first))
    }

    @Test(arguments: changes)
    func framesAndSamplesAreExact(_ change: Change) async throws {
        let bench = try ExportBench()
        let (video, second) = try await make(change, in: bench.folder)
        let across = try await bench.cut(
            video,
            "@25",
            ["--duration", "4", "--audio", "pcm"],
            file: "clip_001.mkv"
        )
        #expect(across.numbers == Array(25..<125))
        // The form that ffprobe finds at the start of the file.
        let form = try await form(of: video)
        #expect(try await self.form(of: bench.clips.appending("clip_001.mkv")) == form)
        #expect(across.samples.count == 4 * form.sampleRate)
        let part = try await decode(second, form, in: bench.folder)
        // The clip begins at 2 s of the file's own timestamps.
        for seconds in [2.02, 2.9, 3.9] {
            let place = Int(seconds * Double(form.sampleRate))
            let start = (part.start - 2) * Double(form.sampleRate)
            let expected = place - Int(start.rounded())
            let found = across.find(place, near: expected, in: part.clip)
            let offset = found.map { "\($0 - expected)" } ?? "nothing"
            #expect(found.map { abs($0 - expected) <= 1 } == true, "\(place): \(offset)")
        }
        let after = try await bench.cut(
            video,
            "@100",
            ["--duration", "1", "--audio", "pcm"],
            file: "clip_002.mkv"
        )
        #expect(after.numbers == Array(100..<125))
        #expect((after.samples.max() ?? 0) > 3000)
        #expect(try await self.form(of: bench.clips.appending("clip_002.mkv")) == form)
    }

    private struct Form: Equatable {
        let sampleRate: Int
        let channels: Int
    }

    private func form(of path: FilePath) async throws -> Form {
        let report = try await Program.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "a", "-show_entries",
                "stream=sample_rate,channels", "-of", "csv=p=0", path.string,
            ]
        )
        let numbers = try #require(report.lines.first { !$0.isEmpty }).split(separator: ",").map {
            Int($0) ?? 0
        }
        try #require(numbers.count == 2)
        return Form(sampleRate: numbers[0], channels: numbers[1])
    }
}
