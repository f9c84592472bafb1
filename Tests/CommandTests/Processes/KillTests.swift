import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// However 8cut ends, nothing that it has started goes on.
@Suite(.serialized) struct KillTests {
    /// `EIGHTCUT_KILLS` sets another number.
    private static let killCount =
        getenv("EIGHTCUT_KILLS").flatMap { Int(String(cString: $0)) } ?? 20

    /// A folder in which all commands have something to do for a while.
    private struct Bench: Sendable {
        let folder: TemporaryFolder
        let clip: FilePath
        let models: ModelsBench
        let tools: FakeTools

        init() async throws {
            folder = try TemporaryFolder()
            clip = try await Clip.make(folder["clip.mp4"], size: (640, 360), seconds: 6)
            models = try ModelsBench()
            tools = try await FakeTools()
            let masks = try await Program.run8cut(
                ["masks", "saliency", "-i", clip.string, "-q"],
                environment: environment
            )
            try #require(masks.status == 0, "\(masks.errors)")
        }

        var environment: [String: String] {
            ["EIGHTCUT_HOME": folder["home"].string, "HOME": folder.path.string]
        }

        /// Runs one of the commands.
        func run(
            _ command: String,
            round: Int,
            hub: StandInHub,
            mark: RunMark,
            whileRunning: @escaping @Sendable (pid_t) async throws -> Void
        ) async throws -> ProgramResult {
            switch command {
            case "models":
                return try await models.download(
                    hub,
                    environment: mark.environment.merging(["HF_HUB_DOWNLOAD_TIMEOUT": "100"]) {
                        $1
                    },
                    whileRunning: whileRunning
                )
            case "tools":
                let step = ["venv", "upgrade", "packages", "list"][round / 5 % 4]
                return try await tools.run(
                    "install",
                    "--cpu",
                    slow: step,
                    variables: mark.environment,
                    whileRunning: whileRunning
                )
            default:
                return try await Program.run8cut(
                    arguments(command, round: round),
                    environment: environment.merging(mark.environment) { $1 },
                    whileRunning: whileRunning
                )
            }
        }

        private func arguments(_ command: String, round: Int) -> [String] {
            switch command {
            case "export":
                [
                    "export", "-i", clip.string, "--start", "0", "--duration", "5", "--to",
                    folder["clips"].string, "--name", "x", "--preset", "veryslow", "-q",
                ]
            case "preview":
                [
                    "preview", "-i", clip.string, "--output",
                    folder["preview-\(round).mp4"].string, "-q",
                ]
            default:
                [
                    "masks", "saliency", "-i", clip.string, "-o", folder["masks-\(round)"].string,
                    "-q",
                ]
            }
        }
    }

    @Test func nothingIsLeftOfACommandThatIsKilledAtAnyMoment() async throws {
        let bench = try await Bench()
        let commands = ["export", "masks", "preview", "models", "tools"]
        let killed = try await bench.models.withHub("\"stall\": 100000, \"times\": 1000,") { hub in
            var killed = 0
            for round in 0..<Self.killCount {
                let mark = RunMark()
                let command = commands[round % commands.count]
                let wait = Double.random(in: 0...1200)
                let result = try await bench.run(command, round: round, hub: hub, mark: mark) {
                    process in
                    try await Task.sleep(for: .milliseconds(wait))
                    kill(process, SIGKILL)
                }
                if result.status == 128 + SIGKILL { killed += 1 }
                try await mark.expectNothingLeft(after: "\(command), killed after \(wait) ms")
            }
            return killed
        }
        // Some commands are done before the signal comes.
        #expect(killed > Self.killCount / 3, "\(killed)")
    }

    /// Programs that stand for ffmpeg and ffprobe, and leave their session.
    private func escapingPrograms(in folder: TemporaryFolder) throws -> String {
        try Folder.create(folder["bin"])
        for name in ["ffmpeg", "ffprobe"] {
            let path = folder["bin"].appending(name)
            let script = """
                #!/bin/sh
                trap '' TERM INT HUP
                setsid sleep 300 &
                touch "$STARTED"
                sleep 300

                """
            try AtomicFile.write(script, to: path)
            chmod(path.string, 0o755)
        }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        return folder["bin"].string + ":" + path
    }

    @Test(arguments: [[SIGKILL], [SIGTERM], [SIGTERM, SIGTERM], [SIGINT, SIGINT]])
    func childrenOfChildrenCannotEscape(signals: [Int32]) async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        let mark = RunMark()
        let variables = [
            "PATH": try escapingPrograms(in: folder), "STARTED": folder["started"].string,
            "EIGHTCUT_HOME": folder["home"].string,
        ]

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string],
            environment: variables.merging(mark.environment) { $1 }
        ) { process in
            try await waitForFile(folder["started"])
            for (index, signal) in signals.enumerated() {
                if index > 0 { try await Task.sleep(for: .milliseconds(100)) }
                kill(process, signal)
            }
        }

        #expect(result.status == 128 + (signals.first ?? 0), "\(result.errors)")
        try await mark.expectNothingLeft(after: "\(signals)")
    }

    @Test func nothingIsLeftOfARunThatEndsByItself() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        let programs = try await ProgramFolder(
            folder["bin"],
            real: ["sh", "ffprobe", "setsid", "sleep"]
        )
        try await programs.add(
            "ffmpeg",
            script: "sleep 300 >/dev/null 2>&1 & setsid sleep 300 >/dev/null 2>&1 &\n"
                + "exec \"$REAL\" \"$@\""
        )
        let mark = RunMark()
        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string],
            environment: ["PATH": programs.path].merging(mark.environment) { $1 }
        )
        #expect(result.status == 0, "\(result.errors)")
        try await mark.expectNothingLeft(after: "a run that was done")
    }

    /// The next child gets a new guard.
    @Test func aKilledGuardIsReplaced() async throws {
        let folder = try TemporaryFolder()
        let clip = try await Clip.make(folder["clip.mp4"])
        let mark = RunMark()
        try Folder.create(folder["bin"])
        let probe = folder["bin"].appending("ffprobe")
        let script = """
            #!/bin/sh
            touch "$STARTED"
            while [ ! -e "$GO" ]; do sleep 0.02; done
            PATH=${PATH#*:} exec ffprobe "$@"

            """
        try AtomicFile.write(script, to: probe)
        chmod(probe.string, 0o755)
        let ffmpeg = folder["bin"].appending("ffmpeg")
        try AtomicFile.write("#!/bin/sh\ntouch \"$STARTED-ffmpeg\"\nsleep 300\n", to: ffmpeg)
        chmod(ffmpeg.string, 0o755)
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let variables = [
            "PATH": folder["bin"].string + ":" + path, "STARTED": folder["started"].string,
            "GO": folder["go"].string, "EIGHTCUT_HOME": folder["home"].string,
        ]

        let result = try await Program.run8cut(
            ["masks", "saliency", "-i", clip.string],
            environment: variables.merging(mark.environment) { $1 }
        ) { process in
            try await waitForFile(folder["started"])
            let guards = mark.processes.filter { $0.contains("child-guard") }
            #expect(guards.count == 1, "\(mark.processes)")
            for line in guards {
                if let id = line.split(separator: " ").first.flatMap({ pid_t($0) }) {
                    kill(id, SIGKILL)
                }
            }
            try AtomicFile.write("", to: folder["go"])
            try await waitForFile(folder["started-ffmpeg"])
            kill(process, SIGKILL)
        }

        #expect(result.status == 128 + SIGKILL, "\(result.errors)")
        try await mark.expectNothingLeft(after: "a kill of guard and program")
    }
}
