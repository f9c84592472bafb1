import Files
import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

/// List, verify and remove, and the cache that other programs use too.
@Suite struct ModelsCacheTests {
    @Test func theListShowsWhatIsThere() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { _ = try await bench.download($0) }

        let table = try await bench.models(["list"])
        #expect(table.status == 0 && table.lines.count == 18)
        let row = try #require(table.lines.first { $0.hasPrefix("depth-anything-v2-small ") })
        #expect(row.contains("24.8 M") && row.contains("Apache-2.0"))
        #expect(row.hasSuffix(" downloaded"))
        #expect(table.lines.filter { $0.hasSuffix("not downloaded") }.count == 16)

        struct Row: Decodable {
            let name: String
            let state: String
            let folder: String?
            let bytes: Int
            let parameters: Double
        }
        let json = try await bench.models(["list", "--json"])
        let rows = try JSONDecoder().decode([Row].self, from: Data(json.output.utf8))
        #expect(rows.count == 17 && rows[0].state == "complete" && rows[1].state == "missing")
        #expect(rows[0].folder == bench.snapshot.string && rows[2].bytes == 1_340_000_000)
    }

    @Test func verifyNamesTheFileThatIsWrong() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            let none = try await bench.models(["verify", ModelsBench.name])
            #expect(none.status == 66)
            _ = try await bench.download(hub)
            let good = try await bench.models(["verify", ModelsBench.name])
            #expect(good.status == 0, "\(good.errors)")

            let weights = bench.snapshot.appending("model.safetensors")
            let changed = try await Program.run(
                "sh",
                ["-c", "printf x | dd of=\"$0\" bs=1 seek=200000 conv=notrunc", weights.string]
            )
            #expect(changed.status == 0)
            let bad = try await bench.models(["verify", ModelsBench.name])
            #expect(bad.status == 76)
            #expect(bad.errors.contains("model.safetensors has another hash"))
            #expect(!bad.errors.contains("config.json"))

            // Without a record the names of the blobs are the hashes.
            unlink(
                bench.folder["home"].appending("downloads/depth-anything-v2-small.json").string
            )
            let again = try await bench.models(["verify", ModelsBench.name])
            #expect(again.status == 76 && again.errors.contains("model.safetensors"))

            // What it says to do helps.
            let blob = try #require(bench.blobs.first { $0.utf8.count == 64 })
            let path = bench.cache.appending("blobs").appending(blob)
            #expect(bad.errors.contains("Delete '\(path)'"))
            unlink(path.string)
            #expect(try await bench.download(hub).status == 0)
            #expect(try await bench.models(["verify", ModelsBench.name]).status == 0)
        }
    }

    @Test func removeTakesOnlyWhatIsOurs() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { _ = try await bench.download($0) }
        // Another program has a snapshot with the same weights, and a file in ours.
        let other = bench.cache.appending("snapshots").appending(String(repeating: "d", count: 40))
        try Folder.create(other)
        let weights = try #require(bench.blobs.first { $0.utf8.count == 64 })
        symlink("../../blobs/" + weights, other.appending("model.safetensors").string)
        try AtomicFile.write("theirs", to: bench.snapshot.appending("README.md"))
        try AtomicFile.write("theirs", to: bench.cache.appending("blobs").appending("theirs"))

        let result = try await bench.models(["remove", ModelsBench.name])

        #expect(result.status == 0, "\(result.errors)")
        #expect(bench.blobs == [weights, "theirs"].sorted())
        #expect(try Folder.names(in: bench.snapshot) == ["README.md"])
        #expect(access(other.appending("model.safetensors").string, R_OK) == 0)
        #expect(access(bench.cache.appending("refs/main").string, F_OK) == 0)
        let again = try await bench.models(["remove", ModelsBench.name])
        #expect(again.status == 66)
    }

    @Test func removeLeavesNothingOfADownloadThatNobodyShares() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"stall\": 100000,") { hub in
            let patient = ["HF_HUB_DOWNLOAD_TIMEOUT": "100"]
            _ = try await bench.download(hub, environment: patient) { process in
                try await bench.waitForPartial(100_000)
                let busy = try await bench.models(["remove", ModelsBench.name])
                #expect(busy.status == 75)
                kill(process, SIGKILL)
            }
        }
        let result = try await bench.models(["remove", ModelsBench.name])
        #expect(result.status == 0, "\(result.errors)")
        let left = try await Program.run(
            "find",
            ["hf", "home", "-type", "f"],
            in: bench.folder.path
        )
        #expect(left.output.isEmpty)
        #expect(access(bench.cache.string, F_OK) != 0)
    }

    @Test func whatAnotherProgramHasDownloadedStays() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            _ = try await bench.download(hub)
            let downloads = bench.folder["home"].appending("downloads")
            unlink(downloads.appending("depth-anything-v2-small.json").string)
            let result = try await bench.models(["remove", ModelsBench.name])
            #expect(result.status == 66 && result.errors.contains("another program"))
            #expect(try bench.downloaded == bench.weights)
        }
    }

    /// A record is a file that anybody may have changed: what it names is deleted.
    @Test func aRecordThatLeadsElsewhereIsNotFollowed() async throws {
        let bench = try ModelsBench()
        let precious = bench.folder["precious"]
        try AtomicFile.write("x", to: precious)
        let downloads = bench.folder["home"].appending("downloads")
        try Folder.create(downloads)
        try AtomicFile.write(
            """
            {"repository": "\(ModelsBench.repository)", "commit": "\(ModelsBench.commit)",
            "files": [{"name": "../../../../../precious", "bytes": 1, "isOurs": true,
            "etag": "\(String(repeating: "a", count: 40))"}]}
            """,
            to: downloads.appending("depth-anything-v2-small.json")
        )
        let result = try await bench.models(["remove", ModelsBench.name])
        #expect(result.status == 66)
        #expect(access(precious.string, F_OK) == 0)
    }

    @Test func anUnknownNameIsRefused() async throws {
        let bench = try ModelsBench()
        for command in ["download", "path", "verify", "remove"] {
            let result = try await bench.models([command, "../x"])
            #expect(result.status == 64 && result.errors.contains("sam2.1-hiera-tiny"))
        }
    }
}
