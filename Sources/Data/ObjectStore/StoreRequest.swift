import Diagnostics
import Files
import SystemPackage
import Transfers

/// A request to a store.
struct StoreRequest: Sendable {
    enum Method: Sendable {
        case head, get, delete
        case put(StoreBody)
        case post(StoreBody)
    }

    let method: Method
    let bucket: String
    /// Empty for requests to the bucket itself.
    let key: String
    /// Parameters of the query.
    var query: [String: String] = [:]
    /// Which bytes of the object.
    var range: Range<Int>?
    /// The state that the object must have.
    var etag: String?
    /// Facts that are kept with the object; names in lower case.
    var metadata: [String: String] = [:]
    /// Seconds after which it is given up, for those whose answers come at once. The others are
    /// given up when nothing comes for `stallSeconds`.
    var timeLimit: Double?

    init(_ method: Method, _ address: StoreAddress) {
        self.init(method, bucket: address.bucket, key: address.key)
    }

    init(_ method: Method, bucket: String, key: String) {
        (self.method, self.bucket, self.key) = (method, bucket, key)
    }

    /// SHA-256 of nothing.
    static let emptySHA256 = Digest().finish()
    /// Seconds to wait for a connection.
    static let connectSeconds = 10
    /// Seconds after which a transfer is given up that is slower than `leastSpeed`.
    private static let stallSeconds = 30
    /// Bytes per second.
    private static let leastSpeed = 1000

    /// The object, for messages.
    var address: StoreAddress { StoreAddress(bucket: bucket, key: key) }

    var isHead: Bool {
        if case .head = method { true } else { false }
    }

    /// Whether something is to be changed.
    var isWriting: Bool {
        switch method {
        case .head, .get: false
        case .delete, .put, .post: true
        }
    }

    /// What cannot be done when it fails.
    var what: String {
        isWriting ? "cannot write to the object store" : "cannot read from the object store"
    }

    /// The request as curl sends it, alone.
    ///
    /// - Throws: `EightCutError` if a value cannot be written.
    func curl(_ settings: StoreSettings) throws -> CurlRequest {
        var config = CurlConfig()
        config.set("include")
        config.set("suppress-connect-headers")
        // What has come is to be ours at once.
        config.set("no-buffer")
        try add(to: &config, settings)
        return CurlRequest(config: config, isHead: isHead, failures: failures)
    }

    /// What errors of the network say.
    var failures: CurlFailures {
        CurlFailures(
            what,
            address.description,
            remedy: "Check the connection and AWS_ENDPOINT_URL, then run the same command again.",
            again: "Run the same command again."
        )
    }

    /// Adds the options of this request.
    func add(to config: inout CurlConfig, _ settings: StoreSettings) throws {
        // In the order in which parameters are signed.
        let parameters = query.sorted { ExactText($0.key) < ExactText($1.key) }.map {
            $0.key.utf8.percentEncoded(keepsSlashes: false) + "="
                + $0.value.utf8.percentEncoded(keepsSlashes: false)
        }
        let url = settings.url(bucket, key)
        try config.set(
            "url",
            parameters.isEmpty ? url : url + "?" + parameters.joined(separator: "&")
        )
        config.set("globoff")
        config.set("silent")
        config.set("show-error")
        // "a/../b" is a key.
        config.set("path-as-is")
        try config.set("proto", "=http,https")
        try config.set("user-agent", "8cut")
        try config.set("connect-timeout", "\(Self.connectSeconds)")
        if let timeLimit {
            try config.set("max-time", "\(timeLimit)")
        } else {
            try config.set("speed-limit", "\(Self.leastSpeed)")
            try config.set("speed-time", "\(Self.stallSeconds)")
        }
        if let range {
            try config.set("range", "\(range.lowerBound)-\(range.upperBound - 1)")
        }
        if let etag { try config.set("header", "if-match: \"\(etag)\"") }
        for (name, value) in metadata.sorted(by: { ExactText($0.key) < ExactText($1.key) }) {
            try config.set("header", "x-amz-meta-\(name): \(value)")
        }
        var bodySHA256 = Self.emptySHA256
        switch method {
        case .head: config.set("head")
        case .get: break
        case .delete: try config.set("request", "DELETE")
        case .put(let body):
            try config.set("upload-file", body.path.string)
            bodySHA256 = body.sha256
        case .post(let body):
            try config.set("header", "content-type: application/octet-stream")
            try config.set("data-binary", body.bytes == 0 ? "" : "@\(body.path.string)")
            bodySHA256 = body.sha256
        }
        try settings.sign(&config, bodySHA256: bodySHA256)
    }
}

/// The content of a file that is sent.
struct StoreBody: Sendable {
    /// Where curl reads it.
    let path: FilePath
    let bytes: Int
    /// The store compares it with what has arrived.
    let sha256: String

    /// Nothing.
    static let empty = StoreBody(path: "", bytes: 0, sha256: StoreRequest.emptySHA256)

    private init(path: FilePath, bytes: Int, sha256: String) {
        (self.path, self.bytes, self.sha256) = (path, bytes, sha256)
    }

    /// Reads a file's digest.
    ///
    /// - Throws: `EightCutError` when it cannot be read.
    init(_ path: FilePath) throws {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .nonBlocking)
            self = try file.closeAfter { try StoreBody(file, readAt: path.absolute) }
        } catch let error as Errno {
            throw EightCutError(.inputMissing, "cannot read", on: path.string, because: "\(error)")
        }
    }

    /// Reads the digest of an open file, from its start.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - path: where curl reads it.
    /// - Throws: `Errno`, `CancellationError`.
    init(_ file: FileDescriptor, readAt path: FilePath) throws {
        let digest = Digest()
        var bytes = 0
        try file.seek(offset: 0, from: .start)
        try digest.update(reading: file) { bytes += $0 }
        self.init(path: path, bytes: bytes, sha256: digest.finish())
    }
}
