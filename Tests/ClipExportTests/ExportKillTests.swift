import ClipLibrary
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Exports that are killed at any moment, and several at once.
@Suite(.serialized) struct ExportKillTests {
    /// Kills of each command, in a run by hand.
    private static let kills = getenv("EIGHTCUT_KILLS").flatMap { Int(String(cString: $0)) } ?? 8

    /// No clip is ever seen half, whenever an export is killed, and all lists agree with the disk
    /// as soon as the library is opened again.
    @Test func killedThirtyTimes() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 150, seconds: 6)
        let arguments = [
            "export", "-i", video.string, "--start", "1", "--duration", "2", "--name", "x", "--to",
            bench.clips.string, "--count", "3", "--spread", "0.4", "--preset", "ultrafast", "-q",
        ]
        let clock = ContinuousClock()
        let begin = clock.now
        let whole = try await bench.run(arguments)
        #expect(whole.status == 0, "\(whole.errors)")
        var length = begin.duration(to: clock.now) / .milliseconds(1)

        var killed = 0
        var seen: Set<String> = []
        for round in 0..<150 where killed < 30 {
            // A third of the kills go to the last moments, in which files are moved and noted.
            let part = Double.random(in: round % 3 == 0 ? 0.6...1 : 0.02...1)
            let (wait, start) = (length * part, clock.now)
            let result = try await Program.run8cut(arguments, environment: bench.environment) {
                process in
                try await Task.sleep(for: .milliseconds(wait))
                kill(process, SIGKILL)
            }
            if result.status == 128 + SIGKILL {
                killed += 1
            } else {
                // The machine has become faster than it was.
                length = min(length, start.duration(to: clock.now) / .milliseconds(1)) * 0.95
            }
            for name in try bench.names where seen.insert(name).inserted {
                let path = bench.clips.appending(name)
                #expect(try await Clip.frameCount(path) == 50, "\(name) after round \(round)")
            }
            if round % 6 == 5 { try await expectAgreement(bench) }
        }
        #expect(killed == 30, "\(killed)")
        let last = try await bench.run(arguments)
        #expect(last.status == 0, "\(last.errors)")
        try await expectAgreement(bench)
        // What was left behind is gone, also without a check.
        #expect(try Folder.names(in: bench.clips).allSatisfy { !$0.hasPrefix(".") })
    }

    private func expectAgreement(_ bench: ExportBench) async throws {
        let check = try await bench.run(["library", "check"])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        let faults = check.lines.filter {
            $0 != "all is as it should be" && !$0.contains("left behind by a killed run")
        }
        #expect(faults == [])
        let listed = Set(try DatasetFile(in: bench.clips).paths())
        // The audio beside an image sequence is part of its clip.
        #expect(listed == Set(try bench.names.filter { !$0.hasSuffix(".wav") }))
        let library = try await Library.open(EightCutHome(bench.home))
        let known = try await library.clips().map { FilePath($0.path).lastComponent?.string }
        #expect(Set(known.compactMap(\.self)) == listed)
    }

    /// A clip stays in the library, with its old files, until the new ones are in place; the same
    /// command finishes.
    @Test(arguments: ["mp4", "png"])
    func replacingKilledAtAnyMoment(format: String) async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 150, seconds: 6)
        let first = try await bench.export(video, "1", ["--duration", "2", "--format", format])
        #expect(first.status == 0, "\(first.errors)")
        let path = bench.clips.appending(format == "mp4" ? "clip_001.mp4" : "clip_001")
        var starts = ["2", "1"]
        try await killing({ ["export", "--replace", "1", "--start", starts[0], "-q"] }, bench) {
            let shown = try await bench.run(["library", "show", "1", "--json"])
            #expect(shown.status == 0, "\(shown.errors)")
            let start = shown.output.contains("\"start\" : 2") ? 50 : 25
            if format == "mp4" {
                let clip = try await DecodedClip(path)
                #expect(clip.numbers == Array(start..<start + 50))
            } else {
                let names = try Folder.names(in: path)
                #expect(names.count == 51, "\(names.count)")
            }
            try await self.expectAgreement(bench)
            starts.swapAt(0, 1)
        }
        #expect(try Folder.names(in: bench.clips).allSatisfy { !$0.hasPrefix(".") })
    }

    @Test func relabellingKilledAtAnyMoment() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 50, seconds: 2)
        _ = try await bench.export(video, "1", ["--duration", "0.4"])
        var round = 0
        try await killing({ ["library", "relabel", "1", "--label", "label \(round)"] }, bench) {
            round += 1
            try await self.expectAgreement(bench)
        }
    }

    @Test func deletingKilledAtAnyMoment() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 75, seconds: 3)
        var next: Int64 = 0
        for _ in 0..<Self.kills {
            let made = try await bench.export(
                video,
                "0",
                ["--duration", "2", "--format", "png", "--count", "2"]
            )
            #expect(made.status == 0, "\(made.errors)")
            let library = try await Library.open(EightCutHome(bench.home))
            next = try #require(try await library.lastClip()).id
            let arguments = ["library", "delete", "\(next - 1)", "\(next)", "--permanently"]
            _ = try await Program.run8cut(arguments, environment: bench.environment) { process in
                try await Task.sleep(for: .milliseconds(Int.random(in: 5...120)))
                kill(process, SIGKILL)
            }
            let again = try await bench.run(arguments)
            // All was done, or is now.
            #expect([0, 66].contains(again.status), "\(again.errors)")
            #expect(try bench.names == [])
            try await expectAgreement(bench)
        }
    }

    /// Kills a command at random moments, and gives it again in the end.
    private func killing(
        _ arguments: () -> [String],
        _ bench: ExportBench,
        after check: () async throws -> Void
    ) async throws {
        let clock = ContinuousClock()
        let begin = clock.now
        let whole = try await bench.run(arguments())
        #expect(whole.status == 0, "\(whole.errors)")
        let length = begin.duration(to: clock.now) / .milliseconds(1)
        for round in 0..<Self.kills {
            let part = Double.random(in: round % 2 == 0 ? 0.6...1 : 0.02...1)
            _ = try await Program.run8cut(arguments(), environment: bench.environment) { process in
                try await Task.sleep(for: .milliseconds(length * part))
                kill(process, SIGKILL)
            }
            try await check()
        }
        let last = try await bench.run(arguments())
        #expect(last.status == 0, "\(last.errors)")
        try await expectAgreement(bench)
    }

    @Test func eightAtOnceShareAFolderAndALibrary() async throws {
        let bench = try ExportBench()
        let video = try await CounterClip.make(bench.folder["video.mp4"], frames: 150, seconds: 6)
        let arguments = [
            "export", "-i", video.string, "--start", "1", "--duration", "1", "--name", "x", "--to",
            bench.clips.string, "--preset", "ultrafast", "-q",
        ]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    for round in 0..<3 {
                        let label = "label \(number) \(round)"
                        let result = try await bench.run(arguments + ["--label", label])
                        #expect(result.status == 0, "\(result.errors)")
                    }
                }
            }
            try await group.waitForAll()
        }
        let expected = (1...24).map { "x_0" + ($0 < 10 ? "0" : "") + "\($0).mp4" }
        #expect(try bench.names == expected)
        let entries = try DatasetFile(in: bench.clips).entries()
        #expect(Set(entries.map(\.path)) == Set(expected))
        #expect(Set(entries.map(\.label)).count == 24)
        for name in expected {
            #expect(try await Clip.frameCount(bench.clips.appending(name)) == 25)
        }
        #expect(try await bench.run(["library", "check"]).output == "all is as it should be\n")
        let list = try await bench.run(["library", "list", "--csv"])
        #expect(list.lines.count == 25)
        #expect(try Folder.names(in: bench.clips).allSatisfy { !$0.hasPrefix(".") })
    }
}
