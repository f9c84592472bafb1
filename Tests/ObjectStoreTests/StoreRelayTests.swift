import Diagnostics
import Files
import Glibc
import ObjectStore
import SystemPackage
import TestSupport
import Testing

/// The relay for ffmpeg, against a server that checks signatures.
@Suite(.enabled(if: StandInStore.isInstalled, "scripts/install-test-tools"))
struct StoreRelayTests {
    private let folder: TemporaryFolder
    /// Three blocks of the relay and a half.
    private let bytes: [UInt8] = (0..<7 << 19).map { UInt8(truncatingIfNeeded: $0 >> 9 ^ $0) }

    init() throws { folder = try TemporaryFolder() }

    private func run(
        _ behaviour: String = "{}",
        _ body: @Sendable (StoreRelay, StandInStore) async throws -> Void
    ) async throws {
        let path = folder["film.mp4"]
        try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
        try await StandInStore.run(behaviour, in: folder.path) { server in
            let store = ObjectStore(try StoreSettings { server.environment[$0] }) { _ in }
            let address = StoreAddress(bucket: "films", key: "a b+ü/film.mp4")
            try await store.put(StoreUpload(path: path, address: address))
            let relay = try StoreRelay(try await store.object(address), in: store)
            defer { relay.stop() }
            try await body(relay, server)
        }
    }

    private func status(of url: String, _ options: String...) async throws -> String {
        try await get(url, options).status
    }

    private func get(
        _ url: String,
        _ options: [String] = []
    ) async throws -> (status: String, [UInt8]) {
        let target = folder["got"]
        try AtomicFile.write("", to: target)
        let result = try await Program.run(
            "curl",
            [
                "--silent", "--noproxy", "*", "--output", target.string, "--write-out",
                "%{http_code}",
            ]
                + options + [url]
        )
        return (result.output, try SmallFile.read(target, limit: 1 << 30))
    }

    @Test func anyPartIsThatOfTheObject() async throws {
        try await run { relay, _ in
            for (range, wanted) in [
                ("0-0", 0..<1), ("1048575-1048576", 1_048_575..<1_048_577),
                ("1000000-3000000", 1_000_000..<3_000_001), ("3670015-", 3_670_015..<3_670_016),
                ("2000000-99999999", 2_000_000..<bytes.count),
            ] {
                let (status, got) = try await get(relay.url, ["--range", range])
                #expect(status == "206" && got == Array(bytes[wanted]), "\(range)")
            }
            let (answer, whole) = try await get(relay.url)
            #expect(answer == "200" && whole == bytes)
            let head = try await status(of: relay.url, "--head")
            #expect(head == "200")
            let beyond = try await status(of: relay.url, "--range", "3670016-")
            #expect(beyond == "416")
            #expect(
                try await relay.read(1_000_000..<3_000_000) == Array(bytes[1_000_000..<3_000_000])
            )
            try relay.check()
            // Every block has come once.
            #expect(await relay.bytesRead == bytes.count)
        }
    }

    @Test func onlyWhoKnowsTheAddressIsAnswered() async throws {
        try await run { relay, _ in
            let parts = relay.url.split(separator: "/")
            let host = parts[1]
            for target in ["", parts[2], "\(parts[2])/", "\(parts[2])x/\(parts[3])", parts[3]] {
                let status = try await self.status(of: "http://\(host)/\(target)")
                #expect(status == "404", "\(target)")
            }
            let deletion = try await status(of: relay.url, "--request", "DELETE")
            #expect(deletion == "404")
            #expect(await relay.bytesRead == 0)
            relay.stop()
            let end = try await status(of: relay.url)
            #expect(end == "000")
        }
    }

    /// To ffmpeg a store that is gone looks like the end of the file.
    @Test func aStoreThatFailsIsNoEndOfTheFile() async throws {
        let key = "a%20b%2B%C3%BC/film.mp4"
        try await run(#"{"status": {"GET /films/\#(key)": 403}}"#) { relay, _ in
            _ = try await get(relay.url)
            #expect {
                try relay.check()
            } throws: {
                ($0 as? EightCutError)?.code == .notPermitted
            }
        }
    }

    @Test(arguments: [
        "", "GET", "GET /\r\n", "POST / HTTP/1.1\r\n", "GET / FTP/1\r\n",
        "GET / HTTP/1.1\r\nRange: bytes=5-2\r\n",
    ])
    func whatIsNoRequestIsRefused(text: String) {
        #expect(RelayRequest(text) == nil)
    }

    @Test(
        arguments: [
            ("", 0..<10), ("Range: bytes=2-", 2..<10), ("range:bytes=2-3", 2..<4),
            ("Range: bytes=9-100", 9..<10), ("Range: bytes=10-", nil), ("Range: bytes=-3", 0..<10),
        ] as [(String, Range<Int>?)]
    )
    func rangesAreThoseOfTheObject(field: String, wanted: Range<Int>?) throws {
        let request = try #require(RelayRequest("GET /x HTTP/1.1\r\n\(field)\r\n\r\n"))
        #expect(request.range(in: 10) == wanted)
    }
}
