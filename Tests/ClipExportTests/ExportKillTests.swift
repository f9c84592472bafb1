import ClipLibrary
import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Exports that are killed at any moment, and several at once.
@Suite(.serialized) struct ExportKillTests {
    /// No clip is ever seen half, whenever an export is killed, and `check` brings all lists to
    /// agree with the disk.
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
        // An orphaned ffmpeg ends by itself; until then it only writes what nobody sees.
        let fixed = try await bench.run(["library", "check", "--fix"])
        #expect(fixed.status == 0, "\(fixed.output)\(fixed.errors)")
        let check = try await bench.run(["library", "check"])
        #expect(check.output == "all is as it should be\n")
        let listed = Set(try DatasetFile(in: bench.clips).paths())
        #expect(listed == Set(try bench.names))
        let library = try await Library.open(EightCutHome(bench.home))
        let known = try await library.clips().map { FilePath($0.path).lastComponent?.string }
        #expect(Set(known.compactMap(\.self)) == listed)
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
