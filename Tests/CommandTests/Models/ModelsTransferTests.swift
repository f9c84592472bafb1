import Files
import FoundationEssentials
import Glibc
import SystemPackage
import TestSupport
import Testing

/// What is sent, to whom, and how long a slow hub is borne with.
@Suite struct ModelsTransferTests {
    @Test func aTokenIsNotSentWithoutEncryptionToAnotherMachine() async throws {
        let bench = try ModelsBench()
        try await bench.withHub { hub in
            // This address leads here too, and does not say so.
            let endpoint = hub.endpoint.replacing("127.0.0.1", with: "0.0.0.0")
            let result = try await bench.download(
                hub,
                environment: ["HF_ENDPOINT": endpoint, "no_proxy": "*"]
            )
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("the token is not sent"))
            #expect(!result.errors.contains(ModelsBench.token))
            let requests = try hub.requests
            #expect(!requests.isEmpty && requests.allSatisfy { $0.authorization == nil })
        }
    }

    @Test func curlDoesNotInheritTheToken() async throws {
        let bench = try ModelsBench()
        let programs = try await ProgramFolder(bench.folder["bin"], real: [])
        let variables = bench.folder["variables"]
        try await programs.add(
            "curl",
            script: "export -p > '\(variables)'; exec \"$REAL\" \"$@\""
        )
        try await bench.withHub { hub in
            let result = try await bench.download(
                hub,
                environment: ["PATH": programs.path, "HUGGING_FACE_HUB_TOKEN": "hf_another"]
            )
            #expect(result.status == 0, "\(result.errors)")
            #expect(try hub.requests.allSatisfy { $0.authorization?.isEmpty == false })
        }
        let text = String(decoding: try MaskSet.bytes(of: variables), as: UTF8.self)
        #expect(text.contains("PATH") && !text.contains("hf_"), "\(text)")
    }

    @Test(arguments: ["\"rate\": 20,", "\"cut\": 1,"])
    func aHubThatHardlySendsAnythingIsGivenUp(behaviour: String) async throws {
        let bench = try ModelsBench()
        try await bench.withHub(behaviour) { hub in
            let result = try await bench.download(
                hub,
                environment: ["HF_HUB_DOWNLOAD_TIMEOUT": "1"]
            )
            #expect(result.status == 68, "\(result.errors)")
            #expect(try hub.weightRequests.count == 6)
            #expect(bench.partialSize > 0, "what has come is kept")
        }
    }

    @Test func aHeadThatIsTooLongIsNamed() async throws {
        let bench = try ModelsBench()
        for bytes in [120_000, 70_000] {
            try await bench.withHub("\"longHead\": \(bytes),") { hub in
                let result = try await bench.download(hub)
                #expect(result.status == 68, "\(result.errors)")
                #expect(result.errors.contains("too long"), "\(result.errors)")
            }
        }
    }

    /// How many kills; more in a run by hand.
    private static let kills =
        ProcessInfo.processInfo.environment["EIGHTCUT_KILLS"].flatMap { Int($0) } ?? 6

    @Test(arguments: 0..<kills)
    func aDownloadKilledAtAnyMomentIsFinishedByTheSameCommand(number: Int) async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"rate\": 600000,") { hub in
            for _ in 0..<Int.random(in: 1...2) {
                let killed = try await bench.download(hub) { process in
                    try await Task.sleep(for: .milliseconds(.random(in: 5...1000)))
                    kill(process, SIGKILL)
                }
                #expect([0, 128 + SIGKILL].contains(killed.status), "\(killed.errors)")
            }
            let again = try await bench.download(hub)
            #expect(again.status == 0, "\(again.errors)")
            #expect(try bench.downloaded == bench.weights)
            #expect(try await bench.models(["verify", ModelsBench.name]).status == 0)
            let left = try await Program.run(
                "find",
                [
                    bench.folder["hf"].string, bench.folder["home"].string, "-name", ".8cut-tmp-*",
                    "-o", "-name", "*.incomplete",
                ]
            )
            #expect(left.output.isEmpty, "\(left.output)")
            let removed = try await bench.models(["remove", ModelsBench.name])
            #expect(removed.status == 0, "\(removed.errors)")
        }
    }
}
