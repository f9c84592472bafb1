import Files
import Glibc
import SystemPackage
import TestSupport

/// A cache, a home and a small checkpoint for tests of `8cut models`.
struct ModelsBench {
    static let name = "depth-anything-v2-small"
    static let repository = "depth-anything/Depth-Anything-V2-Small-hf"
    static let commit = "c0ffee" + String(repeating: "0", count: 34)
    static let token = "hf_aVerySecretToken"

    let folder: TemporaryFolder
    let files: FilePath

    /// - Parameter bytes: how many bytes of numbers the weights have.
    /// - Throws: when it cannot be written.
    init(bytes: Int = 300_000) throws {
        folder = try TemporaryFolder()
        files = folder["files"]
        try SmallCheckpoint.make(files, bytes: bytes)
    }

    /// The place of the repository in the cache.
    var cache: FilePath {
        folder["hf"].appending("hub").appending(
            "models--" + Self.repository.replacing("/", with: "--")
        )
    }

    /// The folder of the checkpoint.
    var snapshot: FilePath { cache.appending("snapshots").appending(Self.commit) }

    /// The bytes of the weights that the hub has.
    var weights: [UInt8] {
        get throws { try MaskSet.bytes(of: files.appending("model.safetensors")) }
    }

    /// The bytes of the weights in the cache.
    var downloaded: [UInt8] {
        get throws { try MaskSet.bytes(of: snapshot.appending("model.safetensors")) }
    }

    /// The names of blobs, finished or not.
    var blobs: [String] { (try? Folder.names(in: cache.appending("blobs"))) ?? [] }

    /// The unfinished weights; nil when there are none.
    var partial: FilePath? {
        blobs.first { $0.hasSuffix(".8c07f11e.incomplete") && $0.utf8.count > 70 }
            .map { cache.appending("blobs").appending($0) }
    }

    /// The size of the unfinished weights.
    var partialSize: Int {
        var info = stat()
        guard let partial, stat(partial.string, &info) == 0 else { return 0 }
        return Int(info.st_size)
    }

    /// Starts the stand-in hub.
    ///
    /// - Parameters:
    ///   - behaviour: further keys of its JSON, each followed by a comma.
    ///   - repository: what it serves.
    ///   - body: uses it.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    func withHub<Result: Sendable>(
        _ behaviour: String = "",
        repository: String = Self.repository,
        _ body: @Sendable (StandInHub) async throws -> Result
    ) async throws -> Result {
        try await StandInHub.run(
            files,
            "{\(behaviour)\"repository\": \"\(repository)\"}",
            in: folder.path,
            body
        )
    }

    /// Runs `8cut models`.
    ///
    /// - Parameters:
    ///   - arguments: what comes after `models`.
    ///   - hub: the stand-in; nil for one that is not there.
    ///   - environment: variables besides those of the tests.
    ///   - limit: the seconds after which it is ended with status 124; nil for none.
    ///   - whileRunning: called with the process ID when it has started.
    /// - Returns: how it ended and what it wrote.
    /// - Throws: what `whileRunning` throws.
    func models(
        _ arguments: [String],
        hub: StandInHub? = nil,
        environment: [String: String] = [:],
        limit: Int? = nil,
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        // Nobody listens on port 9.
        let own = [
            "HF_HOME": folder["hf"].string, "EIGHTCUT_HOME": folder["home"].string,
            "HF_ENDPOINT": hub?.endpoint ?? "http://127.0.0.1:9", "HF_TOKEN": Self.token,
            "HF_HUB_CACHE": "", "HF_HUB_OFFLINE": "", "HF_TOKEN_PATH": "",
            "no_proxy": "127.0.0.1,localhost", "HF_HUB_DOWNLOAD_TIMEOUT": "2",
        ]
        let command = limit.map { ["timeout", "-k", "1", "\($0)"] } ?? []
        let whole = command + [Program.eightCut.string, "models"] + arguments
        return try await Program.run(
            whole[0],
            Array(whole.dropFirst()),
            environment: own.merging(environment) { $1 },
            whileRunning: whileRunning
        )
    }

    /// Downloads the checkpoint.
    func download(
        _ hub: StandInHub,
        environment: [String: String] = [:],
        whileRunning: @escaping @Sendable (pid_t) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        try await models(
            ["download", Self.name],
            hub: hub,
            environment: environment,
            whileRunning: whileRunning
        )
    }

    /// Waits until so many bytes of the weights are there.
    func waitForPartial(_ bytes: Int) async throws {
        try await eventually("\(bytes) bytes of a download") { partialSize >= bytes }
    }
}
