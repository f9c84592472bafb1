import Files
import FoundationEssentials
import Glibc
import Processes
import SystemPackage

/// A stand-in for the hub on loopback, which serves a small checkpoint and behaves as it is told.
package struct StandInHub: Sendable {
    /// A request that it has got.
    package struct Request: Sendable, Decodable {
        /// "hub", or "cdn" for the other host.
        package let host: String
        /// GET or HEAD.
        package let method: String
        /// What was asked for.
        package let path: String
        /// The status of the answer.
        package let status: Int
        /// The field Range.
        package let range: String?
        /// The field Authorization.
        package let authorization: String?
        /// The field Accept-Encoding.
        package let encoding: String?
    }

    /// Its address, for HF_ENDPOINT.
    package let endpoint: String
    private let log: FilePath

    /// Starts it, lets `body` use it, and ends it.
    ///
    /// - Parameters:
    ///   - files: the folder of the repository's files.
    ///   - behaviour: what hub_server.py is told, in JSON.
    ///   - folder: where the log of requests goes.
    ///   - body: uses it.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or when it cannot be started.
    package static func run<Result: Sendable>(
        _ files: FilePath,
        _ behaviour: String,
        in folder: FilePath,
        _ body: @Sendable (StandInHub) async throws -> Result
    ) async throws -> Result {
        let script = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending("hub_server.py")
        let log = folder.appending("requests-\(UInt64.random(in: 0...(.max))).jsonl")
        try AtomicFile.write("", to: log)
        let server = ChildProcess(
            .name("python3"),
            ["-I", script.string, files.string, log.string, behaviour]
        )
        return try await server.run(output: .piped) { child in
            defer { kill(child.id, SIGKILL) }
            for try await line in child.output.lines {
                guard let port = line.split(separator: " ").first.flatMap({ Int($0) }) else {
                    break
                }
                let hub = StandInHub(endpoint: "http://127.0.0.1:\(port)", log: log)
                return try await body(hub)
            }
            throw Errno.connectionRefused
        }.result
    }

    /// The requests so far.
    package var requests: [Request] {
        get throws {
            let text = String(decoding: try MaskSet.bytes(of: log), as: UTF8.self)
            return try text.split(separator: "\n").map {
                try JSONDecoder().decode(Request.self, from: Data($0.utf8))
            }
        }
    }

    /// The requests for content of weights so far.
    package var weightRequests: [Request] {
        get throws {
            try requests.filter { $0.method == "GET" && $0.path.contains(".safetensors") }
        }
    }
}
