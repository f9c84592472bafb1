import FoundationEssentials
import SystemPackage
import TestSupport
import Testing

/// `8cut detect --sound`: which of two discs jerks when something knocks.
@Suite struct DetectSoundTests {
    private let folder: TemporaryFolder
    /// When the discs jerk, in seconds; the left one at a quarter of the width.
    private static let left = [0.9, 1.7, 2.2, 3.4, 4.1, 5.3, 5.9, 7.1]
    private static let right = [0.6, 1.3, 2.8, 3.7, 4.7, 5.6, 6.4, 6.9]

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A clip of 8 s.
    private func clip(knocks: [Double]?) async throws -> FilePath {
        let path = folder["clip.mp4"]
        let row = { (jerks: [Double]) in
            "74-75*(" + jerks.map { "gauss((t-\($0))/0.06)" }.joined(separator: "+") + ")"
        }
        let graph = """
            color=black:s=320x180:r=25:d=0.04,format=yuv444p,
            geq=lum='60+20*sin(X/7)*cos(Y/5)':cb=140:cr=110,loop=-1:1,trim=duration=8[ground];
            color=black:s=52x52:r=25:d=0.04,format=yuva444p,
            geq=lum='190+30*sin(X/3)*sin(Y/4)':cb=90:cr=200:a='255*lt(hypot(X-26,Y-26),26)',
            loop=-1:1,split[one][other];
            [ground][one]overlay=x=54:y='\(row(Self.left))':shortest=1[both];
            [both][other]overlay=x=214:y='\(row(Self.right))':shortest=1,format=yuv420p[video]
            """
        var inputs = ["-filter_complex", graph]
        if let knocks {
            let sound = knocks.map { moment in
                "between(t,\(moment),\(moment)+0.15)*exp(-(t-\(moment))/0.03)*sin(800*PI*t)"
            }
            let audio = (sound + ["0.004*(random(0)-0.5)"]).joined(separator: "+")
            inputs += ["-f", "lavfi", "-i", "aevalsrc='0.5*(\(audio))':s=16000:d=8", "-map", "0:a"]
        }
        try await Program.ffmpeg(
            inputs + ["-map", "[video]", "-c:v", "libx264", "-preset", "ultrafast", path.string]
        )
        return path
    }

    @Test(arguments: [true, false])
    func theObjectThatMovesWithTheAudioComesFirst(isLeft: Bool) async throws {
        let clip = try await clip(knocks: isLeft ? Self.left : Self.right)
        let found = try await DetectRun.candidates(clip, ["--sound"])
        try #require(found.count >= 2)
        #expect((found[0].point[0] < 160) == isLeft, "\(found)")
        #expect(found[0].sounds == "yes" && found.dropFirst().allSatisfy { $0.sounds == "no" })
        let (first, second) = (try #require(found[0].correlation), found[1].correlation ?? 0)
        #expect(first > 0.3 && first - second > 0.15)
        #expect(try #require(found[0].p) < 0.05 && abs(found[0].lag ?? 9) <= 3)
        // The same in a table, and as prompts.
        let prompts = folder["prompts.json"]
        let table = try await DetectRun.run(clip, ["--sound", "-o", prompts.string])
        #expect(table.status == 0 && !table.errors.contains("unsure"), "\(table.errors)")
        #expect(
            table.lines[0].hasSuffix("score   correlation  lag  p       sounds"),
            "\(table.lines)"
        )
        #expect(table.lines[1].hasSuffix(" yes") && table.lines[2].hasSuffix(" no"))
        let point = "[\(Int(found[0].point[0])),\(Int(found[0].point[1]))]"
        let text = String(decoding: try MaskSet.bytes(of: prompts), as: UTF8.self)
        #expect(text.contains(point) || text.contains("\(found[0].point[0])"), "\(text)")
    }

    @Test func withoutAnswerTheOrderStaysAndThereIsAWarning() async throws {
        // Knocks of something else, a single one, and no audio at all.
        let audio: [([Double]?, String)] = [
            ([1.1, 2.5, 3.1, 4.4, 5.1, 6.1, 7.5], "follows it"), ([4], "a single onset"),
            (nil, "nothing in it begins to sound"),
        ]
        for (knocks, reason) in audio {
            let clip = try await clip(knocks: knocks)
            let plain = try await DetectRun.candidates(clip)
            #expect(plain.allSatisfy { $0.sounds == nil && $0.p == nil })
            let found = try await DetectRun.candidates(clip, ["--sound"])
            #expect(found.map(\.box) == plain.map(\.box))
            #expect(found.allSatisfy { $0.sounds == "unsure" }, "\(found)")
            let table = try await DetectRun.run(clip, ["--sound"])
            #expect(table.status == 0 && table.errors.contains(reason), "\(table.errors)")
        }
    }

    @Test func aLongVideoIsAnErrorBeforeAnyWork() async throws {
        let path = folder["long.mkv"]
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "color=gray:s=32x32:r=1:d=700", "-c:v", "ffv1", path.string,
        ])
        let result = try await DetectRun.run(path, ["--sound"])
        #expect(result.status == 64 && result.output.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("longer than 10 minutes"))
        #expect(!result.errors.contains("frame "))
    }
}
