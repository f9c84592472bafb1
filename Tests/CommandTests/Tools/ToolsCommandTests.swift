import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The real thing: Python, pip and ONNX Runtime, from the package index.
@Suite(.serialized) struct ToolsCommandTests {
    private struct Installed {
        let folder: TemporaryFolder
        let result: ProgramResult
    }

    private static let installed = Task {
        let folder = try TemporaryFolder()
        // Nothing of this may have an effect.
        let elsewhere = "/no-such-folder"
        let settings = try TemporaryFolder()
        try Folder.create(settings["pip"])
        try AtomicFile.write(
            "[global]\nroot = \(elsewhere)\ndry-run = true\n[install]\nprefix = \(elsewhere)\n",
            to: settings["pip"].appending("pip.conf")
        )
        let result = try await Program.run8cut(
            ["tools", "install", "--cpu", "--progress", "json"],
            environment: [
                "EIGHTCUT_HOME": folder["home"].string, "PYTHONPATH": elsewhere,
                "PYTHONINSPECT": "1", "PIP_REQUIREMENT": elsewhere, "PIP_CONSTRAINT": elsewhere,
                "XDG_CONFIG_DIRS": settings.path.string,
            ],
            in: folder.path
        )
        return Installed(folder: folder, result: result)
    }

    private func tools(_ words: String..., home: FilePath) async throws -> ProgramResult {
        try await Program.run8cut(
            ["tools"] + words,
            environment: ["EIGHTCUT_HOME": home.string]
        )
    }

    @Test func theLibraryIsInstalledAndLoads() async throws {
        let installed = try await Self.installed.value
        let result = installed.result
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.allSatisfy { $0.hasPrefix("{") && $0.contains("\"v\":1") })
        for step in 0...4 {
            #expect(result.output.contains("\"done\":\(step),\"event\":\"progress\""))
        }
        #expect(result.output.contains(#""event":"output","line":"Successfully installed"#))
        #expect(result.lines.last?.contains("\"event\":\"finished\"") == true)

