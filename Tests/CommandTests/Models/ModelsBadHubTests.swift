import Files
import Glibc
import Processes
import SystemPackage
import TestSupport
import Testing

/// Hubs, networks and disks that fail.
@Suite struct ModelsBadHubTests {
    private static let needsMounts: Comment = "programs cannot be given mounts of their own here"
    private static let otherHash = String(repeating: "ab", count: 32)

    @Test(arguments: [
        ("\"etag\": {\"model.safetensors\": \"\(otherHash)\"},", 76, "its hash is not"),
        ("\"etag\": {\"config.json\": \"\(otherHash.prefix(40))\"},", 76, "its hash is not"),
        ("\"etag\": {\"model.safetensors\": \"../../../x\"},", 76, "does not give the hash"),
        ("\"commit\": \"../../../x\",", 76, "does not give the commit"),
        ("\"laterCommit\": \"\(otherHash.prefix(40))\",", 76, "another commit"),
        ("\"size\": {\"model.safetensors\": 300000},", 76, "instead of 300000"),
        ("\"size\": {\"model.safetensors\": 400000},", 76, "instead of 400000"),
        ("\"size\": {\"model.safetensors\": -1},", 76, "does not give the size"),
        ("\"status\": {\"config.json\": 404},", 68, "has no config.json"),
        ("\"status\": {\"model.safetensors\": 404},", 68, "has no model.safetensors"),
        ("\"status\": {\"config.json\": 418},", 68, "status 418"),
    ])
    func answersOfTheHubAreValidated(behaviour: String, status: Int32, words: String)
        async throws
    {
        let bench = try ModelsBench()
        try await bench.withHub(behaviour) { hub in
            let result = try await bench.download(hub)
            #expect(result.status == status, "\(result.errors)")
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(access(bench.snapshot.appending("model.safetensors").string, F_OK) != 0)
            #expect(!bench.blobs.contains { $0.utf8.count == 64 })
            let path = try await bench.models(["path", ModelsBench.name])
            #expect(path.status == 66)
        }
    }

    @Test(arguments: [401, 403])
    func aGatedRepositoryNamesThePage(status: Int) async throws {
        let bench = try ModelsBench()
        let behaviour =
            "\"status\": {\"config.json\": \(status)}, \"errorCode\": \"GatedRepo\","
        try await bench.withHub(behaviour) { hub in
            let result = try await bench.download(hub)
            #expect(result.status == 77)
            #expect(result.errors.contains("\(hub.endpoint)/\(ModelsBench.repository)"))
            #expect(result.errors.contains("HF_TOKEN"))
            #expect(!result.errors.contains(ModelsBench.token))
        }
    }

    @Test func aTokenThatTheServerRequiresIsSent() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"token\": \"\(ModelsBench.token)\",") { hub in
            let without = try await bench.download(hub, environment: ["HF_TOKEN": ""])
            #expect(without.status == 77)
            try Folder.create(bench.folder["hf"])
            try AtomicFile.write(
                ModelsBench.token + "\n",
                to: bench.folder["hf"].appending("token")
            )
            let with = try await bench.download(hub, environment: ["HF_TOKEN": ""])
            #expect(with.status == 0, "\(with.errors)")
        }
    }

    @Test func aHubThatIsNotThereIsNamed() async throws {
        let bench = try ModelsBench()
        let result = try await bench.models(["download", ModelsBench.name])
        #expect(result.status == 68)
        #expect(result.errors.contains("'127.0.0.1:9'") && result.errors.contains("connect"))
    }

    @Test func aMissingCurlIsNamed() async throws {
        let bench = try ModelsBench()
        let programs = try await ProgramFolder(bench.folder["bin"], real: ["ffmpeg"])
        let result = try await bench.models(
            ["download", ModelsBench.name],
            environment: ["PATH": programs.path]
        )
        #expect(result.status == 69)
        #expect(result.errors.contains(PackageManager.current.advice(on: .curl).english))
    }

    @Test(arguments: [
        (["HF_ENDPOINT": "no-address"], "HF_ENDPOINT"), (["HF_TOKEN": "a b"], "HF_TOKEN"),
    ])
    func oddVariablesAreRefused(variables: [String: String], name: String) async throws {
        let bench = try ModelsBench()
        let result = try await bench.models(
            ["download", ModelsBench.name],
            environment: variables
        )
        #expect(result.status == 64 && result.errors.contains(name), "\(result.errors)")
    }

    @Test func aVariableThatIsNotUTF8IsNamed() async throws {
        let result = try await Program.run(
            "sh",
            ["-c", "HF_HOME=$(printf '/tmp/\\377') \"$0\" models list", Program.eightCut.string]
        )
        #expect(result.status == 64 && result.errors.contains("'HF_HOME'"))
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func aDiskThatIsTooSmallIsNoticedBefore() async throws {
        let bench = try ModelsBench(bytes: 3_000_000)
        try await bench.withHub { hub in
            let result = try await sandboxed(
                bench,
                hub,
                "\"$0\" models download \"$2\"; echo \"status $?\"",
                size: "2048k"
            )
            #expect(result.lines.last == "status 74", "\(result.errors)")
            #expect(result.errors.contains("are needed"))
            #expect(try hub.weightRequests.isEmpty)
        }
    }

    @Test(.enabled(needsMounts) { await Sandbox.canMount })
    func aDiskThatFillsUpKeepsWhatHasCome() async throws {
        let bench = try ModelsBench(bytes: 2_000_000)
        try await bench.withHub("\"stall\": 500000, \"times\": 1,") { hub in
            let result = try await sandboxed(
                bench,
                hub,
                """
                "$0" models download "$2" &
                while kill -0 $! && ! find disk -name '*.incomplete' -size +400k | grep -q .
                do sleep 0.05; done
                cat /dev/zero > disk/ballast 2>/dev/null
                wait $!; echo "status $?"
                rm disk/ballast
                "$0" models download "$2"; echo "status $?"
                "$0" models verify "$2"; echo "status $?"
                """,
                size: "4096k"
            )
            #expect(
                result.lines.filter { $0.hasPrefix("status") }
                    == ["status 74", "status 0", "status 0"],
                "\(result.output) \(result.errors)"
            )
            #expect(result.errors.contains("the disk is full"))
            let ranges = try hub.weightRequests.map(\.range)
            #expect(ranges.first == .some(nil) && ranges.count >= 2, "\(ranges)")
            #expect(ranges.dropFirst().allSatisfy { $0?.hasPrefix("bytes=") == true })
        }
    }

    private func sandboxed(
        _ bench: ModelsBench,
        _ hub: StandInHub,
        _ script: String,
        size: String
    ) async throws -> ProgramResult {
        try Folder.create(bench.folder["disk"])
        return try await Sandbox.run(
            script: """
                cd "$1" && mount -t tmpfs -o size=\(size) none disk || exit 99
                export HF_HOME="$1/disk/hf" EIGHTCUT_HOME="$1/home" HF_ENDPOINT="$3"
                export HF_HUB_CACHE= HF_HUB_OFFLINE= HF_TOKEN= no_proxy=127.0.0.1
                export HF_HUB_DOWNLOAD_TIMEOUT=4
                \(script)
                """,
            [bench.folder.path.string, ModelsBench.name, hub.endpoint]
        )
    }
}
