import Files
import FoundationEssentials
import Glibc
import Processes
import SystemPackage

/// A stand-in for an object store on loopback, which checks signatures: moto's server, installed by
/// scripts/install-test-tools.
package struct StandInStore: Sendable {
    /// A request that it has got.
    package struct Request: Sendable, Decodable {
        /// GET and so on.
        package let method: String
        /// What was asked for, as it was sent.
        package let target: String
        /// The status of the answer.
        package let status: Int
        /// The field Range.
        package let range: String?
        /// The field Authorization.
        package let authorization: String?
        /// Bytes of the answer's body.
        package let sent: Int
    }

    private struct Access: Decodable {
        let port: Int
        let key: String
        let secret: String
        let token: String?
    }

    /// The variables that give access to it.
    package let environment: [String: String]
    /// The secrets in them.
    package let secrets: [String]
    /// Its process.
    package let process: pid_t
    private let log: FilePath

    private static let python = TestTools.home.path.appending("store/bin/python")

    /// Whether it is installed.
    package static var isInstalled: Bool { access(python.string, X_OK) == 0 }

    /// Starts it, lets `body` use it, and ends it.
    ///
    /// - Parameters:
    ///   - behaviour: what store_server.py is told, in JSON.
    ///   - folder: where the log of requests goes.
    ///   - body: uses it.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or when it cannot be started.
    package static func run<Result: Sendable>(
        _ behaviour: String = "{}",
        in folder: FilePath,
        _ body: @Sendable (StandInStore) async throws -> Result
    ) async throws -> Result {
        let script = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .appending("Fixtures").appending("store_server.py")
        let log = folder.appending("store-\(UInt64.random(in: 0...(.max))).jsonl")
        try AtomicFile.write("", to: log)
        let server = ChildProcess(.path(python), ["-I", script.string, log.string, behaviour])
        return try await server.run(output: .piped) { child in
            defer { kill(child.id, SIGKILL) }
            for try await line in child.output.lines {
                let access = try JSONDecoder().decode(Access.self, from: Data(line.utf8))
                return try await body(StandInStore(access, child.id, log))
            }
            throw Errno.connectionRefused
        }.result
    }

    private init(_ access: Access, _ process: pid_t, _ log: FilePath) {
        var environment = [
            "AWS_ACCESS_KEY_ID": access.key, "AWS_SECRET_ACCESS_KEY": access.secret,
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:\(access.port)",
        ]
        environment["AWS_SESSION_TOKEN"] = access.token
        self.environment = environment
        secrets = [access.secret, access.token].compactMap(\.self)
        (self.process, self.log) = (process, log)
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
}