        let status = try await tools("status", "--json", home: installed.folder["home"])
        #expect(status.output.contains("\"state\":\"installed\""), "\(status.output)")
        #expect(status.output.contains("\"variant\":\"cpu\""))
        #expect(status.output.contains("\"devices\":[{\"name\":\"cpu\"}]"))
        let version = try #require(status.output.firstMatch(of: /"runtime":"1\.(\d+)/))
        #expect(try #require(Int(version.1)) >= 22)
        #expect(!status.output.contains("segment-anything"))
    }

    /// The packages of the reference implementations take up 6 GB.
    @Test func itIsATwentiethOfTheReferencesSize() async throws {
        let installed = try await Self.installed.value
        let environment = installed.folder["home"].appending("venv")

        let usage = try await Program.run("du", ["-s", "--block-size=1", environment.string])
        let bytes = try #require(Int(usage.output.prefix { $0.isNumber }))
        #expect((50_000_000..<300_000_000).contains(bytes), "\(bytes)")
        let status = try await tools("status", "--json", home: installed.folder["home"])
        #expect(status.output.contains("\"sizeOnDisk\":\(bytes)"), "\(status.output) \(bytes)")
    }

    @Test func whatWorksIsLeftAsItIs() async throws {
        let installed = try await Self.installed.value
        let again = try await tools("install", home: installed.folder["home"])
        #expect(again.status == 0 && again.output.contains("installed already"))
    }

    @Test func theSystemsPythonAndPipAreLeftAlone() async throws {
        let installed = try await Self.installed.value
        let names = try Folder.names(in: installed.folder["home"])
        #expect(names == ["venv"], "all that is ours is in one folder")
        #expect(try Folder.names(in: installed.folder.path) == ["home"])
        let left = try Folder.names(in: installed.folder["home"].appending("venv"))
        #expect(left.contains("8cut.json") && !left.contains { $0.contains("temporary") })
        #expect(!left.contains("8cut-incomplete.json"))
    }

    /// pip is the real one, its index a port where nobody listens: the setting is honoured.
    @Test func withoutANetworkTheErrorNamesIt() async throws {
        let folder = try TemporaryFolder()
        let result = try await Program.run8cut(
            ["tools", "install", "--cpu"],
            environment: [
                "EIGHTCUT_HOME": folder["home"].string, "PIP_RETRIES": "1", "PIP_FIND_LINKS": "",
                "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_NO_CACHE_DIR": "1",
            ]
        )
        #expect(result.status == 68, "\(result.errors)")
        #expect(result.errors.contains("pip config list"))
        let status = try await tools("status", home: folder["home"])
        #expect(status.output.contains("absent"))
        #expect(try Folder.names(in: folder["home"]).isEmpty)
    }

    @Test func ctrlCEndsPipSoon() async throws {
        let folder = try TemporaryFolder()
        let signalled = Moment()
        let result = try await Program.run8cut(
            ["tools", "install", "--cpu"],
            environment: ["EIGHTCUT_HOME": folder["home"].string]
        ) { process in
            let package = "venv/lib/python3*/site-packages/pip/__init__.py"
            let pattern = folder["home"].string + "/" + package
            let wait = "while ! ls \(pattern); do sleep 0.02; done; sleep 0.5"
            _ = try await Program.run("timeout", ["60", "sh", "-c", wait])
            signalled.set(.now)
            kill(process, SIGINT)
        }
        let start = try #require(signalled.get())
        #expect(start.duration(to: .now) < Program.stopLimit)
        #expect(result.status == 130, "\(result.errors)")
        // Deleting stops in time for the second, and is what the next command begins with.
        #expect(try Set(Folder.names(in: folder["home"])).isSubset(of: ["venv.discarded"]))
        let status = try await tools("status", home: folder["home"])
        #expect(status.output.contains("absent"))
        _ = try await tools("remove", home: folder["home"])
        #expect(try Folder.names(in: folder["home"]).isEmpty)
    }

    @Test func aDiskThatFillsUpUnderPipIsNamed() async throws {
        guard await Sandbox.canMount else { return }
        let folder = try TemporaryFolder()
        let result = try await Sandbox.run(
            script: """
                cd "$1" && mkdir home && mount -t tmpfs -o size=270m none home || exit 99
                EIGHTCUT_HOME="$1/home" "$0" tools install --cpu >log 2>errors &
                while ! grep -q 'step 2/4' log; do
                    sleep 0.02; kill -0 $! || exit 98; done
                head -c 300000000 /dev/zero >home/ballast 2>/dev/null
                wait $!; echo "status $?"
                rm home/ballast; cat errors; echo "left: $(ls -A home)"
                EIGHTCUT_HOME="$1/home" "$0" tools status
                """,
            [folder.path.string]
        )
        #expect(result.output.contains("status 74"), "\(result.output)\(result.errors)")
        #expect(result.output.contains("the disk is full"))
        #expect(result.output.contains("left: \n") && result.output.contains("absent"))
    }

    @Test func aDiskThatIsTooSmallIsReportedBefore() async throws {
        guard await Sandbox.canMount else { return }
        let folder = try TemporaryFolder()
        let result = try await Sandbox.run(
            script: """
                cd "$1" && mkdir home && mount -t tmpfs -o size=100m none home || exit 99
                EIGHTCUT_HOME="$1/home" "$0" tools install --cpu; echo "status $?"; ls -A home
                """,
            [folder.path.string]
        )
        #expect(result.output.hasSuffix("status 74\n"), "\(result.output)")
        #expect(result.errors.contains("200 MB") || result.errors.contains("250 MB"))
    }

    /// Runs last, because the others share what it deletes.
    @Test func theRealEnvironmentIsRemoved() async throws {
        let home = try await Self.installed.value.folder["home"]
        let result = try await tools("remove", home: home)
        #expect(result.status == 0 && result.output.contains("removed"), "\(result.errors)")
        #expect(try Folder.names(in: home).isEmpty)
    }
}
