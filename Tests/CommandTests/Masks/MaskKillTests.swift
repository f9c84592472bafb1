import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Runs that are killed at random moments. `EIGHTCUT_KILLS` is how many, for runs by hand.
@Suite(.serialized) struct MaskKillTests {
    private struct Reference: Sendable {
        let folder: TemporaryFolder
        let clip: FilePath
        /// Masks of the usual settings, and with `--invert`.
        let contents: [[String: [UInt8]]]
        let duration: Duration

        init() async throws {
            folder = try TemporaryFolder()
            clip = try await Clip.make(folder["clip.mp4"], size: (320, 180), seconds: 5)
            let start = ContinuousClock.now
            var contents: [[String: [UInt8]]] = []
            let runs: [(String, [String])] = [("plain", []), ("inverted", ["--invert"])]
            for (name, options) in runs {
                let arguments = ["masks", "saliency", "-i", clip.string, "-o", folder[name].string]
                let result = try await Program.run8cut(arguments + options)
                #expect(result.status == 0, "\(result.errors)")
                contents.append(try MaskSet.content(of: folder[name]))
            }
            self.contents = contents
            duration = start.duration(to: .now) / 2
        }

        /// Arguments of a run that fills an empty folder, or replaces the masks in it.
        func arguments(_ output: FilePath, replaces: Bool) -> [String] {
            ["masks", "saliency", "-i", clip.string, "-o", output.string]
                + (replaces ? ["--invert", "--overwrite"] : [])
        }
    }

    private static let reference = Task { try await Reference() }

    private static var kills: Int {
        getenv("EIGHTCUT_KILLS").flatMap { Int(String(cString: $0)) } ?? 6
    }

    private func copy(_ source: FilePath, to target: FilePath) async throws {
        let result = try await Program.run("cp", ["-a", source.string, target.string])
        try #require(result.status == 0)
    }

    /// Runs the same command again, and expects what it would have made undisturbed.
    private func finish(_ arguments: [String], _ output: FilePath, _ expected: [String: [UInt8]])
        async throws
    {
        let result = try await Program.run8cut(arguments)
        #expect(result.status == 0, "\(result.errors)")
        let content = try MaskSet.content(of: output)
        #expect(content.keys.sorted() == expected.keys.sorted())
        #expect(content == expected)
    }

    @Test(arguments: [false, true])
    func theSameCommandFinishesARunThatWasKilled(replaces: Bool) async throws {
        let reference = try await Self.reference.value
        var left = (Self.kills + 1) / 2
        while left > 0 {
            let folder = try TemporaryFolder()
            let output = folder["masks"]
            if replaces { try await copy(reference.folder["plain"], to: output) }
            let arguments = reference.arguments(output, replaces: replaces)
            for _ in 0..<min(left, 3) {
                left -= 1
                let delay = reference.duration * Double.random(in: 0...1.1)
                _ = try await Program.run8cut(arguments) { process in
                    try await Task.sleep(for: delay)
                    kill(process, SIGKILL)
                }
            }
            try await finish(arguments, output, reference.contents[replaces ? 1 : 0])
        }
    }

    /// Kills while the new masks take the place of the old ones, which takes milliseconds.
    @Test(arguments: [1, 2, 40, 100])
    func theSameCommandFinishesAReplacementThatWasKilled(moves: Int) async throws {
        let reference = try await Self.reference.value
        let folder = try TemporaryFolder()
        let output = folder["masks"]
        try await copy(reference.folder["plain"], to: output)
        let arguments = reference.arguments(output, replaces: true)
        let watch = try MoveWatch(output)

        _ = try await Program.run8cut(arguments) { process in
            try await watch.wait(for: moves)
            kill(process, SIGKILL)
        }
        // Masks of other settings are refused, and nothing is moved for that.
        let before = try MaskSet.content(of: output)
        let third = reference.arguments(output, replaces: false) + ["--threshold", "90"]
        let refused = try await Program.run8cut(third)
        #expect(refused.status == 4, "\(refused.errors)")
        #expect(try MaskSet.content(of: output) == before)

        try await finish(arguments, output, reference.contents[1])
    }
}

/// Counts the files that are moved into a folder.
private struct MoveWatch {
    private let descriptor: FileDescriptor

    init(_ path: FilePath) throws {
        descriptor = FileDescriptor(rawValue: inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)))
        guard inotify_add_watch(descriptor.rawValue, path.string, UInt32(IN_MOVED_TO)) >= 0 else {
            throw Errno(rawValue: errno)
        }
    }

    func wait(for count: Int) async throws {
        defer { try? descriptor.close() }
        var seen = 0
        let end = ContinuousClock.now + .seconds(60)
        while seen < count {
            guard ContinuousClock.now < end else {
                throw Errno.timedOut
            }
            seen += moved()
            await Task.yield()
        }
    }

    private func moved() -> Int {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let length = read(descriptor.rawValue, &buffer, buffer.count)
        var (offset, events) = (0, 0)
        while offset < length {
            // An event is 16 bytes, the last four of which are the length of the name behind it.
            let name = buffer[offset + 12..<offset + 16].reversed().reduce(0) { $0 << 8 | Int($1) }
            offset += 16 + name
            events += 1
        }
        return events
    }
}
