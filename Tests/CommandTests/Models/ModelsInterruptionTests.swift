import Files
import Glibc
import SystemPackage
import TestSupport
import Testing

/// Downloads that are interrupted and resumed.
@Suite struct ModelsInterruptionTests {
    /// So that a transfer that stalls is still there when it is ended.
    private let patient = ["HF_HUB_DOWNLOAD_TIMEOUT": "100"]

    @Test(arguments: [SIGKILL, SIGINT, SIGTERM])
    func anEndedDownloadGoesOnWhereItStopped(signal: Int32) async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"stall\": 100000, \"times\": 1,") { hub in
            let ended = try await bench.download(hub, environment: patient) { process in
                try await bench.waitForPartial(100_000)
                kill(process, signal)
            }
            #expect(ended.status == 128 + signal)
            if signal != SIGKILL { #expect(ended.errors.contains("same command again")) }
            #expect(bench.partialSize == 100_000)
            let list = try await bench.models(["list"])
            #expect(list.output.contains("incomplete, 100 kB of 300 kB"))
            let before = try hub.weightRequests.count

            let again = try await bench.download(hub)

            #expect(again.status == 0, "\(again.errors)")
            #expect(try bench.downloaded == bench.weights)
            let requests = try hub.weightRequests.dropFirst(before)
            #expect(requests.map(\.range) == ["bytes=100000-"])
            #expect(requests.map(\.status) == [206])
            #expect(!bench.blobs.contains { $0.hasSuffix(".incomplete") })
        }
    }

    @Test func aClosedConnectionIsResumed() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"cut\": 100000, \"times\": 2,") { hub in
            let result = try await bench.download(hub)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try bench.downloaded == bench.weights)
            #expect(
                try hub.weightRequests.map(\.range) == [nil, "bytes=100000-", "bytes=200000-"]
            )
        }
    }

    @Test func aStalledConnectionIsClosedAndResumed() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"stall\": 100000, \"times\": 1,") { hub in
            let result = try await bench.download(hub)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try bench.downloaded == bench.weights)
            #expect(try hub.weightRequests.map(\.range) == [nil, "bytes=100000-"])
            #expect(result.errors.contains("trying again"))
        }
    }

    @Test(arguments: ["\"ranges\": false,", "\"contentRange\": \"bytes 0-9/10\","])
    func aServerThatDoesNotKnowRangesStartsOver(behaviour: String) async throws {
        let bench = try ModelsBench()
        try await bench.withHub(behaviour + "\"cut\": 100000, \"times\": 1,") { hub in
            let result = try await bench.download(hub)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try bench.downloaded == bench.weights)
            #expect(try hub.weightRequests[1].range == "bytes=100000-")
        }
    }

    @Test func aBusyServerIsAskedAgain() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"failures\": 2,") { hub in
            let result = try await bench.download(hub)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try hub.weightRequests.map(\.status) == [503, 503, 200])
        }
    }

    @Test func aDamagedPartIsThrownAwayAndTheWholeFetchedOnce() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"stall\": 100000, \"times\": 1,") { hub in
            _ = try await bench.download(hub, environment: patient) { process in
                try await bench.waitForPartial(100_000)
                kill(process, SIGKILL)
            }
            let partial = try #require(bench.partial)
            try [UInt8](repeating: 0, count: 40_000).withUnsafeBytes {
                try AtomicFile.write($0, to: partial)
            }
            let before = try hub.weightRequests.count

            let result = try await bench.download(hub)

            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("is damaged; downloading it again"))
            #expect(try bench.downloaded == bench.weights)
            let ranges = try hub.weightRequests.dropFirst(before).map(\.range)
            #expect(ranges == ["bytes=40000-", nil])
        }
    }

    @Test func twoDownloadsAtOnceFetchTheWeightsOnce() async throws {
        let bench = try ModelsBench()
        try await bench.withHub("\"rate\": 60000,") { hub in
            // Another home: only the lock in the cache is common to both.
            let other = ["EIGHTCUT_HOME": bench.folder["other"].string]
            async let first = bench.download(hub)
            async let second = bench.download(hub, environment: other)
            async let third = bench.download(hub)
            let results = try await [first, second, third]
            #expect(results.map(\.status) == [0, 0, 0], "\(results.map(\.errors))")
            #expect(try bench.downloaded == bench.weights)
            #expect(try hub.weightRequests.count == 1)
            #expect(results.contains { $0.errors.contains("waiting for another") })
        }
    }
}
