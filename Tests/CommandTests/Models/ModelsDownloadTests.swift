import Files
import Glibc
import Progress
import SystemPackage
import TestSupport
import Testing

/// Downloads from a hub that works.
@Suite struct ModelsDownloadTests {
    @Test func aWholeDownloadIsLaidOutAsTheHubsClientDoesIt() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            let result = try await bench.download(hub)

            #expect(result.status == 0, "\(result.errors)")
            #expect(result.lines.contains("checkpoint: \(bench.snapshot)"))
            #expect(try bench.downloaded == bench.weights)
            let names = try Folder.names(in: bench.snapshot)
            #expect(names == ["config.json", "model.safetensors", "preprocessor_config.json"])
            for name in names {
                let link = try await Program.run(
                    "readlink",
                    [bench.snapshot.appending(name).string]
                )
                let blob = try #require(link.lines.first?.split(separator: "/").last)
                #expect(link.lines == ["../../blobs/\(blob)"] && bench.blobs.contains("\(blob)"))
            }
            #expect(bench.blobs.count == 3)
            let main = bench.cache.appending("refs").appending("main")
            #expect(try MaskSet.bytes(of: main) == Array(ModelsBench.commit.utf8))
            for request in try hub.requests {
                #expect(request.encoding == "identity")
                #expect(request.authorization == "Bearer " + ModelsBench.token)
            }
            // All but the first ask for the state that the first answer named.
            let later = try hub.requests.dropFirst()
            #expect(later.allSatisfy { $0.path.contains("/resolve/\(ModelsBench.commit)/") })
        }
    }

    @Test func whatIsThereIsUsedWithoutTheNetwork() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { _ = try await bench.download($0) }

        for environment in [[:], ["HF_HUB_OFFLINE": "1"]] {
            let download = try await bench.models(
                ["download", ModelsBench.name],
                environment: environment
            )
            #expect(download.status == 0)
            #expect(download.lines.last == "depth-anything-v2-small was there already")
            let path = try await bench.models(
                ["path", ModelsBench.name],
                environment: environment
            )
            #expect(path.status == 0 && path.output == "\(bench.snapshot)\n")
        }
        // Without a record too: another program may have downloaded it.
        unlink(bench.folder["home"].appending("downloads/depth-anything-v2-small.json").string)
        let path = try await bench.models(["path", ModelsBench.name])
        #expect(path.status == 0 && path.output == "\(bench.snapshot)\n")
    }

    @Test func offlineWithoutTheFilesIsReported() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            let result = try await bench.download(hub, environment: ["HF_HUB_OFFLINE": "1"])
            #expect(result.status == 68)
            #expect(result.errors.contains("HF_HUB_OFFLINE"))
            #expect(try hub.requests.isEmpty)
        }
        let path = try await bench.models(["path", ModelsBench.name])
        #expect(path.status == 66 && path.output.isEmpty)
        #expect(path.errors.contains("8cut models download depth-anything-v2-small"))
    }

    @Test func theTokenIsNotSentToAnotherHostNorShown() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"cdn\": true, \"relative\": true, \"rate\": 30000,") { hub in
            let result = try await bench.models(
                ["download", ModelsBench.name, "--verbose"],
                hub: hub
            ) { _ in
                var isSeen = false
                for _ in 0..<300 where !isSeen {
                    let lines = try await Program.run("ps", ["-eo", "args"])
                    #expect(!lines.output.contains(ModelsBench.token))
                    isSeen = lines.output.contains("curl --disable --config -")
                }
                #expect(isSeen, "no curl runs")
            }

            #expect(result.status == 0, "\(result.errors)")
            #expect(try bench.downloaded == bench.weights)
            let requests = try hub.requests
            let others = requests.filter { $0.host == "cdn" }
            #expect(others.count == 1 && others.allSatisfy { $0.authorization == nil })
            #expect(
                requests.filter { $0.host == "hub" }.allSatisfy {
                    $0.authorization == "Bearer " + ModelsBench.token
                }
            )
            #expect(!(result.output + result.errors).contains(ModelsBench.token))
            let kept = try await Program.run(
                "grep",
                ["-r", ModelsBench.token, "hf", "home"],
                in: bench.folder.path
            )
            #expect(kept.status == 1)
        }
    }

    @Test func progressCountsTheBytesOfAllFiles() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"rate\": 300000,") { hub in
            let result = try await bench.models(
                ["download", ModelsBench.name, "--progress", "json"],
                hub: hub
            )
            let events = try result.lines.map { try ProgressEvent(jsonLine: $0) }
            let progress = events.compactMap { event -> ProgressEvent.Progress? in
                if case .progress(let progress) = event { progress } else { nil }
            }
            #expect(progress.count >= 5 && progress.allSatisfy { $0.unit == "byte" })
            let total = try bench.weights.count + 22 + 2
            #expect(progress.last?.done == total && progress.last?.total == total)
            #expect(progress.map(\.done) == progress.map(\.done).sorted())
            #expect(progress.contains { ($0.secondsLeft ?? 0) > 0 })
            #expect(
                events.contains(.artifact(.init(kind: "checkpoint", path: bench.snapshot.string)))
            )
        }
    }

    @Test func plainProgressIsALineASecondInBytes() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"rate\": 150000,") { hub in
            let meter = ProgressMeter()
            let result = try await bench.download(hub)
            let lines = result.lines.filter { $0.contains("/300 kB") }
            // The first and the last are told in any case.
            #expect((2...Int(meter.elapsed) + 3).contains(lines.count), "\(result.output)")
            #expect(lines.contains { $0.contains("kB/s") && $0.hasSuffix(" left") })
        }
    }

    @Test func aGivenLicenceIsRemembered() async throws {
        let bench = try ModelsBench()
        let name = "depth-anything-v2-base"
        try await bench.withHub(repository: "depth-anything/Depth-Anything-V2-Base-hf") { hub in
            let refused = try await bench.models(["download", name], hub: hub)
            #expect(refused.status == 77)
            #expect(refused.errors.contains("CC-BY-NC-4.0"))
            #expect(refused.errors.contains("--accept-license"))
            #expect(try hub.requests.isEmpty)

            let given = try await bench.models(["download", name, "--accept-license"], hub: hub)
            #expect(given.status == 0, "\(given.errors)")
            let removed = try await bench.models(["remove", name], hub: hub)
            #expect(removed.status == 0)
            let again = try await bench.models(["download", name], hub: hub)
            #expect(again.status == 0, "\(again.errors)")
        }
    }

    @Test func weightsInSeveralFilesAreDownloadedWithTheirIndex() async throws {
        let bench = try ModelsBench()
        let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
        unlink(bench.files.appending("model.safetensors").string)
        for (index, name) in names.enumerated() {
            try SmallCheckpoint.weights(bytes: 1000, seed: UInt64(index + 5)).withUnsafeBytes {
                try AtomicFile.write($0, to: bench.files.appending(name))
            }
        }
        let map = "{\"weight_map\": {\"a\": \"\(names[0])\", \"b\": \"\(names[1])\"}}"
        try AtomicFile.write(map, to: bench.files.appending("model.safetensors.index.json"))
        try await bench.withHub { hub in
            let result = try await bench.download(hub)
            #expect(result.status == 0, "\(result.errors)")
            let found = try Folder.names(in: bench.snapshot)
            #expect(found.contains(names[0]) && found.contains(names[1]))
            let path = try await bench.models(["path", ModelsBench.name])
            #expect(path.status == 0)
        }
    }
}
